import MetaDriver
import Testing

@Suite struct PreconditionTests {
  private static let stamp = Stamp(time: 1, writer: 1)
  private static let copies: [Record] = [
    Record([1]), Record([2]), Record([]), Record([1], stamp: stamp), Record([2], stamp: stamp),
    Record([1], stamp: Stamp(time: 2, writer: 1)), .tombstone(stamp: stamp),
    .tombstone(DeletionProof([1]), stamp: stamp), .tombstone(stamp: Stamp(time: 2, writer: 1)),
  ]

  // A48
  @Test("Absent holds where nothing is stored, or only a tombstone")
  func absent() {
    #expect(Precondition.absent.holds(for: nil))
    for copy in Self.copies { #expect(Precondition.absent.holds(for: copy) == copy.isTombstone) }
  }

  // A48
  @Test("Unchanged holds for the very copy, and for no other")
  func unchanged() {
    for expected in Self.copies {
      #expect(!Precondition.unchanged(since: expected).holds(for: nil))
      for stored in Self.copies {
        #expect(Precondition.unchanged(since: expected).holds(for: stored) == (expected == stored))
      }
    }
  }

  @Test("What the writer of a copy had read does not make it another copy")
  func parent() {
    let stored = Record([1], stamp: Self.stamp, parent: Stamp(time: 0, writer: 7))
    #expect(Precondition.unchanged(since: Record([1], stamp: Self.stamp)).holds(for: stored))
  }
}
