#if SQLite
  import MetaDriver

  /// Tells a stored copy that was changed behind the library's back, or moved to another key. It is kept with the copy,
  /// so its value may never change: see the table in ``SQLiteSchema``.
  ///
  /// The bytes are taken in words of eight, little-endian, the last filled up with zeros, and their number after them; four
  /// lanes take the words in turns for as long as there are four, and are put together then. Each word goes through a step
  /// that can be undone: a change within one word is always seen, any other but by a chance of 2⁻⁶⁴. It is no protection
  /// against those who mean to deceive.
  struct EntryChecksum {
    private(set) var value: UInt64 = 0x4d44_7231_0000_0001

    /// The checksum of a record.
    init(of record: Record, at key: Key) {
      add(key.kind == .mutable ? 0 : 1)
      add(record.isTombstone ? 1 : 0)
      for stamp in [record.stamp, record.parent] {
        add(stamp == nil ? 0 : 1)
        add(stamp?.time ?? 0)
        add(stamp?.writer ?? 0)
      }
      var name = key.name
      name.withUTF8 { unsafe add(UnsafeRawBufferPointer($0)) }
      unsafe record.bytes.withUnsafeBytes { unsafe add($0) }
    }

    private mutating func add(_ word: UInt64) { value = Self.step(value, word) }

    private static func step(_ value: UInt64, _ word: UInt64) -> UInt64 {
      // Each of the three parts can be undone, so no two states come together; the last lets high bits reach low ones.
      let mixed = (value ^ word) &* 0x9e37_79b9_7f4a_7c15
      return mixed ^ mixed >> 32
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
      func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
      var offset = 0
      if bytes.count >= 32 {
        // Four steps at once take hardly longer than one.
        var lanes: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
        while offset + 32 <= bytes.count {
          lanes.0 = Self.step(lanes.0, word(at: offset))
          lanes.1 = Self.step(lanes.1, word(at: offset + 8))
          lanes.2 = Self.step(lanes.2, word(at: offset + 16))
          lanes.3 = Self.step(lanes.3, word(at: offset + 24))
          offset += 32
        }
        add(lanes.0)
        add(lanes.1)
        add(lanes.2)
        add(lanes.3)
      }
      while offset + 8 <= bytes.count {
        add(word(at: offset))
        offset += 8
      }
      if offset < bytes.count {
        var last: UInt64 = 0
        for place in offset..<bytes.count { last |= UInt64(unsafe bytes[place]) << UInt64(8 * (place - offset)) }
        add(last)
      }
      add(UInt64(bytes.count))
    }
  }
#endif
