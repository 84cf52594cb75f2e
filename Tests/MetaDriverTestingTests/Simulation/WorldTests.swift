import MetaDriver
import Testing

@testable import MetaDriverTesting

@Suite struct WorldTests {
  private static let key = Key.mutable("k")

  /// Writes within 100 ms, and says how it ended.
  private static func put(_ byte: UInt8, by process: Simulation.Process, to name: String) async throws -> String {
    let leaf = process.leaf(name).timeout(.milliseconds(100)), runtime = process.runtime
    return try await process.perform {
      do throws(DriverError) {
        return "\(try await Context(runtime).put(Record([byte]), at: key, to: leaf).result)"
      } catch { return "\(error.code), \(error.effect)" }
    } ?? "crashed"
  }

  @Test("What has one name is one store or one process, and only the first to name it says how it is") func names()
    throws
  {
    try Simulation(seed: 1) { world in
      var faults = FaultProfile()
      faults.delay = .constant(.seconds(1))
      let leaf = world.leaf("a", ordering: .none, faults: faults)
      #expect(world.leaf("a", ordering: .fifo).leaf === leaf.leaf)
      #expect(world.leaf("a").faults == faults && world.leaf("a").leaf?.ordering == PutOrdering.none)
      #expect(world.leaf("b").leaf?.identity != leaf.leaf?.identity)
      let alice = world.process("alice", skew: .seconds(1))
      #expect(world.process("alice", skew: .seconds(2)) === alice && alice.wallClock.ahead == .seconds(1))
      #expect(world.process("bob") !== alice)
      // The same store, and turns of its own.
      #expect(alice.leaf("a").leaf?.identity == leaf.leaf?.identity && alice.leaf("a").leaf !== leaf.leaf)
    }.run()
  }

  @Test("A cut loses the request or the reply that arrives meanwhile, of this process and this store alone") func cut()
    throws
  {
    try Simulation(seed: 1) { world in
      let alice = world.process("alice"), bob = world.process("bob")
      for name in ["a", "b"] { world.leaf(name).faults.delay = .constant(.milliseconds(10)) }

      // The request is under way when the cut comes.
      async let lost = Self.put(1, by: alice, to: "a")
      async let beside = Self.put(2, by: alice, to: "b")
      async let other = Self.put(3, by: bob, to: "a")
      try await world.sleep(for: .milliseconds(5))
      world.cut(alice, from: "a")
      #expect(try await [lost, beside, other] == ["timedOut, unknown", "stored", "stored"])
      #expect(world.leaf("a").contents[Self.key]?.bytes == [3])
      #expect(try await Self.put(4, by: alice, to: "a") == "timedOut, unknown")
      #expect(world.leaf("a").contents[Self.key]?.bytes == [3])

      // The reply is.
      world.reconnect(alice, to: "a")
      async let unheard = Self.put(5, by: alice, to: "a")
      try await world.sleep(for: .milliseconds(15))
      world.cut(alice, from: "a")
      #expect(try await unheard == "timedOut, unknown")
      #expect(world.leaf("a").contents[Self.key]?.bytes == [5])

      // A cut that is over when the message arrives has lost nothing.
      world.reconnect(alice, to: "a")
      async let lucky = Self.put(6, by: alice, to: "a")
      try await world.sleep(for: .milliseconds(2))
      world.cut(alice, from: "a")
      try await world.sleep(for: .milliseconds(2))
      world.reconnect(alice, to: "a")
      #expect(try await lucky == "stored")
    }.run()
  }

  @Test("Without any delay a call through a cut is lost too, and waits", arguments: [true, false])
  func cutAtOnce(isCut: Bool) throws {
    try Simulation(seed: 1) { world async throws in
      let alice = world.process("alice")
      _ = world.leaf("a")
      if isCut { world.cut(alice, from: "a") }
      #expect(try await Self.put(1, by: alice, to: "a") == (isCut ? "timedOut, unknown" : "stored"))
      #expect(world.leaf("a").contents.isEmpty == isCut)
      #expect(world.now == (isCut ? .milliseconds(100) : .zero))
    }.run()
  }

  @Test("What runs in no process is everywhere") func noProcess() throws {
    try Simulation(seed: 1) { world in
      let leaf = world.leaf("a")
      for name in ["alice", "bob"] { world.cut(world.process(name), from: "a") }
      _ = try await leaf.put([1], at: Self.key)
      #expect(try await leaf.get(Self.key)?.bytes == [1])
    }.run()
  }

