import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// R19, A45, B16, B24: what a journal keeps, sends and says.
@Suite struct HandoffJournalTests {
  private static let key: Key = "k"

  /// A process with three stores, a disk of its own, and a quorum that hands off.
  struct Site: Sendable {
    let world: Simulation.World
    let process: Simulation.Process
    let journal: HandoffJournal
    let tree: any Driver
    var runtime: Runtime { process.runtime }
    var context: Context { Context(process.runtime) }

    init(
      _ world: Simulation.World, entryLimit: Int = 10_000, byteLimit: Int = 1 << 20, ordering: PutOrdering = .newestWins
    ) {
      self.world = world
      process = world.process("alice")
      for name in ["a", "b", "c"] { _ = world.leaf(name, ordering: ordering) }
      let made = HandoffJournal(
        on: process.leaf("disk"), entryLimit: entryLimit, byteLimit: byteLimit, window: .seconds(600),
        backOff: BackOff(from: .seconds(1), upTo: .seconds(8)))
      let stores = ["a", "b", "c"].map(process.leaf)
      journal = made
      tree = Quorum(read: 2, write: 2, remainder: .handoff(made)) { for store in stores { store } }
    }

    func put(_ value: UInt8, at key: Key = HandoffJournalTests.key) async throws -> Receipt? {
      let (context, tree) = (context, tree)
      return try await process.perform { try await context.put(Record([value]), at: key, to: tree) }
    }

    func holds(_ name: String, _ key: Key = HandoffJournalTests.key) async throws -> [UInt8]? {
      try await world.leaf(name).get(key, in: context)?.bytes
    }

    func pending() async throws -> [HandoffJournal.Entry] { try await journal.pending(in: context) }
  }

  private func simulate(_ body: @escaping @Sendable (Simulation.World) async throws -> Void) throws {
    try Simulation(seed: 1, body).run()
  }

