import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// A45: write-behind.
@Suite struct HintedHandoffTests {
  private let key: Key = "k"
  private let disk = MemoryDriver("disk")
  private let runtime = Runtime.manual()
  private var context: Context { Context(runtime) }

  private func store(_ answers: [Scripted.Answer], then rest: Scripted.Answer = .ok) -> Scripted {
    Scripted("store", ordering: .newestWins, answers: answers, then: rest)
  }

  // A45
  @Test("A put that the child fails is queued, says so, and is no acknowledgement to a node above") func put()
    async throws
  {
    let store = store([.error(.unavailable), .error(.unavailable)])
    let journal = HandoffJournal(on: disk)
    let tree = store.hintedHandoff(journal)
    let receipt = try await tree.put(Record([1]), at: key, in: context)
    #expect("\(receipt)".hasPrefix("queued\n└─ store: unknown, unavailable"))
    #expect(!receipt.result.isAcknowledged && receipt.stamp != nil)
    #expect(try await journal.pending(in: context).map(\.child) == ["store"])
    let above = Replicated { tree }
    let error = await #expect(throws: DriverError.self) { try await above.put(Record([2]), at: key, in: context) }
    #expect(error?.code == .quorumNotMet && error?.effect == .unknown)
    try await tree.close(in: context)
  }

  @Test("A read gives what is queued where that ranks above the child's copy, or the child does not answer")
  func get() async throws {
    let old = Record([1], stamp: Stamp(time: 1, writer: 1))
    let newer = Record([9], stamp: Stamp(time: (1_700_000_001_000 << 16), writer: 1))
    let store = store([.error(.unavailable), .found(old), .error(.unavailable), .absent, .found(newer), .found(old)])
    let tree = store.hintedHandoff(HandoffJournal(on: disk))
    _ = try await tree.put(Record([2]), at: key, in: context)
    for expected in [2, 2, 2, 9] as [UInt8] {
      #expect(try await tree.get(key, in: context)?.bytes == [expected])
    }
    #expect(try await tree.stat(key, in: context)?.byteCount == 1)
    try await tree.close(in: context)
  }

  @Test("A queued delete hides the child's copy from reads, and is listed") func delete() async throws {
    let old = Record([1], stamp: Stamp(time: 1, writer: 1))
    let store = store([.error(.timedOut)], then: .ok)
    store.contents[key] = old
    let tree = store.hintedHandoff(HandoffJournal(on: disk))
    let receipt = try await tree.delete(key, proof: nil, in: context)
    #expect("\(receipt.result)" == "queued")
    #expect(try await tree.get(key, in: context)?.isTombstone == true)
    #expect(try await tree.list(ListRequest(), in: context).entries.map(\.stat.isTombstone) == [true])
    try await tree.close(in: context)
  }

  @Test(
    "What can never succeed is thrown, and not queued", arguments: [DriverError.Code.denied, .tooLarge, .invalidKey])
  func permanent(code: DriverError.Code) async throws {
    let journal = HandoffJournal(on: disk)
    let tree = store([.error(code)]).hintedHandoff(journal)
    let error = await #expect(throws: DriverError.self) { try await tree.put(Record([1]), at: key, in: context) }
    #expect(error?.code == code)
    #expect(try await journal.pending(in: context).isEmpty)
    try await tree.close(in: context)
  }

  // B8
  @Test("When the journal cannot be read, no read is answered") func failsClosed() async throws {
    let broken = Scripted("broken", answers: [], then: .error(.unavailable))
    let tree = store([]).hintedHandoff(HandoffJournal(on: broken))
    let error = await #expect(throws: DriverError.self) { try await tree.get(key, in: context) }
    #expect(error?.code == .unavailable)
    try await tree.close(in: context)
  }

  @Test("It opens over a child that does not, and the receipt says so") func open() async throws {
    let tree = store([.error(.unavailable)]).hintedHandoff(HandoffJournal(on: disk))
    let receipt = try await tree.open(in: context)
    #expect("\(receipt)".hasPrefix("opened\n└─ store: failed, unavailable"))
    try await tree.close(in: context)
  }

  @Test("A journal on the child itself, and one that cannot list, do not compose") func remarks() {
    let store = store([])
    #expect(store.hintedHandoff(HandoffJournal(on: store)).outline.remarks.map(\.severity) == [.error])
    let blind = HandoffJournal(on: disk.writeOnly())
    #expect(
      store.hintedHandoff(blind).outline.remarks.map(\.reason) == [
        "the handoff journal is kept on disk, which has no get, list"
      ])
    let writeOnly = Scripted("blind", ordering: .fifo)
    let quorum = Quorum(remainder: .handoff(HandoffJournal(on: disk))) {
      writeOnly; store; MemoryDriver("a")
    }
    #expect(quorum.outline.remarks.isEmpty)
    #expect("\(Remainder.handoff(HandoffJournal(on: disk)))" == "handoff to disk")
  }
}
