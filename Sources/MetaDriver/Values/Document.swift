/// A small document that the package itself keeps on a driver: the floor of a session, a write handed off, the state of a
/// migration.
///
/// All numbers are big-endian. A document begins with the magic `FF 4D 44 44`, a byte for its kind and a byte for the
/// version of that kind; its fields follow, and the first 8 bytes of the SHA-256 of everything above end it. It
/// names what it is about, so that a copy under another name is found out.
struct Document {
  /// What a document is.
  enum Kind: UInt8, CustomStringConvertible {
    case sessionFloor = 1
    case handoff = 2
    case migration = 3
    case sessionCopy = 4
    case sessionToken = 5

    var description: String {
      switch self {
      case .sessionFloor: "session floor"
      case .handoff: "handed-off write"
      case .migration: "migration state"
      case .sessionCopy: "session's own copy"
      case .sessionToken: "session token"
      }
    }
  }

  private static let magic: [UInt8] = [0xff, 0x4d, 0x44, 0x44]
  private static let digestByteCount = 8

  private var bytes: [UInt8]

  // MARK: Writing

  /// Begins a document.
  init(_ kind: Kind, version: UInt8) { bytes = Self.magic + [kind.rawValue, version] }

  mutating func append(_ number: UInt64) { bytes.append(bigEndian: number) }

  mutating func append(_ field: [UInt8]) {
    append(UInt64(field.count))
    bytes += field
  }

  mutating func append(_ text: String) { append(Array(text.utf8)) }

  mutating func append(_ key: Key) {
    bytes.append(key.kind == .mutable ? 0 : 1)
    append(key.name)
  }

  mutating func append(_ stamp: Stamp?) {
    bytes.append(stamp == nil ? 0 : 1)
    append(stamp?.time ?? 0)
    append(stamp?.writer ?? 0)
  }

  /// The document as it is stored.
  func finished() -> [UInt8] {
    var stored = bytes
    stored.append(bigEndian: Self.digest(of: bytes[...]))
    return stored
  }

  private static func digest(of bytes: ArraySlice<UInt8>) -> UInt64 {
    var hasher = SHA256()
    hasher.update(bytes)
    return hasher.finalize().0
  }

  // MARK: Reading

  /// Reads the fields of a document in the order in which they were written.
  struct Reader {
    private var rest: ArraySlice<UInt8>
    private let kind: Kind

    /// - Throws: `corrupt` when the bytes are no document of this kind and version, torn, or changed.
    init(_ stored: [UInt8], _ kind: Kind, version: UInt8) throws(DriverError) {
      self.kind = kind
      let end = stored.count - Document.digestByteCount
      guard end >= 6, stored.starts(with: Document.magic) else {
        throw DriverError(.corrupt, "\(stored.count) bytes are stored that are no \(kind): torn, or another program's")
      }
      guard Document.digest(of: stored[..<end]) == stored.bigEndianWord(at: end) else {
        throw DriverError(.corrupt, "the stored \(kind) does not have its digest: torn or changed")
      }
      guard stored[4] == kind.rawValue else {
        throw DriverError(.corrupt, "what is stored is no \(kind), but a document of kind \(stored[4])")
      }
      guard stored[5] == version else {
        throw DriverError(
          .corrupt, "the stored \(kind) has format version \(stored[5]), this package reads version \(version)")
      }
      rest = stored[6..<end]
    }

    mutating func number() throws(DriverError) -> UInt64 {
      Array(try take(8)).bigEndianWord(at: 0)
    }

    mutating func field() throws(DriverError) -> [UInt8] {
      let count = try number()
      guard count <= UInt64(rest.count) else { throw tooShort }
      return Array(try take(Int(count)))
    }

    mutating func text() throws(DriverError) -> String {
      guard let text = String(validating: try field(), as: UTF8.self) else {
        throw DriverError(.corrupt, "the stored \(kind) has a name that is no UTF-8")
      }
      return text
    }

    mutating func key() throws(DriverError) -> Key {
      let kind: Key.Kind = try take(1).first == 0 ? .mutable : .immutable
      return try Key(kind, name: try text())
    }

    mutating func stamp() throws(DriverError) -> Stamp? {
      let isPresent = try take(1).first == 1
      let (time, writer) = (try number(), try number())
      return isPresent ? Stamp(time: time, writer: writer) : nil
    }

    /// Makes sure that everything was read.
    func finish() throws(DriverError) {
      guard rest.isEmpty else {
        throw DriverError(.corrupt, "the stored \(kind) has \(rest.count) bytes more than it should have")
      }
    }

    private mutating func take(_ count: Int) throws(DriverError) -> ArraySlice<UInt8> {
      guard rest.count >= count else { throw tooShort }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }

    private var tooShort: DriverError { DriverError(.corrupt, "the stored \(kind) ends too early") }
  }
}

extension Key {
  /// The key of a document about another key: of one length, however long that key's name is.
  ///
  /// - Parameters:
  ///   - prefix: What the keys of all documents of the kind begin with.
  ///   - key: What the document is about.
  ///   - owner: Whose it is, where several keep one about the same key.
  static func document(_ prefix: String, about key: Key, of owner: String = "") -> Key {
    let hash = ContentHash(of: Array("\(owner.utf8.count):\(owner)\(key.kind):\(key.name)".utf8))
    do throws(DriverError) { return .mutable(try DataID("\(prefix)\(hash)")) } catch { preconditionFailure("\(error)") }
  }
}
