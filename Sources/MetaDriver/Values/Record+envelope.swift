/// The envelope in which stores without room for metadata keep stamped records.
///
/// All numbers are big-endian.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | magic: `FF 4D 44 52`, which no UTF-8 text begins with |
/// | 4 | 1 | format version: 2 |
/// | 5 | 1 | flags: 1 tombstone, 2 stamp present, 4 parent stamp present |
/// | 6 | 8 | stamp: time |
/// | 14 | 8 | stamp: writer |
/// | 22 | 8 | parent stamp: time |
/// | 30 | 8 | parent stamp: writer |
/// | 38 | 8 | payload length in bytes |
/// | 46 | 8 | digest: the first 8 bytes of the SHA-256 of the key's kind and name, the 46 bytes above, and the payload |
/// | 54 | 8 | checksum of the head: the first 8 bytes of the SHA-256 of the key's kind and name, and the 54 bytes above |
/// | 62 | … | payload |
///
/// Both cover the key, so that bytes stored for one key are not taken for another's. The head has a checksum of its own,
/// because it is all that a listing reads.
extension Record {
  /// The size of the envelope, in bytes.
  public static let envelopeByteCount = 62

  private static let magic: [UInt8] = [0xff, 0x4d, 0x44, 0x52]
  private static let version: UInt8 = 2

  private struct Flags: OptionSet {
    let rawValue: UInt8
    static let tombstone = Flags(rawValue: 1)
    static let stamp = Flags(rawValue: 2)
    static let parent = Flags(rawValue: 4)
    static let all: Flags = [.tombstone, .stamp, .parent]
  }

  /// The bytes to store: the datum as it is when the record has no stamp, else in an envelope.
  ///
  /// Bare bytes that happen to look like an envelope are put into one, so that every record comes back as it was.
  ///
  /// - Complexity: O(n) time for n bytes, and as much memory again for a record with a stamp.
  public func encoded(for key: Key) -> [UInt8] {
    let envelope = envelope(for: key)
    if envelope.isEmpty { return bytes }
    var encoded: [UInt8] = []
    encoded.reserveCapacity(Self.envelopeByteCount + bytes.count)
    encoded += envelope
    encoded += bytes
    return encoded
  }

  /// What is stored before the bytes of the record, for those who need not have both in one piece: ``envelopeByteCount``
  /// bytes, or none.
  package func envelope(for key: Key) -> [UInt8] {
    guard stamp != nil || parent != nil || isTombstone || Self.isEnvelope(bytes, storedByteCount: bytes.count) else {
      return []
    }
    var flags: Flags = []
    if isTombstone { flags.insert(.tombstone) }
    if stamp != nil { flags.insert(.stamp) }
    if parent != nil { flags.insert(.parent) }
    var envelope: [UInt8] = []
    envelope.reserveCapacity(Self.envelopeByteCount)
    envelope += Self.magic
    envelope += [Self.version, flags.rawValue]
    let words = [stamp?.time, stamp?.writer, parent?.time, parent?.writer, UInt64(bytes.count)]
    for word in words { envelope.append(bigEndian: word ?? 0) }
    let hasher = Self.hasher(key, head: envelope[...])
    envelope.append(bigEndian: Self.hash(hasher, bytes[...]))
    envelope.append(bigEndian: Self.hash(hasher, envelope[46...]))
    return envelope
  }

  /// Whether bytes begin like an envelope, are all that is left of one's beginning, or are one whose magic was damaged:
  /// the rest of the header fits them so well that chance cannot have made it.
  package static func isEnvelope(_ head: [UInt8], storedByteCount: Int) -> Bool {
    head.starts(with: magic) || !head.isEmpty && storedByteCount < magic.count && magic.starts(with: head)
      || head.count >= envelopeByteCount && head[4] == version && Flags(rawValue: head[5]).isSubset(of: .all)
        && head.bigEndianWord(at: 38) == UInt64(storedByteCount) &- UInt64(envelopeByteCount)
  }

  /// Reads stored bytes: an envelope, or bare bytes.
  ///
  /// An envelope torn to nothing cannot be told from an empty datum and is read as such: without a stamp, it ranks below
  /// every other copy.
  ///
  /// - Throws: `corrupt` when they look like an envelope and are torn, changed, of an unknown version, or another
  ///   key's.
  public init(decoding stored: [UInt8], for key: Key) throws(DriverError) {
    guard Self.isEnvelope(stored, storedByteCount: stored.count) else {
      self.init(stored)
      return
    }
    try self.init(
      envelope: stored, payload: Array(stored.dropFirst(Self.envelopeByteCount)), storedByteCount: stored.count,
      for: key)
  }

