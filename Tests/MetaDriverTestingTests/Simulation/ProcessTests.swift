import MetaDriver
import TestSupport
import Testing

@testable import MetaDriverTesting

@Suite struct ProcessTests {
  private static let key = Key.mutable("k")

  @Test("What runs in a process gives its answer, or throws what it throws") func performs() throws {
    struct Mistake: Error {}
    try Simulation(seed: 1) { world async throws in
      let alice = world.process("alice")
      #expect(try await alice.perform { 7 } == 7)
      await #expect(throws: Mistake.self) { try await alice.perform { throw Mistake() } }
      #expect(world.waiting.isEmpty)
    }.run()
  }

  @Test("A process that crashes while it sleeps never wakes, and does not keep time going") func sleeping() throws {
    let lines = Lines()
    let report = try Simulation(seed: 1) { world in
      let alice = world.process("alice")
      let runtime = alice.runtime
      async let answer = alice.perform {
        try await runtime.sleep(for: .seconds(1))
        lines.add("woken")
      }
      try await world.sleep(for: .milliseconds(500))
      alice.crash()
      #expect(try await answer == nil)
      #expect(world.now == .milliseconds(500))
      try await world.sleep(for: .seconds(10))
      #expect(lines.all.isEmpty)
    }.run()
    #expect(report.elapsed == .milliseconds(10_500))
    // When all ends, a sleeper is told that it was cancelled, and so does not go on then either.
    #expect(lines.all.isEmpty)
  }

  @Test("Cancellation does not wake a task of a process that crashed") func cancelled() throws {
    let lines = Lines()
    try Simulation(seed: 1) { world in
      let alice = world.process("alice")
      let task = alice.runtime.start { [runtime = alice.runtime] in
        try? await runtime.sleep(for: .seconds(1))
        lines.add("goes on")
      }
      alice.crash()
      task.cancel()
      try await world.sleep(for: .seconds(10))
      #expect(lines.all.isEmpty)
    }.run()
  }

  @Test(
    "Nothing begins in a process that crashed before it had its turn, nor in its next life", arguments: [false, true])
  func between(restarts: Bool) throws {
    let lines = Lines()
    try Simulation(seed: 1) { world async throws in
      let alice = world.process("alice")
      async let answer = alice.perform {
        lines.add("begins")
        return 1
      }
      async let crash: Void = {
        alice.crash()
        if restarts { alice.restart() }
      }()
      await crash
      #expect(try await answer == nil)
      try await world.sleep(for: .seconds(1))
      #expect(lines.all.isEmpty)
      #expect(try await alice.perform { 2 } == (restarts ? 2 : nil))
    }.run()
  }

  @Test("Nothing runs in a process that has crashed") func afterCrash() throws {
    let lines = Lines()
    try Simulation(seed: 1) { world async throws in
      let alice = world.process("alice")
      alice.crash()
      #expect(try await alice.perform { lines.add("runs") } == nil)
      #expect(!alice.isRunning && alice.incarnation == 1)
      // To crash once more changes nothing.
      alice.crash()
      alice.restart()
      #expect(alice.isRunning && alice.incarnation == 2)
      #expect(try await alice.perform { 1 } == 1)
    }.run()
    #expect(lines.all.isEmpty)
  }

