import MetaDriver
import Testing

@testable import MetaDriverTesting

/// What becomes of tasks that still run when the body has ended.
@Suite struct SimulationEndTests {
  private static let key = Key.mutable("k")

  private static func failure(_ simulation: Simulation) -> Simulation.Failure? {
    do throws(Simulation.Failure) {
      try simulation.run()
      return nil
    } catch { return error }
  }

  /// What a task does again and again.
  enum Loop: String, CaseIterable, Sendable {
    case sleeps, sleepsOutside, calls, callsWithoutDelay, performs

    @Sendable func turn(_ world: Simulation.World, _ process: Simulation.Process, _ leaf: Faulty, _ runtime: Runtime)
      async
    {
      switch self {
      case .sleeps: try? await runtime.sleep(for: .seconds(1))
      case .sleepsOutside: try? await world.sleep(for: .seconds(1))
      case .calls, .callsWithoutDelay: _ = try? await Context(runtime).get(SimulationEndTests.key, from: leaf)
      case .performs:
        process.restart()
        _ = try? await process.perform { try await world.sleep(for: .seconds(1)) }
      }
    }
  }

  private static func simulation(_ loop: Loop, inProcess: Bool, isPolite: Bool) -> Simulation {
    Simulation(seed: 1, stepLimit: 3_000) { world in
      let alice = world.process("alice"), bob = world.process("bob")
      let leaf = alice.leaf("a"), runtime = alice.runtime
      if loop == .calls { leaf.faults.delay = .constant(.milliseconds(10)) }
      let endless: @Sendable () async -> Void = {
        // Without a delay the first call is the only one before the end that can be told from a loop on one thread.
        if loop == .callsWithoutDelay { try? await world.sleep(for: .seconds(3_600)) }
        while !isPolite || !Task.isCancelled { await loop.turn(world, bob, leaf, runtime) }
      }
      let task = Task(executorPreference: world.scheduler) {
        if inProcess { _ = try? await alice.perform { await endless() } } else { await runtime.start(endless).value }
      }
      try await world.sleep(for: .milliseconds(100))
      _ = task
    }
  }

  @Test(
    "A task that goes on after the end, cancelled or not, is reported and hangs nobody", arguments: Loop.allCases,
    [true, false])
  func rude(loop: Loop, inProcess: Bool) throws {
    let failure = try #require(Self.failure(Self.simulation(loop, inProcess: inProcess, isPolite: false)))
    guard case .stepLimit(3_000) = failure.cause else { return #expect(Bool(false), "\(failure)") }
    // It is reported as it was when the body ended.
    #expect(failure.report.elapsed == .milliseconds(100))
  }

  @Test("A task that heeds cancellation ends with the simulation", arguments: Loop.allCases, [true, false])
  func polite(loop: Loop, inProcess: Bool) {
    let failure = Self.failure(Self.simulation(loop, inProcess: inProcess, isPolite: true))
    #expect(failure == nil, "\(failure.map { "\($0)" } ?? "")")
  }

  @Test("What the body threw is more than a task that does not end") func thrown() throws {
    struct Mistake: Error {}
    let failure = try #require(
      Self.failure(
        Simulation(seed: 1, stepLimit: 1_000) { world in
          let runtime = world.process("alice").runtime
          runtime.start { while true { try? await runtime.sleep(for: .seconds(1)) } }
          throw Mistake()
        }))
    guard case .thrown(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
    #expect(error is Mistake)
  }

  @Test("There may be no limit of steps at all") func noLimit() throws {
    try Simulation(seed: 1, stepLimit: .max) { world in
      let runtime = world.process("alice").runtime
      runtime.start { try? await runtime.sleep(for: .seconds(1)) }
      try await runtime.sleep(for: .milliseconds(1))
    }.run()
  }

  @Test("Sleepers of every kind, callers and waiters end with the simulation, and the time stays as it was")
  func everybody() throws {
    let lines = Lines()
    let report = try Simulation(seed: 1) { world in
      let alice = world.process("alice"), runtime = alice.runtime
      _ = world.leaf("a", ordering: .fifo)
      world.leaf("a").faults[.lostReply] = 1
      let leaf = alice.leaf("a")
      runtime.start {
        try? await runtime.sleep(for: .seconds(365 * 24 * 3_600))
        lines.add("a sleeper")
      }
      // The second waits for its turn behind the first, which waits for a reply.
      for number in 1...2 {
        runtime.start {
          do throws(DriverError) { _ = try await Context(runtime).put(Record([1]), at: Self.key, to: leaf) } catch {
            lines.add("caller \(number): \(error.code)")
          }
        }
      }
      let gate = Gate()
      let waiting = Task(executorPreference: world.scheduler) {
        _ = try? await alice.perform {
          do { try await gate.wait() } catch { lines.add("a waiter") }
        }
      }
      _ = waiting
      try await world.sleep(for: .seconds(1))
      #expect(lines.all.isEmpty)
    }.run()
    #expect(lines.all.sorted() == ["a sleeper", "a waiter", "caller 1: cancelled", "caller 2: cancelled"])
    #expect(report.elapsed == .seconds(1))
  }
}
