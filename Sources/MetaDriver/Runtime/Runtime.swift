private import Synchronization

/// What a strategy needs from the world: a clock, randomness, threads, and a place for work that outlives a call.
///
/// Nothing in the package reads a clock, draws a random number, sleeps or starts a task except through the runtime it
/// was called with. That is what lets a whole strategy run in a simulator, second by virtual second.
///
/// ```swift
/// let runtime = Runtime(observer: Printer())
/// let profiles = try Strategy("profiles", runtime: runtime) { … }
/// ```
///
/// One runtime may serve many strategies. It owns the writes that go on after their caller was answered: wait for them
/// with ``drain(timeout:)`` before the process ends.
public final class Runtime: Sendable {
  /// The runtime of calls that are given none: the system's clocks and randomness, no observer.
  public static let shared = Runtime()

  /// How many operations may outlive their callers at each child of a node before that child is skipped.
  public let backgroundLimit: Int
  /// Who is told of every operation; `nil` for nobody.
  public let observer: (any Observer)?
  /// Where the runtime's own tasks run; `nil` for the shared pool.
  public let executor: (any TaskExecutor)?

  private let readClock: @Sendable () -> Duration
  private let sleepUntil: @Sendable (Duration) async throws -> Void
  private let wallClock: @Sendable () -> Duration

  private struct State {
    var generator: any RandomNumberGenerator & Sendable
    var stamps: HybridLogicalClock
    var tasks = 0
    var waiters: [UInt64: Waiter] = [:]
    var lastWaiter: UInt64 = 0
  }

  /// Somebody who waits for the tasks to end.
  private enum Waiter {
    case arriving
    /// Gave up before it began to wait.
    case late
    case waiting(CheckedContinuation<Bool, Never>)
  }
  private let state: Mutex<State>

  /// Makes a runtime.
  ///
  /// - Parameters:
  ///   - clock: Measures durations and deadlines, and wakes sleepers.
  ///   - wallClock: The time since 1970, for stamps.
  ///   - random: The source of every random number.
  ///   - executor: Where the runtime's own tasks run; the shared pool when it is not given.
  ///   - observer: Who is told of every operation.
  ///   - backgroundLimit: How many operations may outlive their callers at each child of a node.
  public init<C: Clock>(
    clock: C = ContinuousClock(), wallClock: @escaping @Sendable () -> Duration = Runtime.systemTime,
    random: some RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
    executor: (any TaskExecutor)? = nil, observer: (any Observer)? = nil, backgroundLimit: Int = 1_024
  ) where C.Duration == Duration, C.Instant: Sendable {
    precondition(backgroundLimit >= 1, "a runtime with a background limit of \(backgroundLimit) could not write")
    let start = clock.now
    readClock = { start.duration(to: clock.now) }
    sleepUntil = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
    self.wallClock = wallClock
    self.executor = executor
    self.observer = observer
    self.backgroundLimit = backgroundLimit
    var generator: any RandomNumberGenerator & Sendable = random
    let writer = UInt64.random(in: 1...UInt64.max, using: &generator)
    state = Mutex(State(generator: generator, stamps: HybridLogicalClock(writer: writer)))
  }

  /// The time on the runtime's clock, since the runtime was made.
  public var now: Duration { readClock() }

  /// Waits until a moment of the runtime's clock.
  ///
  /// - Throws: `cancelled` when the task is cancelled first.
  public func sleep(until moment: Duration) async throws(DriverError) {
    do { try await sleepUntil(moment) } catch {
      throw DriverError(.cancelled, "cancelled while waiting", effect: .unchanged)
    }
  }

  /// Waits for a duration.
  ///
  /// - Throws: `cancelled` when the task is cancelled first.
  public func sleep(for duration: Duration) async throws(DriverError) { try await sleep(until: now + duration) }

  /// Draws from the runtime's source of randomness.
  public func withRandom<Result: Sendable>(_ draw: (inout any RandomNumberGenerator & Sendable) -> Result) -> Result {
    state.withLock { draw(&$0.generator) }
  }

  /// A stamp newer than every stamp this runtime has made or observed.
  public func nextStamp() -> Stamp {
    let milliseconds = wallMilliseconds
    return state.withLock { $0.stamps.next(milliseconds: milliseconds) }
  }