  @Test("A process that crashes itself has no answer to give") func suicide() throws {
    try Simulation(seed: 1) { world async throws in
      let alice = world.process("alice")
      #expect(
        try await alice.perform {
          alice.crash()
          return 1
        } == nil)
    }.run()
  }

  @Test("Whoever waits for something in a process is told of the crash, in the order in which they came") func told()
    throws
  {
    let lines = Lines()
    try Simulation(seed: 1) { world in
      let alice = world.process("alice")
      try await withThrowingTaskGroup { group in
        for number in 0..<20 {
          group.addTask {
            let answer: Void? = try await alice.perform { try await world.sleep(for: .seconds(1)) }
            lines.add("\(number): \(answer == nil ? "crashed" : "answered")")
          }
        }
        try await world.sleep(for: .milliseconds(1))
        alice.crash()
        try await group.waitForAll()
      }
      #expect(world.now == .milliseconds(1))
    }.run()
    #expect(lines.all == (0..<20).map { "\($0): crashed" })
  }

  @Test("A crash leaves what was sent to its fate, and sends nothing that waited for its turn") func background() throws
  {
    try Simulation(seed: 1) { world in
      let alice = world.process("alice")
      for (name, delay) in [("a", 1), ("b", 20), ("c", 20)] {
        _ = world.leaf(name, ordering: .fifo)
        world.leaf(name).faults.delay = .constant(.milliseconds(delay))
      }
      let notes = try Strategy("notes", runtime: alice.runtime) {
        Replicated(writes: .atLeast(1)) { for name in ["a", "b", "c"] { alice.leaf(name) } }
      }
      // Two writes are answered by a; of each of b and c, the first travels and the second waits for its turn.
      for byte: UInt8 in [1, 2] { _ = try await alice.perform { try await notes.put([byte], at: "k") } }
      #expect(world.now == .milliseconds(4))
      alice.crash()
      try await world.sleep(for: .seconds(10))
      #expect(world.leaf("a").contents[Self.key]?.bytes == [2])
      for name in ["b", "c"] { #expect(world.leaf(name).contents[Self.key]?.bytes == [1], "\(name)") }

      // The next life is not behind the turns of the last.
      alice.restart()
      let again = try Strategy("notes", runtime: alice.runtime) {
        Replicated { for name in ["a", "b", "c"] { alice.leaf(name) } }
      }
      _ = try await alice.perform { try await again.put([3], at: "k") }
      #expect(world.leaf("b").contents[Self.key]?.bytes == [3])
    }.run()
  }

  // R13, R28
  @Test("Writes of one process take turns at a store, whichever tree they come from; those of two processes do not")
  func turns() throws {
    try Simulation(seed: 1) { world async throws in
      let alice = world.process("alice"), bob = world.process("bob")
      _ = world.leaf("a", ordering: .fifo)
      world.leaf("a").faults.delay = .constant(.milliseconds(10))
      func writes(_ processes: [Simulation.Process]) async throws -> Duration {
        let start = world.now
        try await withThrowingTaskGroup { group in
          for (number, process) in processes.enumerated() {
            let tree = try Strategy("notes", runtime: process.runtime) { process.leaf("a") }
            group.addTask { _ = try await process.perform { try await tree.put([UInt8(number)], at: "k") } }
          }
          try await group.waitForAll()
        }
        return world.now - start
      }
      #expect(try await writes([alice, bob]) == .milliseconds(20))
      #expect(try await writes([alice, alice, alice]) == .milliseconds(60))
      #expect(alice.leaf("a").leaf === alice.leaf("a").leaf)
      let before = alice.leaf("a")
      alice.restart()
      #expect(before.leaf !== alice.leaf("a").leaf && before.leaf?.identity == alice.leaf("a").leaf?.identity)
    }.run()
  }

  @Test("An answer from an earlier life is nobody's") func earlierLife() throws {
    try Simulation(seed: 1) { world async throws in
      let alice = world.process("alice")
      world.leaf("a").faults.delay = .constant(.milliseconds(10))
      let leaf = alice.leaf("a"), runtime = alice.runtime
      async let first = alice.perform { try await Context(runtime).put(Record([1]), at: Self.key, to: leaf).result }
      try await world.sleep(for: .milliseconds(15))
      alice.restart()
      #expect(try await first == nil)
      // The reply to the earlier life arrives now, and changes nothing for this one.
      let present = alice.runtime, now = alice.leaf("a")
      #expect(try await alice.perform { try await Context(present).get(Self.key, from: now)?.bytes } == [1])
      #expect(world.now == .milliseconds(35))
    }.run()
  }

  @Test("A process has the leaf that it names, made without faults where nobody made it before") func leaves() throws {
    try Simulation(seed: 1) { world async throws in
      let leaf = world.process("alice").leaf("a")
      #expect(leaf.faults == .none && leaf.leaf?.name == "a" && leaf.leaf?.ordering == .newestWins)
      leaf.isDown = true
      #expect(world.leaf("a").isDown)
    }.run()
  }

  @Test("The observer of a process is told of what runs in it, in all its lives, and of nothing else")
  func observer() throws {
    let recorder = Recorder()
    try Simulation(seed: 1) { world in
      let (alice, bob) = (world.process("alice", observer: recorder), world.process("bob"))
      for process in [alice, bob] {
        _ = try await Strategy("s", runtime: process.runtime) { process.leaf("a") }.get("k")
      }
      alice.restart()
      _ = try await Strategy("t", runtime: alice.runtime) { alice.leaf("a") }.get("k")
    }.run()
    #expect(recorder.events.map { $0.path.joined(separator: "/") } == ["s/a", "t/a"])
  }
}
