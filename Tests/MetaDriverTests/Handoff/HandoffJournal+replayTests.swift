import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// What happens to the entries of a journal while they are sent.
@Suite(.timeLimit(.minutes(10))) struct HandoffJournalReplayTests {
  private let key: Key = "k"
  private let context = Context(.manual())

  // A45, R19
  @Test("What is queued while an older write is being sent stays queued, and is sent next")
  func replaced() async throws {
    let gate = Gate()
    let stores = ["a", "b"].map { Scripted($0, ordering: .newestWins) }
    // Both writes miss it. What is sent of the first one arrives when the second one is queued.
    let puts = Counter()
    let away = Scripted("away", ordering: .newestWins) { call in
      guard call.operation == .put else { return .ok }
      puts.add(1)
      return puts.value == 2 ? .hang(gate) : puts.value <= 3 ? .error(.unavailable) : .ok
    }
    let disk = MemoryDriver("disk")
    let journal = HandoffJournal(on: disk)
    let tree = Quorum(read: 2, write: 2, remainder: .handoff(journal)) {
      for store in stores { store }
      away
    }
    let old = try await context.put(Record([1]), at: key, to: tree)
    async let draining = journal.drain(in: context)
    await puts.wait(for: 2)
    let new = try await context.put(Record([2]), at: key, to: tree)
    #expect(try await journal.pending(in: context).map(\.stamp) == [new.stamp])
    gate.open()
    let report = try await draining
    #expect(report.sent.map(\.stamp) == [old.stamp])
    #expect(report.left.map(\.entry.stamp) == [new.stamp])
    #expect(away.contents[key]?.bytes == [1])
    #expect(try await journal.drain(in: context).sent.map(\.stamp) == [new.stamp])
    #expect(away.contents[key]?.bytes == [2])
    #expect(try await context.list(ListRequest(), from: disk).entries.isEmpty)
    try await tree.close(in: context)
  }

  // R19, R35
  @Test("A write that is queued in the place of an expired one, while others are given up, is not given up with them")
  func replacedExpired() async throws {
    let clock = ManualClock(), gate = Gate(), deletes = Counter()
    let context = Context(.manual(clock))
    let stores = ["a", "b"].map { Scripted($0, ordering: .newestWins) }
    let away = Scripted("away", ordering: .newestWins) { $0.number <= 3 ? .error(.unavailable) : .ok }
    let disk = Scripted("disk", ordering: .newestWins) { call in
      guard call.operation == .delete else { return .ok }
      deletes.add(1)
      return .hang(gate)
    }
    let journal = HandoffJournal(on: disk, window: .seconds(100))
    let tree = Quorum(read: 2, write: 2, remainder: .handoff(journal)) {
      for store in stores { store }
      away
    }
    for key in ["first", "second"] as [Key] { _ = try await context.put(Record([1]), at: key, to: tree) }
    clock.advance(by: .seconds(101))
    #expect(try await journal.drain(in: context).expired.count == 2)
    let expired = try await journal.pending(in: context)
    async let discarding = journal.discard(expired, in: context)
    await deletes.wait(for: 1)
    let new = try await context.put(Record([2]), at: "second", to: tree)
    gate.open()
    #expect(try await discarding.map(\.key) == ["first"])
    #expect(try await journal.pending(in: context).map(\.stamp) == [new.stamp])
    #expect(try await journal.drain(in: context).sent.map(\.stamp) == [new.stamp])
    #expect(away.contents.map(\.value.bytes) == [[2]])
    try await tree.close(in: context)
  }
}
