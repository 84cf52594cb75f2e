import MetaDriver
import Testing

@Suite struct RecordTests {
  /// A small world: without a stamp and under three stamps, live and deleted, four payloads, two parents.
  static let world: [Record] = {
    let stamps: [Stamp?] = [
      nil, Stamp(time: 1, writer: 1), Stamp(time: 1, writer: 2), Stamp(time: 2, writer: 1),
    ]
    let payloads: [[UInt8]] = [[], [0], [1], [0, 0]]
    return stamps.flatMap { stamp in
      payloads.flatMap { bytes in
        [false, true].map { isTombstone in
          var record = Record(bytes, stamp: stamp)
          record.isTombstone = isTombstone
          return record
        }
      }
    }
  }()

  // R11, A31
  @Test("Of two different copies exactly one ranks above the other")
  func antisymmetric() {
    for left in Self.world {
      for right in Self.world {
        if left == right {
          #expect(!left.ranksAbove(right))
        } else {
          #expect(left.ranksAbove(right) != right.ranksAbove(left), "\(left) and \(right)")
        }
      }
    }
  }

  // R11
  @Test("The ranking is transitive")
  func transitive() {
    for a in Self.world {
      for b in Self.world where a.ranksAbove(b) {
        for c in Self.world where b.ranksAbove(c) { #expect(a.ranksAbove(c), "\(a), \(b), \(c)") }
      }
    }
  }

  // R11, A31
  @Test("Whatever arrives first, the same copy wins")
  func independentOfOrder() {
    func winner(_ copies: [Record]) -> Record? {
      copies.dropFirst().reduce(copies.first) { best, copy in
        best.map { copy.ranksAbove($0) ? copy : $0 }
      }
    }
    // Every choice of three, in all six orders.
    for i in Self.world.indices {
      for j in 0..<i {
        for k in 0..<j {
          let (a, b, c) = (Self.world[i], Self.world[j], Self.world[k])
          let winners = Set([[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]].map(winner))
          #expect(winners.count == 1, "\(a), \(b), \(c)")
        }
      }
    }
  }

  // R11, R12
  @Test("The stamp decides first, and a copy without one ranks below every stamp")
  func stamps() {
    for left in Self.world {
      for right in Self.world {
        switch (left.stamp, right.stamp) {
        case (let mine?, let theirs?) where mine > theirs: #expect(left.ranksAbove(right))
        case (_?, nil): #expect(left.ranksAbove(right))
        default: break
        }
      }
    }
  }

  // A36, R15
  @Test("A later write beats a tombstone, a tombstone beats what is older or as old, and the newer tombstone stays")
  func tombstones() {
    let (earlier, later) = (Stamp(time: 5, writer: 9), Stamp(time: 6, writer: 1))
    #expect(Record([1], stamp: later).ranksAbove(.tombstone(stamp: earlier)))
    #expect(Record.tombstone(stamp: later).ranksAbove(Record([1], stamp: earlier)))
    #expect(Record.tombstone(stamp: earlier).ranksAbove(Record([0xff], stamp: earlier)))
    #expect(Record.tombstone(stamp: later).ranksAbove(.tombstone(DeletionProof([9]), stamp: earlier)))
    #expect(!Record.tombstone(stamp: earlier).ranksAbove(.tombstone(stamp: later)))
  }

  // R11
  @Test("Under one stamp the larger SHA-256 wins, not the larger bytes")
  func digest() {
    let stamp = Stamp(time: 1, writer: 1)
    for left in UInt8.min...63 {
      for right in UInt8.min...63 where left != right {
        let expected = ContentHash(of: [left]) > ContentHash(of: [right])
        #expect(Record([left], stamp: stamp).ranksAbove(Record([right], stamp: stamp)) == expected)
      }
    }
  }

  // R18, A31
  @Test("Copies conflict when one stamp speaks of different content")
  func conflicts() {
    for left in Self.world {
      for right in Self.world {
        let expected = left.stamp != nil && left.stamp == right.stamp && left != right
        #expect(left.conflicts(with: right) == expected, "\(left) and \(right)")
      }
    }
  }

  @Test("What a writer had read neither ranks nor conflicts")
  func parents() {
    let stamp = Stamp(time: 2, writer: 1)
    let (one, other) = (Record([1], stamp: stamp), Record([1], stamp: stamp, parent: Stamp(time: 1, writer: 1)))
    #expect(!one.ranksAbove(other) && !other.ranksAbove(one))
    #expect(!one.conflicts(with: other))
  }

  @Test("A tombstone keeps its proof")
  func proof() {
    let record = Record.tombstone(DeletionProof([1, 2]), stamp: Stamp(time: 1, writer: 1))
    #expect(record.isTombstone)
    #expect(record.bytes == [1, 2])
    #expect(Stat(of: record) == Stat(byteCount: 2, stamp: Stamp(time: 1, writer: 1), isTombstone: true))
  }
}
