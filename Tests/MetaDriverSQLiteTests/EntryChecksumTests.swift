#if SQLite
  import MetaDriver
  import Testing

  @testable import MetaDriverSQLite

  // R2
  @Suite struct EntryChecksumTests {
    private let key = Key.mutable("key")

    private func sum(_ record: Record, at key: Key? = nil) -> UInt64 {
      EntryChecksum(of: record, at: key ?? self.key).value
    }

    @Test("Every flipped bit of a value of any length is seen")
    func bits() {
      for count in [1, 7, 8, 9, 31, 32, 33, 63, 100] {
        let good = Record((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) })
        for bit in 0..<count * 8 {
          var flipped = good
          flipped.bytes[bit / 8] ^= 1 << UInt8(bit % 8)
          #expect(sum(flipped) != sum(good), "bit \(bit) of \(count) bytes")
        }
      }
    }

    @Test("Two flipped bits are seen, those of the highest place too")
    func pairs() {
      let good = Record([UInt8](repeating: 0, count: 128))
      for first in stride(from: 7, to: 128, by: 8) {
        for second in stride(from: first + 8, to: 128, by: 8) {
          var flipped = good
          flipped.bytes[first] ^= 0x80
          flipped.bytes[second] ^= 0x80
          #expect(sum(flipped) != sum(good))
        }
      }
    }

    @Test("A value with a tail, another key's copy, and a changed column have another checksum")
    func parts() {
      let stamp = Stamp(time: 1, writer: 2)
      var sums: [UInt64] = []
      for count in 0..<70 { sums.append(sum(Record([UInt8](repeating: 0, count: count)))) }
      sums.append(sum(Record([], stamp: stamp)))
      sums.append(sum(Record([], parent: stamp)))
      sums.append(sum(Record([], stamp: stamp, parent: stamp)))
      sums.append(sum(.tombstone(stamp: stamp)))
      sums.append(sum(Record([]), at: .mutable("kez")))
      let hash = ContentHash(of: [])
      sums.append(sum(Record([]), at: .immutable(hash)))
      sums.append(EntryChecksum(of: Record([]), at: .mutable(try! DataID(hash.description))).value)
      #expect(Set(sums).count == sums.count)
    }

    @Test("The value never changes, for it is stored")
    func value() {
      #expect(sum(Record([])) == 13_244_729_108_111_405_774)
      #expect(
        sum(Record(Array(0..<100), stamp: Stamp(time: 1, writer: 2), parent: Stamp(time: 3, writer: 4)))
          == 3_878_408_446_218_642_503)
    }
  }
#endif
