import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

@Suite struct RecordEnvelopeTests {
  static let magic: [UInt8] = [0xff, 0x4d, 0x44, 0x52]
  static let key = Key.mutable("alice/profile")
  static let stamp = Stamp(time: 0x0102_0304_0506_0708, writer: 0x1112_1314_1516_1718)
  static let parent = Stamp(time: 0x2122_2324_2526_2728, writer: 0x3132_3334_3536_3738)

  static func record(_ bytes: [UInt8], flags: Int) -> Record {
    var record = Record(bytes, stamp: flags & 2 == 0 ? nil : stamp, parent: flags & 4 == 0 ? nil : parent)
    record.isTombstone = flags & 1 != 0
    return record
  }

  private func code(_ stored: [UInt8], for key: Key = Self.key) -> DriverError.Code? {
    do throws(DriverError) {
      _ = try Record(decoding: stored, for: key)
      return nil
    } catch { return error.code }
  }

  private func statCode(_ stored: [UInt8], for key: Key = Self.key) -> DriverError.Code? {
    do throws(DriverError) {
      _ = try Record.stat(decoding: Array(stored.prefix(62)), storedByteCount: stored.count, for: key)
      return nil
    } catch { return error.code }
  }

  @Test("A record comes back as it was, with every combination of flags and payload", arguments: 0..<8)
  func roundTrip(flags: Int) throws {
    let payloads: [[UInt8]] =
      (0...130).map { [UInt8](repeating: 0xa5, count: $0) } + [Array(0...255), Self.magic, Self.magic + [1]]
      + [[UInt8](repeating: 7, count: 1 << 16)]
    for bytes in payloads {
      for key in [Self.key, .immutable(ContentHash(of: bytes))] {
        let record = Self.record(bytes, flags: flags)
        let stored = record.encoded(for: key)
        #expect(try Record(decoding: stored, for: key) == record)
        let stat = try Record.stat(decoding: Array(stored.prefix(62)), storedByteCount: stored.count, for: key)
        #expect(stat == Stat(of: record))
      }
    }
  }

  // R12
  @Test("The format is the documented one, byte by byte")
  func golden() throws {
    let header: [UInt8] = [
      0xff, 0x4d, 0x44, 0x52,  // magic
      0x02,  // version
      0x07,  // tombstone, stamp, parent
      0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,  // time
      0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18,  // writer
      0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28,  // parent's time
      0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38,  // parent's writer
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03,  // length
    ]
    // From an independent implementation of SHA-256, over 00, the length of the name in 8 bytes, the name, the header
    // and the payload.
    let digest: [UInt8] = [0x45, 0xb6, 0xa2, 0x51, 0xc0, 0x5e, 0xc8, 0xda]
    // The same, with the digest in the payload's place.
    let checksum: [UInt8] = [0xd1, 0xb9, 0x42, 0x30, 0x2a, 0x01, 0xd3, 0x7b]
    let stored = header + digest + checksum + [0xaa, 0xbb, 0xcc]
    let record = Self.record([0xaa, 0xbb, 0xcc], flags: 7)
    #expect(record.encoded(for: Self.key) == stored)
    #expect(try Record(decoding: stored, for: Self.key) == record)
    #expect(stored.count == Record.envelopeByteCount + 3)
  }

  // R2
  @Test("Every single flipped bit is found out", arguments: 0..<8)
  func flips(flags: Int) {
    for bytes: [UInt8] in [[], [0], Array(0..<70)] {
      // Without flags there is an envelope only for bytes that look like one.
      let stored = Self.record(flags == 0 ? Self.magic + bytes : bytes, flags: flags).encoded(for: Self.key)
      for bit in 0..<stored.count * 8 {
        var changed = stored
        changed[bit / 8] ^= 1 << (bit % 8)
        #expect(code(changed) == .corrupt, "flags \(flags), byte \(bit / 8), bit \(bit % 8)")
        // The head is all that a description rests on, and it is checked by itself.
        let isInHead = bit / 8 < Record.envelopeByteCount
        #expect(statCode(changed) == (isInHead ? .corrupt : nil), "flags \(flags), byte \(bit / 8), bit \(bit % 8)")
      }
    }
  }

  // R2
  @Test("Every truncation but the one to nothing is found out, and so is every added byte")
  func truncations() throws {
    let stored = Self.record(Array(0..<70), flags: 6).encoded(for: Self.key)
    for length in 1..<stored.count {
      #expect(code(Array(stored[..<length])) == .corrupt, "\(length) bytes")
      #expect(statCode(Array(stored[..<length])) == .corrupt, "\(length) bytes")
    }
    #expect(code(stored + [0]) == .corrupt)
    #expect(statCode(stored + [0]) == .corrupt)
    // Nothing is indistinguishable from an empty datum, and ranks below every stamp.
    let left = try Record(decoding: [], for: Self.key)
    #expect(left == Record([]))
    #expect(Self.record([], flags: 2).ranksAbove(left))
  }

