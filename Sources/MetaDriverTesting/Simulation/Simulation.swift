private import Synchronization

/// Runs code on one thread in virtual time, so that one seed is one course of events, for ever.
///
/// ```swift
/// let report = try Simulation(seed: 7) { world in
///   let alice = world.process("alice")
///   let notes = try Strategy("notes", runtime: alice.runtime) {
///     Quorum(read: 2, write: 2) {
///       alice.leaf("disk")
///       alice.leaf("eu")
///       alice.leaf("us")
///     }
///   }
///   world.leaf("us").isDown = true
///   let receipt = try await notes.put(bytes, at: "alice/profile")
///   world.note("\(receipt)")
/// }.run()
/// print(report)
/// ```
///
/// Whatever goes through a `Runtime` of the simulation runs in it: sleeping for a day takes no time, tasks run in the
/// order in which they became ready, and randomness follows from the seed. The same seed gives the same trace in every
/// process, and in debug and release builds.
///
/// A run fails when the body throws, when nothing can happen any more and the body has not ended (a deadlock), when
/// anything reaches it from another thread (a `Task` of the code's own, a hop to the main actor, another clock), and when
/// it seems to have no end. The error prints the seed, who waits for what, and the last of the trace. A wait for another
/// clock that is over before the task has gone to sleep is not noticed: the task never left.
///
/// - Complexity: About a million steps a second, in a release build.
public struct Simulation: Sendable {
  /// In which order jobs run that are ready at one moment.
  public enum JobOrder: Hashable, Sendable {
    /// In the order in which they became ready: a seed gives one trace in every build.
    case firstInFirstOut
    /// In an order drawn from the seed, which finds more, and is the same only within one build.
    case shuffled
  }

  /// What everything random follows from.
  public let seed: UInt64
  private let order: JobOrder
  private let stepLimit: Int
  private let keepsTrace: Bool
  private let body: @Sendable (World) async throws -> Void
  private let plan: (any FaultPlan)?

  /// Describes a simulation.
  ///
  /// - Parameters:
  ///   - seed: What everything random follows from.
  ///   - order: In which order jobs run that are ready at one moment.
  ///   - stepLimit: After how many jobs, events and calls to stores the run is given up.
  ///   - keepsTrace: Whether the report has the trace as text, which takes time; the hash it has always.
  ///   - body: What runs. It is in no process: nothing that it calls itself can crash.
  public init(
    seed: UInt64, order: JobOrder = .firstInFirstOut, stepLimit: Int = 10_000_000, keepsTrace: Bool = true,
    _ body: @escaping @Sendable (World) async throws -> Void
  ) {
    self.init(seed: seed, order: order, stepLimit: stepLimit, keepsTrace: keepsTrace, plan: nil, body)
  }

  /// Describes a simulation in which a plan says what becomes of each call.
  init(
    seed: UInt64, order: JobOrder = .firstInFirstOut, stepLimit: Int = 10_000_000, keepsTrace: Bool,
    plan: (any FaultPlan)?, _ body: @escaping @Sendable (World) async throws -> Void
  ) {
    precondition(stepLimit >= 1, "a simulation of \(stepLimit) steps does nothing")
    self.seed = seed
    self.order = order
    self.stepLimit = stepLimit
    self.keepsTrace = keepsTrace
    self.plan = plan
    self.body = body
  }

  /// Runs the simulation to its end, on the calling thread.
  ///
  /// - Returns: What happened.
  /// - Throws: Why it failed, with all that is needed to find out.
  @discardableResult
  public func run() throws(Failure) -> Report {
    let world = World(seed: seed, isShuffled: order == .shuffled, keepsTrace: keepsTrace, plan: plan)
    let result = Mutex<Result<Void, any Error>?>(nil)
    // Enqueued before the thread is known, and so no escape.
    let task = Task(executorPreference: world.scheduler) { [body] in
      do {
        try await body(world)
        result.withLock { $0 = .success(()) }
      } catch {
        result.withLock { $0 = .failure(error) }
      }
    }
    let ending = world.scheduler.run(limit: stepLimit, isPatient: true) { result.withLock { $0 != nil } }
    let waiting = ending == .over ? [] : world.waiting
    let report = world.report()
    let escapes = world.scheduler.escapes
    task.cancel()
    let isEnded = world.end(limit: stepLimit)
    let cause: Failure.Cause? =
      if escapes > 0 { .escaped(count: escapes) } else {
        switch (ending, result.withLock { $0 }) {
        case (.idle, _): .deadlock
        case (.stepLimit, _): .stepLimit(stepLimit)
        case (.over, .failure(let error)?): .thrown(error)
        default: isEnded ? nil : .stepLimit(stepLimit)
        }
      }
    if let cause { throw Failure(cause, report: report, waiting: waiting) }
    return report
  }
}
