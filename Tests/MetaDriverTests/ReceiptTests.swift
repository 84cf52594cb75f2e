import MetaDriver
import Testing

@Suite struct ReceiptTests {
  private static let older = Stamp(time: 1 << 16, writer: 1)
  private static let newer = Stamp(time: 2 << 16, writer: 1)

  @Test("A receipt draws what became of each child as a tree")
  func drawing() {
    let receipt = Receipt(
      .stored, stamp: Self.newer,
      children: [
        Outcome("disk", .stored),
        Outcome(
          "Quorum", .stored,
          children: [
            Outcome("eu", .stored), Outcome("us", .pending), Outcome("ap", .skipped("its circuit is open")),
          ]),
        Outcome("tape", .failed(DriverError(.noSpace, "full")), children: [Outcome("reel", .queued)]),
      ])
    #expect(
      "\(receipt)" == """
        stored
        ├─ disk: stored
        ├─ Quorum: stored
        │  ├─ eu: stored
        │  ├─ us: pending
        │  └─ ap: skipped, its circuit is open
        └─ tape: failed, noSpace: full
           └─ reel: queued
        """)
    #expect("\(Receipt(.alreadyAbsent))" == "already absent")
  }

  /// What a result is, for comparing.
  private func text(_ receipt: Receipt?) -> String { receipt.map { "\($0)" } ?? "written" }

  // R11, R13, A36
  @Test("What is stored stays exactly when it has a stamp and the new record does not rank above it")
  func keeping() throws {
    for record in RecordTests.world {
      #expect(try Receipt.keeping(nil, over: record) == nil)
      for stored in RecordTests.world where record.stamp != nil || stored.stamp == nil {
        let receipt = try Receipt.keeping(stored, over: record)
        let isWritten = stored.stamp == nil || record.ranksAbove(stored)
        #expect((receipt == nil) == isWritten, "\(stored) under \(record): \(text(receipt))")
        #expect(receipt?.result.isUpToDate ?? true)
        #expect(
          receipt == nil || receipt?.result.isAcknowledged == (stored == record), "what stays is no acknowledgement")
        #expect(receipt == nil || receipt?.stamp == record.stamp, "the receipt has the stamp of the put")
      }
    }
  }

  // R12
  @Test("Bytes without a stamp over a stamped record are a conflict, not an acknowledgement")
  func unstampedOverStamped() {
    for record in RecordTests.world where record.stamp == nil {
      for stored in RecordTests.world where stored.stamp != nil {
        let error = #expect(throws: DriverError.self) { try Receipt.keeping(stored, over: record) }
        #expect(error?.code == .conflict)
        #expect(error?.effect == .unchanged)
        #expect(error?.isRetryable == false)
      }
    }
  }

  // R8
  @Test("The very record that is stored already is stored, and a tombstone already absent")
  func repeated() throws {
    #expect(text(try .keeping(Record([1], stamp: Self.older), over: Record([1], stamp: Self.older))) == "stored")
    let tombstone = Record.tombstone(stamp: Self.older)
    #expect(text(try .keeping(tombstone, over: tombstone)) == "already absent")
    #expect(
      text(try .keeping(Record([2], stamp: Self.newer), over: Record([1], stamp: Self.older)))
        == "superseded by \(Self.newer)")
  }

  // A5, R15
  @Test("A stored tombstone says deleted where there was something, already absent where there was not")
  func storing() {
    let (live, dead) = (Record([1], stamp: Self.older), Record.tombstone(stamp: Self.older))
    let tombstone = Record.tombstone(stamp: Self.newer)
    #expect(text(Receipt(storing: tombstone, over: live)) == "deleted")
    #expect(text(Receipt(storing: tombstone, over: dead)) == "already absent")
    #expect(text(Receipt(storing: tombstone, over: nil)) == "already absent")
    for stored in [live, dead, nil] {
      let receipt = Receipt(storing: Record([2], stamp: Self.newer), over: stored)
      #expect(text(receipt) == "stored")
      #expect(receipt.stamp == Self.newer)
    }
  }
}