  // R11
  @Test("Two processes are two writers, with wall clocks of their own; a life more is a writer more") func writers()
    throws
  {
    let stamps = Lines()
    for _ in 0..<2 {
      try Simulation(seed: 9) { world in
        let ahead = world.process("ahead", skew: .milliseconds(250)),
          behind = world.process("behind", skew: .seconds(-2))
        try await world.sleep(for: .milliseconds(40))
        let epoch = UInt64(Simulation.World.epoch / .milliseconds(1))
        let first = ahead.runtime.nextStamp(), other = behind.runtime.nextStamp()
        #expect(first.milliseconds == epoch + 290)
        #expect(other.milliseconds == epoch + 40 - 2_000)
        // Written later, and ranked below: that is what a clock that is off does.
        #expect(other < first)
        // Until the writer has read what it overwrites.
        try behind.runtime.observe(first)
        #expect(behind.runtime.nextStamp() > first)
        ahead.restart()
        let again = ahead.runtime.nextStamp()
        #expect(Set([first.writer, other.writer, again.writer]).count == 3)
        #expect(again.milliseconds == first.milliseconds)
        for stamp in [first, other, again] { stamps.add("\(stamp)") }
      }.run()
    }
    // The same seed, the same writers.
    #expect(Array(stamps.all.prefix(3)) == Array(stamps.all.suffix(3)))
    try Simulation(seed: 10) { world in
      #expect(
        "\(world.process("ahead").runtime.nextStamp().writer)"
          != stamps.all[0].split(separator: "@").last.map(String.init))
    }.run()
  }

  @Test("The time on a process's clock begins when the process does") func clocks() throws {
    try Simulation(seed: 1) { world async throws in
      try await world.sleep(for: .seconds(3))
      let alice = world.process("alice")
      #expect(alice.runtime.now == .zero)
      try await alice.runtime.sleep(for: .seconds(2))
      #expect(alice.runtime.now == .seconds(2) && world.now == .seconds(5))
    }.run()
  }

  @Test("The world's own sleep ends early when its task is cancelled, and says so") func sleep() throws {
    try Simulation(seed: 1) { world in
      let task = Task(executorPreference: world.scheduler) { () -> DriverError? in
        do throws(DriverError) {
          try await world.sleep(for: .seconds(1))
          return nil
        } catch { return error }
      }
      try await world.sleep(for: .milliseconds(1))
      task.cancel()
      let error = await task.value
      #expect(error?.code == .cancelled && error?.effect == .unchanged, "\(String(describing: error))")
      #expect(world.now == .milliseconds(1))
    }.run()
  }

  @Test("The trace lists what happened, with the moment, the store, the call and what became of it") func trace() throws
  {
    let report = try Simulation(seed: 4) { world async throws in
      let alice = world.process("alice")
      world.leaf("a").faults.delay = .constant(.milliseconds(10))
      #expect(try await Self.put(1, by: alice, to: "a") == "stored")
      world.leaf("a").isDown = true
      #expect(try await Self.put(2, by: alice, to: "a") == "unavailable, unchanged")
      world.cut(alice, from: "a")
      #expect(try await Self.put(3, by: alice, to: "a") == "timedOut, unknown")
      alice.restart()
      world.note("the end")
    }.run()
    #expect(
      report.trace == [
        "0.010000 a: put 1: stored",
        "0.030000 a: put 2: unavailable: injected: a is down",
        "0.040000 alice is cut off from a",
        "0.050000 a: put 3: the request is lost: no connection",
        "0.140000 alice crashes",
        "0.140000 alice starts again",
        "0.140000 the end",
      ])
    #expect("\(report)".hasSuffix("\nseed 4: \(report.steps) steps in 0.14 seconds of virtual time"), "\(report)")
  }

  @Test("A deadlock says who waits, down to the call that is never answered") func waiting() throws {
    let error = try #require(
      #expect(throws: Simulation.Failure.self) {
        try Simulation(seed: 3) { world in
          let alice = world.process("alice")
          world.leaf("a").faults[.hang, on: .put] = 1
          let tree = try Strategy("notes", runtime: alice.runtime) {
            Timeout(.seconds(2)) { Replicated(writes: .atLeast(1)) { for name in ["a", "b"] { alice.leaf(name) } } }
          }
          _ = try await alice.perform("writing") { try await tree.put([1], at: "k") }
          // The write that hangs was left behind by all three nodes, and so by the one that waits for it here.
          _ = try await alice.perform("draining") { await tree.drain() }
        }.run()
      })
    guard case .deadlock = error.cause else { return #expect(Bool(false), "\(error)") }
    #expect(error.waiting == ["alice: draining, since 0.000000 s", "a: put 1, since 0.000000 s"], "\(error)")
    #expect("\(error)".contains("who waits for what:\n  alice: draining, since 0.000000 s\n  a: put 1"), "\(error)")
  }

  @Test("The hash of the trace changes when anything changes") func hash() throws {
    /// What may be different.
    struct Course: Sendable {
      var seed: UInt64 = 1
      var note = "begins", leaf = "a", fault: Fault.Kind?
      var delay: Duration = .milliseconds(10), pause: Duration = .milliseconds(5), count = 2
      var isDown = false, isCut = false, isDeleted = false, crashes = false
      var durability = FaultProfile.Durability.synced

      func run(keepsTrace: Bool) throws -> UInt64 {
        try Simulation(seed: seed, keepsTrace: keepsTrace) { [self] world in
          let alice = world.process("alice")
          world.note(note)
          var faults = FaultProfile()
          faults.delay = .constant(delay)
          if let fault { faults[fault, on: .put] = 1 }
          _ = world.leaf(leaf, ordering: .newestWins, faults: faults)
          world.leaf(leaf).isDown = isDown
          if isCut { world.cut(alice, from: leaf) }
          for number in 0..<count {
            _ = try await WorldTests.put(UInt8(number), by: alice, to: leaf)
            try await world.sleep(for: pause)
          }
          let handle = alice.leaf(leaf).timeout(.seconds(1)), runtime = alice.runtime
          if isDeleted { _ = try? await Context(runtime).delete(WorldTests.key, proof: nil, from: handle) }
          if crashes { alice.crash() }
        }.run().traceHash
      }
    }
    let changes: [(String, @Sendable (inout Course) -> Void)] = [
      ("the note", { $0.note = "begin" }), ("the store", { $0.leaf = "b" }),
      ("the delay", { $0.delay = .milliseconds(11) }),
      ("refused", { $0.fault = .refused }), ("throttled", { $0.fault = .throttled }),
      ("lost", { $0.fault = .lostReply }),
      ("torn", { $0.fault = .tornWrite }), ("down", { $0.isDown = true }), ("cut", { $0.isCut = true }),
      ("the pause", { $0.pause = .nanoseconds(5_000_001) }), ("one more", { $0.count = 3 }),
      ("deleted", { $0.isDeleted = true }), ("crashed", { $0.crashes = true }),
    ]
    var hashes: [UInt64: String] = [try Course().run(keepsTrace: true): "the original"]
    for (name, change) in changes {
      var course = Course()
      change(&course)
      let hash = try course.run(keepsTrace: true)
      #expect(hashes[hash] == nil, "\(name) is as \(hashes[hash] ?? "")")
      let other = try course.run(keepsTrace: false)
      #expect(hash == other, "\(name)")
      hashes[hash] = name
    }
  }

  @Test(
    "Nothing of a world is left when its run has ended",
    arguments: ["ends", "throws", "hangs", "has no end", "crashes"])
  func lifetime(how: String) throws {
    struct Mistake: Error {}
    let (world, leaf, process, runtime) = (
      Weak<Simulation.World>(), Weak<Leaf>(), Weak<Simulation.Process>(), Weak<Runtime>()
    )
    let simulation = Simulation(seed: 1, stepLimit: 2_000) { created in
      let alice = created.process("alice")
      world.note(created)
      process.note(alice)
      runtime.note(alice.runtime)
      created.leaf("a").faults.delay = .constant(.milliseconds(10))
      created.leaf("b").faults[.lostReply] = 1
      leaf.note(created.leaf("a").leaf)
      let tree = try Strategy("notes", runtime: alice.runtime) {
        Quorum(read: 1, write: 1, sloppy: true) { for name in ["a", "b"] { alice.leaf(name) } }
      }
      // Leaves a write behind at b, and a sleeper, and somebody who waits for ever.
      _ = try await alice.perform { try await tree.put([1], at: "k") }
      alice.runtime.start { try? await alice.runtime.sleep(for: .seconds(3_600)) }
      let waiter = Task(executorPreference: created.scheduler) { _ = try? await alice.perform { await tree.drain() } }
      try await created.sleep(for: .milliseconds(100))
      switch how {
      case "throws": throw Mistake()
      case "hangs": await waiter.value
      case "has no end": while true { try await created.sleep(for: .milliseconds(1)) }
      case "crashes":
        // With a message under way, and again in the next life.
        let sending = Task(executorPreference: created.scheduler) {
          try? await alice.perform { try await tree.get("k") }
        }
        try await created.sleep(for: .milliseconds(5))
        alice.crash()
        alice.restart()
        _ = await sending.value
        _ = alice.leaf("a")
        alice.crash()
      default: break
      }
    }
    let failure: Simulation.Failure?
    do throws(Simulation.Failure) {
      try simulation.run()
      failure = nil
    } catch { failure = error }
    #expect((failure == nil) == ["ends", "crashes"].contains(how), "\(failure.map { "\($0)" } ?? "")")
    #expect(!world.isThere && !leaf.isThere && !process.isThere && !runtime.isThere, "\(failure.map { "\($0)" } ?? "")")
  }
}
