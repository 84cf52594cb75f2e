/// The name of one mutable datum: an opaque, printable string that its owner chose.
///
/// ```swift
/// let profile: DataID = "alice/profile"           // a literal is checked when it runs, and traps when it is wrong
/// let upload = try DataID(userInput)              // anything else is checked here, and throws
/// ```
///
/// Two ids are equal when their UTF-8 bytes are. Nothing is folded: `"Key"` and `"key"` are two ids, and so are the
/// composed and the decomposed spelling of `"é"`. A slash has no meaning; a prefix is a prefix of bytes, not a folder.
///
/// - Note: An id is not empty and has at most ``maximumByteCount`` bytes of UTF-8. Everything else is allowed,
///   control characters included.
public struct DataID: Sendable {
  /// The longest id, in bytes of UTF-8: as long as the longest path that POSIX systems take.
  public static let maximumByteCount = 4_096

  /// The id as it was given.
  public let string: String

  /// Checks a string and makes an id of it.
  ///
  /// - Throws: `invalidKey` when the string is empty or longer than ``maximumByteCount`` bytes of UTF-8.
  public init(_ string: some StringProtocol) throws(DriverError) {
    var string = String(string)
    string.makeContiguousUTF8()
    guard !string.isEmpty else { throw DriverError(.invalidKey, "an id cannot be empty") }
    guard string.utf8.count <= Self.maximumByteCount else {
      throw DriverError(
        .invalidKey,
        "the id \(quoted(string)) has \(string.utf8.count) bytes, the limit is \(Self.maximumByteCount)")
    }
    self.string = string
  }
}

extension DataID: ExpressibleByStringLiteral {
  /// Makes an id of a literal.
  ///
  /// - Precondition: The literal is a valid id. Use `DataID(_:)` for a string that is not a literal.
  public init(stringLiteral literal: StaticString) {
    do throws(DriverError) { try self.init("\(literal)") } catch { preconditionFailure("\(error)") }
  }
}

extension DataID: Hashable, Comparable {
  /// Whether two ids have the same bytes; canonically equivalent spellings differ.
  public static func == (left: DataID, right: DataID) -> Bool {
    let (left, right) = (left.string.utf8, right.string.utf8)
    guard left.count == right.count else { return false }
    // Both are contiguous, as every id is; comparing the storage is several times faster than comparing the views.
    return unsafe left.withContiguousStorageIfAvailable { left in
      unsafe right.withContiguousStorageIfAvailable { right in unsafe left.elementsEqual(right) }
    } == true
  }

  /// Orders ids by their UTF-8 bytes.
  public static func < (left: DataID, right: DataID) -> Bool {
    left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
  }

  /// Hashes the bytes of the id.
  public func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: string) }
}

extension DataID: CustomStringConvertible {
  /// The id as it was given.
  public var description: String { string }
}

extension Hasher {
  /// Hashes the UTF-8 bytes of a string, so that canonically equivalent spellings differ.
  mutating func combine(bytesOf string: String) {
    var string = string
    string.withUTF8 { unsafe combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// A string in single quotes for a message: cut when it is long, and escaped where it would break a line, ring a bell or
/// turn the direction of what follows.
package func quoted(_ string: String) -> String {
  var shown = ""
  for scalar in string.unicodeScalars.prefix(80) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: shown += scalar.escaped(asASCII: true)
    default: shown += scalar.escaped(asASCII: false)
    }
  }
  return string.unicodeScalars.count > 80 ? "'\(shown)…'" : "'\(shown)'"
}
