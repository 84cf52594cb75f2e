import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

#if !SANITIZE_THREAD
  import Synchronization
#endif

/// R19, A45, B16: what is durable of a write that some children have not got is a note; the stores that took it have the
/// bytes.
@Suite(.timeLimit(.minutes(10))) struct HandoffNoteTests {
  private let key: Key = "k"
  private let context = Context(.manual())

  private func stores(_ names: String...) -> [Scripted] { names.map { Scripted($0, ordering: .newestWins) } }

  private func byteCount(_ disk: Scripted) -> Int { disk.contents.values.reduce(0) { $0 + $1.bytes.count } }

  // MARK: What is stored

  @Test("A note has no bytes of the value, and the child gets all of them", arguments: [true, false])
  func note(isQuorum: Bool) async throws {
    let (stores, disk) = (stores("a", "b"), Scripted("disk", ordering: .newestWins))
    let away = Scripted("away", ordering: .newestWins, answers: [.error(.unavailable)])
    let journal = HandoffJournal(on: disk)
    let tree: any Driver =
      isQuorum
      ? Quorum(read: 2, write: 2, remainder: .handoff(journal)) {
        for store in stores { store }
        away
      }
      : Replicated(writes: .atLeast(1), remainder: .handoff(journal)) {
        for store in stores { store }
        away
      }
    let value = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
    let receipt = try await context.put(Record(value), at: key, to: tree)
    #expect(receipt.children.map { "\($0)" }.last == "away: queued [away: unknown, unavailable: scripted]")
    #expect((1..<300).contains(byteCount(disk)))
    let entry = try #require(try await journal.pending(in: context).first)
    #expect(entry.byteCount == 1_000_000 && entry.stamp == receipt.stamp)
    #expect(try await journal.drain(in: context).sent.map(\.stamp) == [receipt.stamp])
    #expect(away.contents[key]?.bytes == value && disk.contents.isEmpty)
    try await tree.close(in: context)
  }

  @Test("A delete, and what no readable store has taken, is queued whole", arguments: [true, false])
  func whole(isDelete: Bool) async throws {
    let disk = Scripted("disk", ordering: .newestWins)
    let away = Scripted("away", ordering: .newestWins) { $0.number == 1 ? .error(.unavailable) : .ok }
    let (one, two) = (Scripted("one", ordering: .newestWins), Scripted("two", ordering: .newestWins))
    let journal = HandoffJournal(on: disk)
    let tree = Replicated(writes: .atLeast(1), remainder: .handoff(journal)) {
      if isDelete { one } else { one.writeOnly() }
      if isDelete { two } else { two.writeOnly() }
      away
    }
    let value = [UInt8](repeating: 7, count: 10_000)
    if isDelete {
      _ = try await context.delete(key, proof: nil, from: tree)
    } else {
      _ = try await context.put(Record(value), at: key, to: tree)
      #expect(byteCount(disk) > 10_000)
    }
    // Nobody else has it any more.
    (one.contents, two.contents) = ([:], [:])
    #expect(try await journal.drain(in: context).sent.count == 1)
    #expect(away.contents[key]?.isTombstone == isDelete)
    #expect(isDelete || away.contents[key]?.bytes == value)
    try await tree.close(in: context)
  }

  @Test("What replaced the noted write at its stores is sent in its place")
  func newer() async throws {
    let stores = stores("a", "b")
    let away = Scripted("away", ordering: .newestWins, answers: [.error(.unavailable)])
    let journal = HandoffJournal(on: MemoryDriver("disk"))
    let tree = Quorum(read: 2, write: 2, remainder: .handoff(journal)) {
      for store in stores { store }
      away
    }
    let old = try #require(try await context.put(Record([1]), at: key, to: tree).stamp)
    let newer = Record([2], stamp: Stamp(time: old.time + 1, writer: 3))
    for store in stores { store.contents[key] = newer }
    #expect(try await journal.drain(in: context).isEmpty)
    #expect(away.contents[key] == newer)
    try await tree.close(in: context)
  }

  @Test("A child that took the write after all is sent nothing")
  func tookIt() async throws {
    let stores = stores("a", "b")
    let away = Scripted("away", ordering: .newestWins, answers: [.lostReply()])
    let journal = HandoffJournal(on: MemoryDriver("disk"))
    let tree = Quorum(read: 2, write: 2, remainder: .handoff(journal)) {
      for store in stores { store }
      away
    }
    let receipt = try await context.put(Record([1]), at: key, to: tree)
    #expect(try await journal.pending(in: context).count == 1)
    #expect(try await journal.drain(in: context).sent.map(\.stamp) == [receipt.stamp])
    #expect(away.calls.map(\.operation) == [.put, .stat])
    try await tree.close(in: context)
  }

  @Test("Bytes that one store cannot give come from another; while one does not answer, the entry waits")
  func sources() async throws {
    let isDown = Mutex(true)
    let a = Scripted("a", ordering: .newestWins) { call in
      isDown.withLock(\.self) && [.get, .stat].contains(call.operation) ? .error(.unavailable) : .ok
    }
    let b = Scripted("b", ordering: .newestWins)
    let away = Scripted("away", ordering: .newestWins, answers: [.error(.unavailable)])
    let journal = HandoffJournal(on: MemoryDriver("disk"))
    let tree = Quorum(read: 2, write: 2, remainder: .handoff(journal)) {
      a
      b
      away
    }
    _ = try await context.put(Record([1]), at: key, to: tree)
    let held = b.contents
    b.contents = [:]
    let report = try await journal.drain(in: context)
    let left = try #require(report.left.first)
    #expect(
      left.reason?.message
        == "the write of 'k' is noted for away, and no store gives it: a: scripted; b has nothing so new")
    #expect(!left.entry.isRefused && away.calls.map(\.operation) == [.put, .stat])
    b.contents = held
    #expect(try await journal.drain(in: context).isEmpty)
    #expect(away.contents[key]?.bytes == [1])
    try await tree.close(in: context)
  }

  @Test("A write whose stores have all lost it stays listed, with the reason, until it is given up")
  func lost() async throws {
    let stores = stores("a", "b")
    let away = Scripted("away", ordering: .newestWins, answers: [.error(.unavailable)])
    let journal = HandoffJournal(on: MemoryDriver("disk"))
    let tree = Quorum(read: 2, write: 2, remainder: .handoff(journal)) {
      for store in stores { store }
      away
    }
    _ = try await context.put(Record([1]), at: key, to: tree)
    for store in stores { store.contents = [:] }
    #expect(try await !journal.drain(in: context).isEmpty)
    let entries = try await journal.pending(in: context)
    #expect(entries.map(\.isRefused) == [true])
    #expect(entries.first?.reason?.message.contains("a has nothing so new; b has nothing so new") == true)
    #expect(try await journal.discard(entries, in: context).count == 1)
    #expect(try await journal.discard(entries, in: context).isEmpty)
    #expect(try await journal.pending(in: context).isEmpty)
    try await tree.close(in: context)
  }

  // MARK: What is refused

  @Test("What a child has refused for good is sent once, and again when somebody drains")
  func refused() throws {
    try Simulation(seed: 1) { world async throws in
      let process = world.process("alice"), runtime = process.runtime, context = Context(runtime)
      let full = Scripted("full", ordering: .newestWins) { $0.operation == .put ? .error(.tooLarge) : .ok }
      let journal = HandoffJournal(on: process.leaf("disk"))
      _ = world.leaf("a")
      let store = process.leaf("a")
      let tree = Replicated(writes: .atLeast(1), remainder: .handoff(journal)) {
        store
        full
      }
      let key = key
      _ = try await process.perform { try await context.put(Record([1]), at: key, to: tree) }
      try await world.sleep(for: .seconds(86_400))
      let puts = { full.calls.count { $0.operation == .put } }
      #expect(puts() == 2, "the write, and one attempt in a day")
      let entries = try await journal.pending(in: context)
      #expect(entries.map(\.isRefused) == [true] && entries.first?.reason?.code == .tooLarge)
      _ = try await journal.drain(in: context)
      #expect(puts() == 3)
      try await tree.close(in: context)
    }.run()
  }

  @Test("What was denied is tried again when the child takes another write")
  func denied() throws {
    try Simulation(seed: 1) { world async throws in
      let process = world.process("alice"), runtime = process.runtime, context = Context(runtime)
      let isDenied = Mutex(true)
      let cloud = Scripted("cloud", ordering: .newestWins) { call in
        call.operation == .put && isDenied.withLock(\.self) ? .error(.denied) : .ok
      }
      _ = (world.leaf("a"), world.leaf("disk"))
      let journal = HandoffJournal(on: process.leaf("disk")), store = process.leaf("a")
      let tree = Replicated(writes: .atLeast(1), remainder: .handoff(journal)) {
        store
        cloud
      }
      _ = try await process.perform { try await context.put(Record([1]), at: "k", to: tree) }
      try await world.sleep(for: .seconds(86_400))
      #expect(cloud.calls.count { $0.operation == .put } == 2)
      isDenied.withLock { $0 = false }
      _ = try await process.perform { try await context.put(Record([2]), at: "other", to: tree) }
      try await world.sleep(for: .seconds(120))
      #expect(cloud.contents["k"]?.bytes == [1])
      #expect(try await journal.pending(in: context).isEmpty)
      try await tree.close(in: context)
    }.run()
  }

  @Test("A write for which there is no room is told who is away, and since when")
  func full() async throws {
    let clock = ManualClock()
    let context = Context(.manual(clock))
    let stores = stores("a", "b")
    let away = Scripted("eu") { $0.operation == .put ? .error(.unavailable) : .ok }
    let journal = HandoffJournal(on: MemoryDriver("disk"), entryLimit: 1)
    let tree = Quorum(read: 2, write: 2, remainder: .handoff(journal)) {
      for store in stores { store }
      away
    }
    _ = try await context.put(Record([1]), at: "one", to: tree)
    clock.advance(by: .seconds(90))
    let error = await #expect(throws: DriverError.self) { try await context.put(Record([2]), at: "two", to: tree) }
    #expect(error?.code == .noSpace && error?.effect == .unknown)
    #expect(
      error?.message.hasSuffix(
        "the handoff journal on disk holds 1 entries, the limit is 1. Waiting: 1 for eu, the oldest for 90s. Bring the "
          + "child back and drain the journal, discard what is not needed, or raise the limit") == true)
    try await tree.close(in: context)
  }
}