  /// Takes note of a stamp that was read, so that what is written next ranks above it, however far ahead it is of this
  /// machine's clock. One so late that hardly any stamp is left above it is not followed.
  ///
  /// ``Context`` does so with every stamp that comes from a leaf.
  ///
  /// - Returns: How far the stamp is ahead of this machine's clock, where it is, and is the newest that was seen.
  /// - Throws: `corrupt` when the stamp leaves no room for stamps above it: no clock makes such a one.
  @discardableResult
  public func observe(_ stamp: Stamp) throws(DriverError) -> Duration? {
    guard stamp.isPossible else {
      throw DriverError(.corrupt, "the stamp \(stamp) leaves no room for newer ones: it is damaged, or made up")
    }
    guard state.withLock({ $0.stamps.observe(stamp) }) else { return nil }
    let lead = Duration.milliseconds(Int64(stamp.milliseconds)) - wallClock()
    return lead > .zero ? lead : nil
  }

  /// The time on the wall, since 1970.
  package var wallTime: Duration { wallClock() }

  /// The time of day, as stamps have it.
  var wallMilliseconds: UInt64 { UInt64(min(max(.zero, wallClock()), Self.latestWallTime) / .milliseconds(1)) }

  /// Later than any stamp may say, and not so late that it could not be counted.
  private static let latestWallTime = Duration.milliseconds(Int64(1) << 46)

  // MARK: Background work

  /// How many operations are under way in tasks of the runtime's own, stragglers included.
  public var taskCount: Int { state.withLock { $0.tasks } }

  /// Starts work in a task of the runtime's own. It begins on the caller's thread and leaves it at its first
  /// suspension, so it must not block.
  @discardableResult
  public func start(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    startUnfinished {
      await work()
      self.finishTask()
    }
  }

  /// Starts work that nobody waits for, because it may wait itself for as long as it likes: whoever starts it cancels it.
  func startService(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    Self.immediately(on: executor) { await work() }
  }

  /// Starts work that ends with a call of `finishTask()`, which saves the closure around it.
  @inline(__always)
  func startUnfinished<Nothing: Sendable>(
    _ work: @escaping @Sendable @isolated(any) () async -> Nothing
  ) -> Task<Nothing, Never> {
    state.withLock { $0.tasks += 1 }
    return Self.immediately(on: executor, work)
  }

  /// Generic, although the result is always `Void`, because the closure then needs no other one around it.
  @inline(__always)
  private static func immediately<Nothing: Sendable>(
    on executor: (any TaskExecutor)?, _ work: @escaping @Sendable @isolated(any) () async -> Nothing
  ) -> Task<Nothing, Never> {
    if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
      // Without the argument the task carries no record of a preference, which is a fifth of what it costs.
      guard let executor else { return Task.immediate(operation: work) }
      return Task.immediate(executorPreference: executor, operation: work)
    }
    return Task(executorPreference: executor, operation: work)
  }

  func finishTask() {
    let waiters = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
      state.tasks -= 1
      guard state.tasks == 0, !state.waiters.isEmpty else { return [] }
      var ready: [CheckedContinuation<Bool, Never>] = []
      // Those who have not begun to wait see for themselves that nothing is under way. The others are woken in the
      // order in which they came, which a simulation depends on.
      for (id, waiter) in state.waiters.sorted(by: { $0.key < $1.key }) {
        guard case .waiting(let continuation) = waiter else { continue }
        state.waiters[id] = nil
        ready.append(continuation)
      }
      return ready
    }
    for waiter in waiters { waiter.resume(returning: true) }
  }

  /// Waits until no task of the runtime's own is under way.
  ///
  /// - Parameter timeout: How long to wait; `nil` waits for as long as it takes.
  /// - Returns: Whether everything ended in time.
  @discardableResult
  public func drain(timeout: Duration? = nil) async -> Bool {
    let id = state.withLock { state in
      state.lastWaiter += 1
      state.waiters[state.lastWaiter] = .arriving
      return state.lastWaiter
    }
    let timer = timeout.map { timeout in
      let moment = now + timeout
      return Self.immediately(on: executor) {
        do { try await self.sleepUntil(moment) } catch { return }
        self.giveUp(waiter: id)
      }
    }
    defer { timer?.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        let answer: Bool? = state.withLock { state in
          let isLate = if case .late = state.waiters[id] { true } else { false }
          guard state.tasks > 0, !isLate else {
            state.waiters[id] = nil
            return state.tasks == 0
          }
          state.waiters[id] = .waiting(waiter)
          return nil
        }
        if let answer { waiter.resume(returning: answer) }
      }
    } onCancel: {
      giveUp(waiter: id)
    }
  }

  private func giveUp(waiter id: UInt64) {
    let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      switch state.waiters[id] {
      case .waiting(let waiter):
        state.waiters[id] = nil
        return waiter
      case .arriving: state.waiters[id] = .late
      case .late, nil: break
      }
      return nil
    }
    waiter?.resume(returning: false)
  }
}
