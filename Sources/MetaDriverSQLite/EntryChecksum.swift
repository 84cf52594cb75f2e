#if SQLite
  import MetaDriver

  /// Tells a stored copy that was changed behind the library's back, or moved to another key. It is kept with the copy,
  /// so its value may never change: see the table in ``SQLiteSchema``.
  ///
  /// The bytes are taken in words of eight, little-endian, the last filled up with zeros, and their number after them.
  /// Each word goes through a step that no other word could undo: a change within one word is always seen, any other one
  /// but by a chance of 2⁻⁶⁴. It is no protection against those who mean to deceive.
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

    private mutating func add(_ word: UInt64) {
      // Each of the three parts can be undone, so no two states come together; the last lets high bits reach low ones.
      value = (value ^ word) &* 0x9e37_79b9_7f4a_7c15
      value ^= value >> 32
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
      var offset = 0
      while offset + 8 <= bytes.count {
        add(UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
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