  // A45, B16
  @Test("A write that one child misses is queued, and sent when the child is back, without another write") func replay()
    throws
  {
    try simulate { world async throws in
      let site = Site(world)
      world.leaf("c").isDown = true
      let receipt = try #require(try await site.put(1))
      #expect(
        receipt.children.map { "\($0)" } == [
          "a: stored", "b: stored", "c: queued [c: failed, unavailable: injected: c is down]",
        ])
      let entry = try #require(try await site.pending().first)
      #expect(entry.child == "c" && entry.key == Self.key && entry.stamp == receipt.stamp && entry.byteCount == 1)
      #expect(entry.since == .seconds(1_767_225_600) && "\(entry)" == "put of 'k', 1 bytes, for c")
      #expect(await site.runtime.drain(), "a loop that waits keeps nobody waiting")
      try await world.sleep(for: .seconds(60))
      world.leaf("c").isDown = false
      #expect(try await site.holds("c") == nil)
      try await world.sleep(for: .seconds(8))
      #expect(try await site.holds("c") == [1])
      #expect(try await site.pending().isEmpty)
      #expect(try await world.leaf("disk").list(ListRequest(), in: site.context).entries.isEmpty)
    }
  }

  // A45
  @Test("For each child and key the newest is kept, and what came from before never replaces it") func coalesces()
    throws
  {
    try simulate { world async throws in
      let site = Site(world)
      world.leaf("c").isDown = true
      for value in 1...3 as ClosedRange<UInt8> { _ = try await site.put(value) }
      let newest = try #require(try await site.pending().first?.stamp)
      let old = Record([9], stamp: Stamp(time: newest.time - (1 << 16), writer: 1))
      let (context, tree) = (site.context, site.tree)
      _ = try await site.process.perform { try await context.put(old, at: Self.key, to: tree) }
      #expect(try await site.pending().map(\.stamp) == [newest])
      world.leaf("c").isDown = false
      let report = try await site.journal.drain()
      #expect(report.sent.map(\.stamp) == [newest] && report.isEmpty)
      #expect(try await site.holds("c") == [3])
    }
  }

  // B24
  @Test("What is sent late never replaces what the child got meanwhile", arguments: [PutOrdering.newestWins, .fifo])
  func newerStays(ordering: PutOrdering) throws {
    try simulate { world async throws in
      let site = Site(world, ordering: ordering)
      world.leaf("c").isDown = true
      _ = try await site.put(1)
      world.leaf("c").isDown = false
      let newer = Record([2], stamp: Stamp(time: .max >> 4, writer: 1))
      _ = try await world.leaf("c").put(newer, at: Self.key, in: site.context)
      let report = try await site.journal.drain()
      #expect(report.superseded.count == 1 && report.sent.isEmpty && report.isEmpty)
      #expect(try await site.holds("c") == [2])
    }
  }

  @Test("A delete is handed off as a tombstone, and keeps the older copy away") func deletes() throws {
    try simulate { world async throws in
      let site = Site(world)
      _ = try await site.put(1)
      world.leaf("c").isDown = true
      let (context, tree) = (site.context, site.tree)
      _ = try await site.process.perform { try await context.delete(Self.key, proof: nil, from: tree) }
      #expect(try await site.pending().map(\.isTombstone) == [true])
      world.leaf("c").isDown = false
      try await site.journal.drain()
      #expect(try await world.leaf("c").get(Self.key, in: context)?.isTombstone == true)
    }
  }

  @Test("A child that is still writing is queued for, and its entry goes when it has written") func stragglers() throws
  {
    try simulate { world async throws in
      let site = Site(world)
      var slow = FaultProfile()
      slow.delay = .constant(.milliseconds(500))
      world.leaf("c").faults = slow
      #expect(try await site.put(1)?.children.map { "\($0)" } == ["a: stored", "b: stored", "c: queued [c: pending]"])
      #expect(try await site.pending().count == 1)
      // Sooner than the first attempt.
      await site.runtime.drain()
      #expect(try await site.pending().isEmpty)
      #expect(try await site.holds("c") == [1])
    }
  }

  @Test("A write that does not hold queues nothing") func failures() throws {
    try simulate { world async throws in
      let site = Site(world)
      world.leaf("b").isDown = true
      world.leaf("c").isDown = true
      await #expect(throws: DriverError.self) { try await site.put(1) }
      #expect(try await site.pending().isEmpty)
    }
  }

  // R29
  @Test("A write that a full journal has no room for throws, and says what became of it", arguments: [false, true])
  func full(byBytes: Bool) throws {
    try simulate { world async throws in
      let site = byBytes ? Site(world, byteLimit: 150) : Site(world, entryLimit: 1)
      world.leaf("c").isDown = true
      _ = try await site.put(1)
      // Another value for the same key takes the entry's place.
      _ = try await site.put(2)
      do {
        _ = try await site.put(1, at: "another")
        Issue.record("there was room")
      } catch let error as DriverError {
        #expect(error.code == .noSpace && error.effect == .unknown && !error.isRetryable)
        #expect(error.outcomes.map(\.result.isAcknowledged) == [true, true, false])
        #expect(
          error.message.hasPrefix("put of 'another' has the acknowledgements needed, and could not be queued for c"))
        #expect(
          error.message.contains(
            byBytes ? "the limit is 150. Waiting: 1 for c" : "holds 1 entries, the limit is 1. Waiting: 1 for c"))
      }
      #expect(try await site.pending().map(\.key) == [Self.key])
    }
  }

  // R35
  @Test("What waited for longer than the window is not sent, is reported, and stays until it is given up")
  func window() throws {
    try simulate { world async throws in
      let site = Site(world)
      world.leaf("c").isDown = true
      _ = try await site.put(1)
      try await world.sleep(for: .seconds(599))
      #expect(try await site.journal.drain().left.count == 1)
      try await world.sleep(for: .seconds(1.5))
      world.leaf("c").isDown = false
      let report = try await site.journal.drain()
      #expect(report.expired.count == 1 && report.sent.isEmpty && report.left.isEmpty && !report.isEmpty)
      #expect("\(report)" == "sent 0, superseded 0, expired 1, left 0, damaged 0\nexpired: put of 'k', 1 bytes, for c")
      #expect(try await site.holds("c") == nil)
      #expect(try await site.pending().map(\.isExpired) == [true])
      #expect(try await site.journal.discard(try await site.pending()).map(\.key) == [Self.key])
      #expect(try await site.pending().isEmpty)
      #expect(try await site.journal.drain().isEmpty)
    }
  }

  @Test("Drained with a deadline, it tries until the child is back; without one, once") func drain() throws {
    try simulate { world async throws in
      let site = Site(world)
      world.leaf("c").isDown = true
      _ = try await site.put(1)
      let once = try await site.journal.drain()
      #expect(once.left.map(\.reason?.code) == [.unavailable] && !once.isEmpty)
      async let report = site.journal.drain(deadline: site.runtime.now + .seconds(60))
      try await world.sleep(for: .seconds(0.2))
      world.leaf("c").isDown = false
      let drained = try await report
      #expect(drained.isEmpty)
      #expect(try await site.holds("c") == [1])
    }
  }

  // B25
  @Test("A damaged entry is named, does not stop the others, and can be given up") func damage() throws {
    try simulate { world async throws in
      let site = Site(world)
      world.leaf("c").isDown = true
      _ = try await site.put(1)
      _ = try await site.put(2, at: "other")
      let disk = world.leaf("disk")
      let entry = try #require(try await disk.list(ListRequest(), in: site.context).entries.first?.key)
      var stored = try #require(try await disk.get(entry, in: site.context))
      stored.bytes[stored.bytes.count / 2] ^= 1
      _ = try await disk.delete(entry, proof: nil, in: site.context)
      _ = try await disk.put(stored, at: entry, in: site.context)

      site.process.restart()
      let again = Site(world)
      let error = await #expect(throws: DriverError.self) { try await again.pending() }
      #expect(error?.code == .corrupt)
      #expect(error?.message.contains("the entry \(entry) of the handoff journal on disk is damaged: ") == true)
      #expect(error?.message.hasSuffix("give it up with discardDamaged()") == true)
      world.leaf("c").isDown = false
      _ = try await again.tree.open(in: again.context)
      let report = try await again.journal.drain()
      #expect(report.sent.count == 1 && report.damaged.map(\.code) == [.corrupt] && !report.isEmpty)
      #expect(try await again.journal.discardDamaged(in: again.context).count == 1)
      #expect(try await again.pending().isEmpty)
      #expect(try await disk.list(ListRequest(), in: again.context).entries.isEmpty)
    }
  }

  // A45
  @Test("What a process queued before it died is sent when the next one opens the tree") func resume() throws {
    try simulate { world async throws in
      let site = Site(world)
      world.leaf("c").isDown = true
      _ = try await site.put(1)
      site.process.restart()
      world.leaf("c").isDown = false
      let again = Site(world)
      #expect(try await again.journal.drain(in: again.context).left.first?.reason?.message.contains("no node") == true)
      let (context, tree) = (again.context, again.tree)
      _ = try await again.process.perform { try await tree.open(in: context) }
      try await world.sleep(for: .seconds(2))
      #expect(try await again.holds("c") == [1])
    }
  }

  @Test("A journal that cannot be written makes the write that needs it fail, and no other") func brokenJournal() throws
  {
    try simulate { world async throws in
      let site = Site(world)
      world.leaf("disk").isDown = true
      #expect(try await site.put(1)?.children.map(\.result.isAcknowledged) == [true, true, true])
      world.leaf("c").isDown = true
      let error = await #expect(throws: DriverError.self) { try await site.put(2) }
      #expect(error?.code == .unavailable && error?.effect == .unknown)
    }
  }

  @Test("Closing the tree ends the replay; closing the journal refuses what needs it") func close() throws {
    try simulate { world async throws in
      let site = Site(world)
      world.leaf("c").isDown = true
      _ = try await site.put(1)
      world.leaf("c").isDown = false
      try await site.tree.close(in: site.context)
      try await world.sleep(for: .seconds(60))
      #expect(try await site.holds("c") == nil)
      #expect(try await site.pending().count == 1)
      try await site.journal.close(in: site.context)
      world.leaf("c").isDown = true
      let error = await #expect(throws: DriverError.self) { try await site.put(2) }
      #expect(error?.code == .closed)
    }
  }

  @Test("The observer is told of what is queued, sent, and given up") func events() async throws {
    let recorder = Recorder(), clock = ManualClock()
    let runtime = Runtime.manual(clock, observer: recorder)
    let stores = ["a", "b", "c"].map {
      Scripted($0, ordering: .newestWins, answers: $0 == "c" ? [.error(.unavailable)] : [])
    }
    let journal = HandoffJournal(on: MemoryDriver("disk"), window: .seconds(100))
    let tree = try Strategy("s", runtime: runtime) {
      Quorum(read: 2, write: 2, remainder: .handoff(journal)) { for store in stores { store } }
    }
    try await tree.put([1], at: "k")
    try await journal.drain()
    let events = recorder.events.filter { $0.operation == .handoff }.map {
      "\($0.path.joined(separator: "/")): \($0.outcome)"
    }
    #expect(events == ["s/Quorum/c: queued", "s/Quorum/c: stored"])
    try await tree.close()
  }

  // R17, R29
  @Test("A read that writes its answer back queues nothing, and a full journal does not keep it from answering")
  func writeBackQueuesNothing() async throws {
    let runtime = Runtime.manual()
    let (context, key) = (Context(runtime), Self.key)
    let stores = ["a", "b", "c"].map { name in
      // One store takes no writes, so whatever is written there would have to be queued.
      Scripted(name, ordering: .newestWins) { $0.operation == .put && name == "c" ? .error(.unavailable) : .ok }
    }
    let journal = HandoffJournal(on: MemoryDriver("journal"), byteLimit: 1)
    let tree = Quorum(reads: .atomic, repair: .off, remainder: .handoff(journal)) { for store in stores { store } }
    let record = Record([1], stamp: runtime.nextStamp())
    stores[0].contents[key] = record
    #expect(try await context.get(key, from: tree) == record)
    await runtime.drain()
    #expect(stores[1].contents[key] == record)
    #expect(try await journal.pending(in: context).isEmpty)
    let full = await #expect(throws: DriverError.self) { try await context.put(Record([2]), at: key, to: tree) }
    #expect(full?.code == .noSpace && full?.effect == .unknown)
  }

  // A45, R19
  @Test("An entry of which nobody knows whether it was stored is not forgotten: it is looked for, and sent")
  func unknownEntry() async throws {
    let (context, key) = (Context(.manual()), Self.key)
    let stores = ["a", "b"].map { Scripted($0, ordering: .newestWins) }
    let away = Scripted("c", ordering: .newestWins, answers: [.error(.unavailable)])
    let disk = Scripted("disk", ordering: .newestWins) { call in
      call.operation == .put && call.record?.stamp != nil ? .lostReply() : .ok
    }
    let journal = HandoffJournal(on: disk)
    let tree = Quorum(read: 2, write: 2, remainder: .handoff(journal)) {
      for store in stores { store }
      away
    }
    let error = await #expect(throws: DriverError.self) { try await context.put(Record([1]), at: key, to: tree) }
    #expect(error?.effect == .unknown)
    #expect(disk.contents.count == 1, "it was stored, and the reply was lost")
    let report = try await journal.drain(in: context)
    #expect(report.sent.map(\.key) == [key])
    #expect(away.contents[key]?.bytes == [1] && disk.contents.isEmpty)
    try await tree.close(in: context)
  }
}
