import Dispatch
import Foundation
import MetaDriver
import TestSupport
import Testing

@testable import MetaDriverTesting

/// Whatever leaves the one thread of a simulation is reported, one way or the other: never is it taken for a good run.
///
/// The simulations run on a thread of their own, because some wait for the shared pool, whose threads other tests block.
@Suite struct SimulationEscapeTests {
  private static func failure(
    _ body: @escaping @Sendable (Simulation.World) async throws -> Void
  ) async throws -> Simulation.Failure? {
    try await apart {
      do throws(Simulation.Failure) {
        try Simulation(seed: 1, body).run()
        return nil
      } catch { return error }
    }
  }

  /// Stops the simulation's thread.
  private static func wait(for semaphore: DispatchSemaphore) { semaphore.wait() }

  @Test("A task of the code's own is counted, attached or detached", arguments: [false, true])
  func tasks(isDetached: Bool) async throws {
    let failure = try await Self.failure { world in
      let runtime = world.process("alice").runtime
      let isDone = DispatchSemaphore(value: 0)
      let work: @Sendable @concurrent () async -> Void = {
        _ = runtime.now
        isDone.signal()
      }
      if isDetached { Task.detached(operation: work) } else { Task(operation: work) }
      Self.wait(for: isDone)
    }
    guard case .escaped(count: 1)? = failure?.cause else {
      return #expect(Bool(false), "\(String(describing: failure))")
    }
    #expect("\(try #require(failure))".contains("1 calls came from other threads"))
  }

  @Test("A call to a store, a note and a sleep from another thread are counted") func otherThread() async throws {
    let failure = try await Self.failure { world in
      let alice = world.process("alice")
      let leaf = alice.leaf("a")
      let isDone = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        world.note("from outside")
        leaf.faults.delay = .none
        isDone.signal()
      }
      Self.wait(for: isDone)
    }
    guard case .escaped(count: 1)? = failure?.cause else {
      return #expect(Bool(false), "\(String(describing: failure))")
    }
  }

  @Test("A sleep on the system's clock is no sleep of the simulation: nothing can happen any more") func systemSleep()
    async throws
  {
    let failure = try await Self.failure { _ in try await Task.sleep(for: .seconds(3_600)) }
    guard case .deadlock? = failure?.cause else { return #expect(Bool(false), "\(String(describing: failure))") }
  }

  // Which of the two it is depends on when the main thread is free.
  @Test("Whoever goes to the main actor and comes back is an escape, or a deadlock while it is away")
  func thereAndBack() async throws {
    let failure = try await Self.failure { _ in await MainActor.run {} }
    switch failure?.cause {
    case .escaped, .deadlock: break
    default: #expect(Bool(false), "\(String(describing: failure))")
    }
  }

  @Test("Actors, groups, children and streams stay inside") func inside() async throws {
    actor Sum {
      var sum = 0
      func add(_ number: Int) { sum += number }
    }
    let totals = Lines()
    let failure = try await Self.failure { world in
      let sum = Sum()
      let (stream, continuation) = AsyncStream<Int>.makeStream()
      await withTaskGroup { group in
        group.addTask { for await number in stream { await sum.add(number) } }
        for number in 1...10 {
          group.addTask {
            try? await world.sleep(for: .milliseconds(number))
            continuation.yield(number)
            if number == 10 { continuation.finish() }
          }
        }
      }
      async let total = sum.sum
      totals.add("\(await total)")
    }
    #expect(totals.all == ["55"])
    #expect(failure == nil, "\(failure.map { "\($0)" } ?? "")")
  }
}