  // A30
  @Test("Bytes stored for one key are corrupt under every other")
  func otherKeys() throws {
    let stored = Self.record([1, 2, 3], flags: 2).encoded(for: Self.key)
    let hash = ContentHash(of: [1, 2, 3])
    for name in DataIDTests.odd + ["alice/profil", "alice/profile\0", "Alice/profile", "\(hash)"] {
      #expect(code(stored, for: .mutable(try DataID(name))) == .corrupt)
      #expect(statCode(stored, for: .mutable(try DataID(name))) == .corrupt)
    }
    #expect(code(stored, for: .immutable(hash)) == .corrupt)
    #expect(statCode(stored, for: .immutable(hash)) == .corrupt)
    // The same name, but the other kind.
    let immutable = Self.record([1, 2, 3], flags: 2).encoded(for: .immutable(hash))
    #expect(code(immutable, for: try Key(.mutable, name: "\(hash)")) == .corrupt)
    #expect(code(immutable, for: .immutable(hash)) == nil)
  }

  @Test("Bytes without a stamp are stored as they are, unless they look like an envelope")
  func bare() throws {
    for bytes: [UInt8] in [[], [0], Array("plain text".utf8), Array(0...255), [0x4d], [0xfe], [0xff, 0x4e]] {
      #expect(Record(bytes).encoded(for: Self.key) == bytes)
      #expect(try Record(decoding: bytes, for: Self.key) == Record(bytes))
      #expect(
        try Record.stat(decoding: bytes, storedByteCount: bytes.count, for: Self.key) == Stat(byteCount: bytes.count))
    }
    // What a torn envelope may look like.
    for count in 1...4 {
      let bytes = Array(Self.magic.prefix(count))
      #expect(try Record(decoding: Record(bytes).encoded(for: Self.key), for: Self.key) == Record(bytes))
    }
    // An envelope as payload, whole, and with any bit of its magic changed.
    let envelope = Self.record([1], flags: 2).encoded(for: Self.key)
    for bit in -1..<32 {
      var bytes = envelope
      if bit >= 0 { bytes[bit / 8] ^= 1 << (bit % 8) }
      let stored = Record(bytes).encoded(for: Self.key)
      #expect(stored != bytes)
      #expect(try Record(decoding: stored, for: Self.key) == Record(bytes))
    }
  }

  // R12
  @Test("Foreign bytes are a value that ranks below every stamp")
  func foreign() throws {
    let foreign = try Record(decoding: Array("written by something else".utf8), for: Self.key)
    #expect(foreign.stamp == nil)
    #expect(Record([], stamp: Stamp(time: 0, writer: 0)).ranksAbove(foreign))
    #expect(!foreign.ranksAbove(Record([], stamp: Stamp(time: 0, writer: 0))))
  }

  @Test("An unknown version or flag is corrupt, even under a digest and a checksum that fit, and says so")
  func unknown() {
    for (place, value) in [(4, 0), (4, 1), (4, 3), (4, 255), (5, 8), (5, 128)] as [(Int, UInt8)] {
      var stored = Self.record([1, 2], flags: 2).encoded(for: Self.key)
      stored[place] = value
      stored.replaceSubrange(46..<54, with: Self.hash(stored[..<46] + stored[62...]))
      stored.replaceSubrange(54..<62, with: Self.hash(stored[..<54]))
      #expect(code(stored) == .corrupt)
      #expect(statCode(stored) == .corrupt)
    }
  }

  /// The first bytes of the hash of the key and more.
  private static func hash(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var hasher = SHA256()
    hasher.update(0)
    hasher.update(bigEndian: UInt64(key.name.utf8.count))
    hasher.update(key.name.utf8)
    hasher.update(bytes)
    var hash: [UInt8] = []
    hash.append(bigEndian: hasher.finalize().0)
    return hash
  }

  @Test("Whatever bytes are stored, decoding answers or says corrupt, and never traps")
  func fuzz() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    var values = 0
    for round in 0..<20_000 {
      var stored = generator.bytes(Int.random(in: 0...120, using: &generator))
      if Bool.random(using: &generator) { stored.replaceSubrange(0..<min(4, stored.count), with: Self.magic) }
      if stored.count > 5, Bool.random(using: &generator) { stored[4] = 2 }
      if stored.count > 5, Bool.random(using: &generator) { stored[5] &= 7 }
      if stored.count >= 62, Bool.random(using: &generator) {
        // A length that fits, or one at the edges of what an integer holds.
        let lengths = [UInt64(stored.count - 62), 0, .max, 1 << 63, UInt64(Int.max)]
        var bytes: [UInt8] = []
        bytes.append(bigEndian: lengths.randomElement(using: &generator) ?? 0)
        stored.replaceSubrange(38..<46, with: bytes)
      }
      let code = code(stored)
      #expect(code == nil || code == .corrupt, "seed \(seed), round \(round)")
      #expect(statCode(stored) == nil || statCode(stored) == .corrupt, "seed \(seed), round \(round)")
      if code == nil {
        values += 1
        #expect(try Record(decoding: stored, for: Self.key) == Record(stored), "seed \(seed), round \(round)")
      }
    }
    #expect(values > 1_000, "seed \(seed): the fuzzer made too few bare values to mean anything")
  }
}
