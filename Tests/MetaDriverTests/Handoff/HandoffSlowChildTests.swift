import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

#if !SANITIZE_THREAD
  import Synchronization
#endif

/// R19: a child that is slow is none that is away.
@Suite(.timeLimit(.minutes(10))) struct HandoffSlowChildTests {
  private static let key: Key = "k"

  /// A store whose puts take long, and that gives up at the deadline, as one does that talks to a server.
  private struct Slow: Driver {
    let store: Scripted
    let duration: Duration
    let begun = Counter()

    init(_ name: String, taking duration: Duration) {
      store = Scripted(name, ordering: .newestWins)
      self.duration = duration
    }

    var leaf: Leaf? { store.leaf }
    var outline: Outline { store.outline }
    func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      try await store.get(key, in: context)
    }
    func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
      try await store.stat(key, in: context)
    }
    func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      try await store.list(request, in: context)
    }
    func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      try await store.delete(key, proof: proof, in: context)
    }
    func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      begun.add(1)
      let end = context.runtime.now + duration
      try await context.runtime.sleep(for: min(duration, context.deadline.map { $0 - context.runtime.now } ?? duration))
      guard context.runtime.now >= end else { throw DriverError(.timedOut, "the upload was cut at its deadline") }
      return try await store.put(record, at: key, in: context)
    }
  }

  /// A process, two stores that are well, a disk for the journal.
  private struct Site: Sendable {
    let world: Simulation.World
    let process: Simulation.Process
    let journal: HandoffJournal
    let stores: [Faulty]
    let recorder: Recorder
    var context: Context { Context(process.runtime) }

    init(_ world: Simulation.World) {
      self.world = world
      recorder = Recorder()
      process = world.process("alice", observer: recorder)
      var usual = FaultProfile()
      usual.delay = .exponential(mean: .milliseconds(5))
      for name in ["a", "b", "c", "disk"] { _ = world.leaf(name, faults: usual) }
      journal = HandoffJournal(on: process.leaf("disk"))
      stores = ["a", "b", "c"].map(process.leaf)
    }

    func put(_ value: [UInt8], at key: Key = HandoffSlowChildTests.key, to tree: any Driver) async throws -> Receipt? {
      let context = context
      return try await process.perform { try await context.put(Record(value), at: key, to: tree) }
    }
  }

  @Test("What a child still writes is not sent a second time, and its note goes when it has arrived")
  func straggler() throws {
    try Simulation(seed: 1) { world async throws in
      let site = Site(world), slow = Slow("slow", taking: .seconds(25))
      let tree = Quorum(read: 2, write: 2, remainder: .handoff(site.journal)) {
        site.stores[0]
        site.stores[1]
        slow
      }
      let receipt = try await site.put([1], to: tree)
      #expect(receipt?.children.map { "\($0)" }.last == "slow: queued [slow: pending]")
      try await world.sleep(for: .seconds(24))
      #expect(try await site.journal.pending(in: site.context).count == 1)
      try await world.sleep(for: .seconds(2))
      #expect(try await site.journal.pending(in: site.context).isEmpty)
      #expect(slow.begun.value == 1 && slow.store.contents[Self.key]?.bytes == [1])
      #expect(!site.recorder.events.contains { $0.operation == .handoff }, "nothing was amiss")
      try await tree.close(in: site.context)
    }.run()
  }

  @Test("An upload that takes an hour arrives, although the first attempts have less", arguments: [1, 8 << 20])
  func anHour(byteCount: Int) throws {
    try Simulation(seed: 1) { world async throws in
      let site = Site(world), slow = Slow("slow", taking: .seconds(3_600))
      let tree = Quorum(read: 2, write: 2, remainder: .handoff(site.journal)) {
        site.stores[0]
        site.stores[1]
        slow.timeout(.seconds(10))
      }
      let value = [UInt8](repeating: 1, count: byteCount)
      _ = try await site.put(value, to: tree)
      try await world.sleep(for: .seconds(60))
      #expect(try await site.journal.pending(in: site.context).first?.reason?.code == .timedOut)
      try await tree.close(in: site.context)
      // Without the limit that the author gave the child.
      let patient = Quorum(read: 2, write: 2, remainder: .handoff(site.journal)) {
        site.stores[0]
        site.stores[1]
        slow
      }
      let context = site.context
      _ = try await site.process.perform { try await context.open(patient) }
      try await world.sleep(for: .seconds(4 * 3_600))
      #expect(slow.store.contents[Self.key]?.bytes.count == byteCount)
      #expect(try await site.journal.pending(in: site.context).isEmpty)
      #expect(slow.begun.value <= 12)
      try await patient.close(in: site.context)
    }.run()
  }

  @Test("A straggler that fails is sent from its note, and the receipt of the queueing says why")
  func failing() throws {
    try Simulation(seed: 1) { world async throws in
      let site = Site(world)
      let gone = Scripted("gone", ordering: .newestWins) { call in
        call.number == 1 ? .delay(.seconds(3), then: .error(.unavailable)) : .ok
      }
      let tree = Quorum(read: 2, write: 2, remainder: .handoff(site.journal)) {
        site.stores[0]
        site.stores[1]
        gone
      }
      _ = try await site.put([1], to: tree)
      try await world.sleep(for: .seconds(10))
      #expect(gone.contents[Self.key]?.bytes == [1])
      let events = site.recorder.events.filter { $0.operation == .handoff }
      #expect(events.map { "\($0.outcome)" } == ["queued", "stored"])
      guard case .acknowledged(let receipt) = events.first?.outcome else { return }
      #expect(receipt.children.map { "\($0)" } == ["gone: unknown, unavailable: scripted"])
      try await tree.close(in: site.context)
    }.run()
  }

  @Test("A write that hangs does not keep its note for ever: it is sent when its time is over")
  func hanging() throws {
    try Simulation(seed: 1) { world async throws in
      let site = Site(world), gate = Gate()
      let hung = Scripted("hung", ordering: .newestWins) { call in
        call.number == 1 ? .hang(gate, ignoringCancellation: true) : .ok
      }
      let tree = Quorum(read: 2, write: 2, remainder: .handoff(site.journal)) {
        site.stores[0]
        site.stores[1]
        hung
      }
      _ = try await site.put([1], to: tree)
      try await world.sleep(for: .seconds(120))
      #expect(hung.contents[Self.key]?.bytes == [1])
      #expect(try await site.journal.pending(in: site.context).isEmpty)
      gate.open()
      try await tree.close(in: site.context)
    }.run()
  }

  @Test("Puts to stores that are well write nothing into the journal but the notes of who was last, and take them out")
  func counts() throws {
    try Simulation(seed: 1) { world async throws in
      let site = Site(world)
      let writes = Mutex<[Event.Operation: Int]>([:])
      let disk = Scripted("journal", ordering: .newestWins) { call in
        writes.withLock { $0[call.operation, default: 0] += 1 }
        return .ok
      }
      let journal = HandoffJournal(on: disk)
      let tree = Quorum(read: 2, write: 2, remainder: .handoff(journal)) { for store in site.stores { store } }
      for number in 0..<1_000 { _ = try await site.put([1], at: .mutable(try DataID("k\(number)")), to: tree) }
      try await world.sleep(for: .seconds(60))
      let (puts, deletes) = writes.withLock { ($0[.put] ?? 0, $0[.delete] ?? 0) }
      #expect((1...1_000).contains(puts) && deletes == puts, "\(puts) notes, \(deletes) removals")
      #expect(disk.contents.isEmpty)
      #expect(!site.recorder.events.contains { $0.operation == .handoff })
      #expect(!site.recorder.events.contains { $0.isLate && $0.operation == .put && $0.attempt > 1 })
      try await tree.close(in: site.context)
    }.run()
  }
}
