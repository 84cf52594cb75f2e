import Foundation
import MetaDriver
import TestSupport
import Testing

@testable import MetaDriverTesting

@Suite struct SimulationTests {
  private static let key = Key.mutable("k")

  @Test("A strategy runs in virtual time, and the report says how long it took")
  func strategy() throws {
    let report = try Simulation(seed: 7) { world in
      let alice = world.process("alice")
      let notes = try Strategy("notes", runtime: alice.runtime) {
        Quorum(read: 2, write: 2) { for name in ["a", "b", "c"] { alice.leaf(name) } }
      }
      for (name, delay) in [("a", 5), ("b", 10), ("c", 20)] {
        world.leaf(name).faults.delay = .constant(.milliseconds(delay))
      }
      try await notes.put([1], at: "k")
      #expect(world.now == .milliseconds(20))
      #expect(try await notes.get("k")?.bytes == [1])
      #expect(world.now == .milliseconds(40))
    }.run()
    #expect(report.elapsed == .milliseconds(40))
    #expect(report.seed == 7)
  }

  @Test("A day of back-off takes no time")
  func backOff() throws {
    let report = try Simulation(seed: 1, keepsTrace: false) { world in
      let runtime = world.process("alice").runtime
      var pause: Duration = .milliseconds(100)
      while world.now < .seconds(24 * 3_600) {
        try await runtime.sleep(for: pause)
        pause = min(pause * 2, .seconds(30))
      }
    }.run()
    #expect(report.elapsed >= .seconds(24 * 3_600))
    // Whoever sleeps costs two steps, however long: this is what takes no time.
    #expect(report.steps < 10_000)
  }

  @Test("A wait that nothing can end is a deadlock, and the error says who waits for what")
  func deadlock() throws {
    let error = try #require(
      #expect(throws: Simulation.Failure.self) {
        try Simulation(seed: 3) { world in
          let alice = world.process("alice")
          world.leaf("a").faults[.lostReply, on: .put] = 1
          let leaf = alice.leaf("a")
          _ = try await alice.perform("writing") {
            try await Context(alice.runtime).put(Record([1]), at: Self.key, to: leaf)
          }
        }.run()
      })
    guard case .deadlock = error.cause else { return #expect(Bool(false), "\(error)") }
    #expect(error.waiting == ["alice: writing, since 0.000000 s", "a: put 1, since 0.000000 s"])
    #expect("\(error)".hasPrefix("seed 3 failed after "))
  }

  @Test("What a body throws comes out, with the trace")
  func thrown() throws {
    struct Mistake: Error {}
    let error = try #require(
      #expect(throws: Simulation.Failure.self) {
        try Simulation(seed: 3) { world in
          world.note("before it")
          throw Mistake()
        }.run()
      })
    guard case .thrown(let cause) = error.cause else { return #expect(Bool(false), "\(error)") }
    #expect(cause is Mistake)
    #expect(error.report.trace == ["0.000000 before it"])
  }

  @Test("A simulation without an end is given up, and says who still waits")
  func stepLimit() throws {
    let error = try #require(
      #expect(throws: Simulation.Failure.self) {
        try Simulation(seed: 3, stepLimit: 1_000) { world in
          let alice = world.process("alice")
          _ = try await alice.perform("polling") { while true { try await alice.runtime.sleep(for: .seconds(1)) } }
        }.run()
      })
    guard case .stepLimit(1_000) = error.cause else { return #expect(Bool(false), "\(error)") }
    #expect(error.waiting == ["alice: polling, since 0.000000 s", "1 tasks sleep"])
  }

  @Test("What comes from another thread has escaped, and is counted")
  func escape() throws {
    let error = try #require(
      #expect(throws: Simulation.Failure.self) {
        try Simulation(seed: 3) { world in
          let alice = world.process("alice")
          await withCheckedContinuation { caller in
            Thread.detachNewThread {
              _ = alice.runtime.now
              caller.resume()
            }
          }
        }.run()
      })
    guard case .escaped(let count) = error.cause else { return #expect(Bool(false), "\(error)") }
    // The look at the clock; and the way back, unless it was quicker than the wait for it.
    #expect((1...2).contains(count))
  }

  @Test("A process that crashes never goes on, and what it had sent arrives")
  func crash() throws {
    let done = Counter()
    try Simulation(seed: 5) { world in
      let alice = world.process("alice")
      world.leaf("a").faults.delay = .constant(.milliseconds(10))
      let leaf = alice.leaf("a"), runtime = alice.runtime
      async let answer = alice.perform {
        _ = try await Context(runtime).put(Record([1]), at: Self.key, to: leaf)
        done.add(1)
      }
      try await world.sleep(for: .milliseconds(5))
      alice.crash()
      #expect(try await answer == nil)
      #expect(!alice.isRunning)
      try await world.sleep(for: .milliseconds(100))
      #expect(world.leaf("a").contents[Self.key]?.bytes == [1])
      alice.restart()
      #expect(alice.isRunning)
      #expect(alice.runtime !== runtime)
      let again = alice.leaf("a"), present = alice.runtime
      #expect(try await alice.perform { try await Context(present).get(Self.key, from: again)?.bytes } == [1])
    }.run()
    #expect(done.value == 0)
  }

  @Test("What a process sends after it crashed does not arrive")
  func afterCrash() throws {
    try Simulation(seed: 5) { world in
      let alice = world.process("alice")
      let leaf = alice.leaf("a"), runtime = alice.runtime
      alice.crash()
      let writing = Task(executorPreference: world.scheduler) {
        _ = try await Context(runtime).put(Record([1]), at: Self.key, to: leaf)
      }
      _ = writing
      try await world.sleep(for: .seconds(1))
      #expect(world.leaf("a").contents.isEmpty)
    }.run()
  }

  @Test("Of many seeds the first that fails is shown, with its trace")
  func explore() {
    struct Unlucky: Error {}
    let failure = Simulation.explore(seeds: 0..<100) { world in
      world.leaf("a").faults[.refused, on: .get] = 0.05
      do throws(DriverError) { _ = try await world.process("alice").leaf("a").get(Self.key, in: Context()) } catch {
        throw Unlucky()
      }
    }
    #expect(failure?.report.trace.last?.contains("refuses") == true)
    #expect((failure?.report.seed).map { $0 > 0 } == true)
    #expect(Simulation.explore(seeds: 0..<10) { try await $0.sleep(for: .seconds(1)) } == nil)
  }
}