  /// Reads a record whose envelope and bytes are held apart, which takes no more memory than they have.
  ///
  /// - Parameters:
  ///   - envelope: The first bytes stored, of which ``isEnvelope(_:storedByteCount:)`` holds.
  ///   - payload: What is stored behind ``envelopeByteCount`` bytes.
  ///   - storedByteCount: How many bytes are stored in all.
  ///   - key: The key for which they are stored.
  /// - Throws: `corrupt`, as for bytes in one piece.
  package init(
    envelope: [UInt8], payload: [UInt8], storedByteCount: Int, for key: Key
  ) throws(DriverError) {
    let stat = try Self.stat(decoding: envelope, storedByteCount: storedByteCount, for: key)
    guard Self.hash(Self.hasher(key, head: envelope[..<46]), payload[...]) == envelope.bigEndianWord(at: 46) else {
      throw DriverError(.corrupt, "the stored bytes of \(key) do not have their digest: changed, or another key's")
    }
    self.init(payload, stamp: stat.stamp)
    isTombstone = stat.isTombstone
    if Flags(rawValue: envelope[5]).contains(.parent) {
      parent = Stamp(time: envelope.bigEndianWord(at: 22), writer: envelope.bigEndianWord(at: 30))
    }
  }

  /// Describes a record from its first ``envelopeByteCount`` stored bytes, which is all that a listing reads.
  ///
  /// The head is checked against its checksum. The payload is not: that needs all of it.
  ///
  /// - Parameters:
  ///   - head: The first bytes stored, at least ``envelopeByteCount`` of them where there are as many.
  ///   - storedByteCount: How many bytes are stored in all.
  ///   - key: The key for which they are stored.
  /// - Throws: `corrupt` when the bytes look like an envelope, and the head is torn, changed, of an unknown version, or
  ///   another key's.
  public static func stat(
    decoding head: [UInt8], storedByteCount: Int, for key: Key
  ) throws(DriverError) -> Stat {
    guard isEnvelope(head, storedByteCount: storedByteCount) else { return Stat(byteCount: storedByteCount) }
    guard head.starts(with: magic) || storedByteCount < magic.count else {
      throw DriverError(.corrupt, "the stored bytes are an envelope but for their first four bytes: changed")
    }
    guard storedByteCount >= envelopeByteCount, head.count >= envelopeByteCount else {
      throw DriverError(
        .corrupt, "\(storedByteCount) bytes of an envelope that has \(envelopeByteCount) are stored: torn")
    }
    guard head[4] == version else {
      throw DriverError(.corrupt, "the envelope has format version \(head[4]), this package reads version \(version)")
    }
    let flags = Flags(rawValue: head[5])
    let byteCount = head.bigEndianWord(at: 38)
    guard flags.isSubset(of: .all), byteCount == UInt64(storedByteCount - envelopeByteCount) else {
      throw DriverError(
        .corrupt,
        "the envelope speaks of \(byteCount) bytes, \(storedByteCount - envelopeByteCount) are stored: torn or changed")
    }
    guard hash(hasher(key, head: head[..<46]), head[46..<54]) == head.bigEndianWord(at: 54) else {
      throw DriverError(
        .corrupt, "the envelope of \(key) does not have the checksum of its head: changed, or another key's")
    }
    return Stat(
      byteCount: Int(byteCount),
      stamp: flags.contains(.stamp)
        ? Stamp(time: head.bigEndianWord(at: 6), writer: head.bigEndianWord(at: 14)) : nil,
      isTombstone: flags.contains(.tombstone))
  }

  /// Has hashed what the digest and the checksum of the head both begin with: the key, and the first 46 bytes.
  private static func hasher(_ key: Key, head: ArraySlice<UInt8>) -> SHA256 {
    let name = key.name.utf8
    var hasher = SHA256()
    hasher.update(key.kind == .mutable ? 0 : 1)
    hasher.update(bigEndian: UInt64(name.count))
    hasher.update(name)
    hasher.update(head)
    return hasher
  }

  private static func hash(_ hasher: SHA256, _ rest: ArraySlice<UInt8>) -> UInt64 {
    var hasher = hasher
    hasher.update(rest)
    return hasher.finalize().0
  }
}

extension [UInt8] {
  mutating func append(bigEndian word: UInt64) {
    for shift in stride(from: 56, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
  }

  func bigEndianWord(at offset: Int) -> UInt64 {
    self[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
  }
}
