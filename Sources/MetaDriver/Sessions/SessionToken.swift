/// The floors of a session, to be handed to another process, which goes on with it.
///
/// ```swift
/// let session = Session()
/// let device = try Strategy("profiles") { MonotonicReads(session) { ReadYourWrites(session) { cloud } } }
/// try await device.put(bytes, at: "alice/profile")
/// let text = "\(try await session.token())"                              // send it along
///
/// let resumed = Session(resuming: try SessionToken(text))               // elsewhere
/// let other = try Strategy("profiles") { MonotonicReads(resumed) { ReadYourWrites(resumed) { cloud } } }
/// let copy = try await other.get("alice/profile")                       // never older than what was put
/// ```
///
/// A token has stamps, and the names of the data that the session has written and seen. It has no content and no secrets,
/// but is as confidential as those names are. A token is a photograph: what the session does afterwards is not in it.
public struct SessionToken: Sendable, CustomStringConvertible {
  /// The longest token, in bytes of its text. That is about 4,000 keys with names of 40 bytes.
  public static let maximumByteCount = 1 << 20

  private static let version: UInt8 = 1
  private static let mark = "session-"

  /// The token as text: `session-` and hexadecimal digits, its format's version and a check among them.
  public let description: String
  /// What the session knew of each key, in ascending order of the keys.
  let entries: [(key: Key, entry: SessionFloors.Entry)]

  /// Reads a token from its text.
  ///
  /// - Throws: `tooLarge` when the text is longer than ``maximumByteCount``; `corrupt` when it is no token, cut, changed,
  ///   or of a format that this package does not read.
  public init(_ text: some StringProtocol) throws(DriverError) {
    guard text.utf8.count <= Self.maximumByteCount else {
      throw DriverError(
        .tooLarge, "a session token has at most \(Self.maximumByteCount) bytes, this text has \(text.utf8.count)")
    }
    let digits = text.utf8.dropFirst(Self.mark.utf8.count)
    let values = digits.compactMap(hexDigit)
    guard text.hasPrefix(Self.mark), values.count == digits.count, values.count.isMultiple(of: 2) else {
      throw DriverError(.corrupt, "\(quoted(String(text))) is no session token")
    }
    let stored = stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    var entries: [(key: Key, entry: SessionFloors.Entry)] = []
    do throws(DriverError) {
      var reader = try Document.Reader(stored, .sessionToken, version: Self.version)
      for _ in 0..<(try reader.number()) {
        let key = try reader.key()
        entries.append((key, try SessionFloors.Entry(from: &reader)))
      }
      try reader.finish()
    } catch { throw DriverError(.corrupt, "the text is not a session token as it was made: \(error.message)") }
    description = Self.text(of: entries)
    self.entries = entries
  }

  /// - Throws: `tooLarge` when there are too many floors for one token.
  init(_ entries: [(key: Key, entry: SessionFloors.Entry)]) throws(DriverError) {
    description = Self.text(of: entries)
    guard description.utf8.count <= Self.maximumByteCount else {
      throw DriverError(
        .tooLarge,
        "the session knows \(entries.count) keys, and its token would have \(description.utf8.count) bytes: "
          + "\(Self.maximumByteCount) is the limit. Hand over its journal instead")
    }
    self.entries = entries
  }

  private static func text(of entries: [(key: Key, entry: SessionFloors.Entry)]) -> String {
    var document = Document(.sessionToken, version: version)
    document.append(UInt64(entries.count))
    for (key, entry) in entries {
      document.append(key)
      entry.append(to: &document)
    }
    return mark + hexString(document.finished())
  }
}

extension SessionToken: Hashable {
  /// Whether two tokens say the same.
  public static func == (left: SessionToken, right: SessionToken) -> Bool { left.description == right.description }

  /// Hashes the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
