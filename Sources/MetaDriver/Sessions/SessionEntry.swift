/// How a session's floors and its own records are kept in a journal.
///
/// Each key has two entries of its own, so that a read that raises a floor does not write a large record again. The
/// entries' names are hashes, because a datum's own name may be as long as an id can be; inside, they name the datum.
extension SessionFloors.Entry {
  private static let version: UInt8 = 1

  /// Under which key a journal holds the floors of another key.
  static func key(of key: Key, in session: String) -> Key { .document(prefix(in: session), about: key) }

  /// How the keys of all floors begin.
  static func prefix(in session: String) -> String { "metadriver/session/\(session)/floor/" }

  /// The floors of a key as they are stored.
  func encoded(for key: Key) -> [UInt8] {
    var document = Document(.sessionFloor, version: Self.version)
    document.append(key)
    append(to: &document)
    return document.finished()
  }

  func append(to document: inout Document) {
    for stat in [own, seen] {
      document.append(stat?.stamp)
      document.append(UInt64(stat?.byteCount ?? 0))
      document.append(stat?.isTombstone == true ? 1 as UInt64 : 0)
    }
  }

  /// Reads stored floors, and whose they are.
  ///
  /// - Throws: `corrupt` when the bytes are damaged.
  static func decode(_ stored: [UInt8]) throws(DriverError) -> (key: Key, entry: Self) {
    var reader = try Document.Reader(stored, .sessionFloor, version: version)
    let (key, entry) = (try reader.key(), try Self(from: &reader))
    try reader.finish()
    return (key, entry)
  }

  init(from reader: inout Document.Reader) throws(DriverError) {
    self.init(own: try reader.stat(), seen: try reader.stat())
  }
}

extension Document.Reader {
  fileprivate mutating func stat() throws(DriverError) -> Stat? {
    let (stamp, byteCount, isTombstone) = (try stamp(), Int(clamping: try number()), try number() == 1)
    return stamp.map { Stat(byteCount: byteCount, stamp: $0, isTombstone: isTombstone) }
  }
}

/// A session's own record of a key, as it is kept in a journal.
enum SessionCopy {
  private static let version: UInt8 = 1

  /// Under which key a journal holds the session's own record of another key.
  static func key(of key: Key, in session: String) -> Key {
    .document("metadriver/session/\(session)/copy/", about: key)
  }

  static func encode(_ record: Record, for key: Key) -> [UInt8] {
    var document = Document(.sessionCopy, version: Self.version)
    document.append(key)
    document.append(record.encoded(for: key))
    return document.finished()
  }

  /// Reads a stored record, and whose it is.
  ///
  /// - Throws: `corrupt` when the bytes are damaged.
  static func decode(_ stored: [UInt8]) throws(DriverError) -> (key: Key, record: Record) {
    var reader = try Document.Reader(stored, .sessionCopy, version: version)
    let key = try reader.key()
    let record = try Record(decoding: try reader.field(), for: key)
    try reader.finish()
    return (key, record)
  }
}
