import MetaDriver
private import Synchronization

/// The one thread of a simulation, and its time.
///
/// Jobs that are ready run first, in the order in which they came. When none is ready, time jumps to the next event.
/// Whatever reaches the scheduler from another thread has escaped from the simulation, and is counted.
final class Scheduler: TaskExecutor, Sendable {
  /// Something that waits for a moment.
  fileprivate enum Action {
    case wake(Sleeper)
    case run(@Sendable () -> Void)
  }

  /// A task that sleeps. Guarded by the scheduler's lock.
  fileprivate final class Sleeper: @unchecked Sendable {
    /// Whether its process has crashed, so that it never wakes while the simulation runs.
    let isForgotten: @Sendable () -> Bool
    var continuation: CheckedContinuation<Bool, Never>?
    /// Whether it was cancelled before it began to sleep.
    var isCancelled = false
    init(_ isForgotten: @escaping @Sendable () -> Bool) { self.isForgotten = isForgotten }
  }

  fileprivate struct State {
    var now: Int64 = 0
    var ready: [UnownedJob] = []
    /// Where the first of those ready stands in the array.
    var firstReady = 0
    var events = EventQueue<Action>()
    /// Sleepers of processes that crashed.
    var forgotten: [Sleeper] = []
    var sleeperCount = 0
    var cancelledCount = 0
    var escapes = 0
    var steps = 0
    var calls = 0
    /// Something to do before the step of this number.
    var interruption: (step: Int, action: @Sendable () -> Void)?
    /// How many steps and calls there may be.
    var limit = Int.max
    var isEnding = false
    var thread: UInt?
    var generator: SeededGenerator
  }

  private let state: Mutex<State>
  private let isShuffled: Bool

  /// Makes a scheduler.
  ///
  /// - Parameter isShuffled: Whether jobs run in an order drawn at random, instead of the order in which they came.
  init(seed: UInt64, isShuffled: Bool) {
    state = Mutex(State(generator: SeededGenerator(seed: seed)))
    self.isShuffled = isShuffled
  }

  /// The time, in nanoseconds since the simulation began.
  var now: Int64 {
    state.withLock { state in
      state.noteThread()
      return state.now
    }
  }

  /// How many jobs and events have run.
  var steps: Int { state.withLock(\.steps) }
  /// How much of a limit is used up: each step, and each call to a store.
  var spent: Int { state.withLock { $0.steps + $0.calls } }
  /// How many times another thread reached into the simulation.
  var escapes: Int { state.withLock(\.escapes) }
  /// How many events are planned, those of cancelled sleepers included.
  var eventCount: Int { state.withLock(\.events.count) }
  /// How many tasks sleep.
  var sleeperCount: Int { state.withLock(\.sleeperCount) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { state in
      state.noteThread()
      state.ready.append(job)
    }
  }

  /// Counts a call to a store, so that a loop of calls that never give the thread back ends at the limit too.
  func pass() async {
    let isPassed = state.withLock { state in
      state.calls += 1
      return state.steps + state.calls < state.limit
    }
    if !isPassed { _ = await sleep(until: 0) { false } }
  }

  /// Does something at a moment, in nanoseconds, or now if that has passed.
  func run(at moment: Int64, _ action: @escaping @Sendable () -> Void) {
    state.withLock { state in
      state.noteThread()
      state.events.add(.run(action), at: max(moment, state.now))
    }
  }

  /// Does something before one of the next steps: the first of them has the number 0.
  func interrupt(beforeStep step: Int, _ action: @escaping @Sendable () -> Void) {
    state.withLock { $0.interruption = ($0.steps + step, action) }
  }

  /// Sleeps until a moment, in nanoseconds.
  ///
  /// Whoever need not sleep, because the moment has passed or the task was cancelled, waits for its turn all the same: so
  /// a loop of such sleeps is made of steps, and ends at their limit. What would sleep when the simulation has ended is
  /// cancelled, so that a loop that looks at that ends too.
  ///
  /// - Parameter isForgotten: Whether the sleeper belongs to a process that crashed: it is not woken while the simulation
  ///   runs, not by cancellation either.
  /// - Returns: False when the task was cancelled, or the simulation ends.
  func sleep(until moment: Int64, isForgotten: @escaping @Sendable () -> Bool) async -> Bool {
    let sleeper = Sleeper(isForgotten)
    let isWoken = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        state.withLock { state in
          state.noteThread()
          sleeper.continuation = continuation
          state.sleeperCount += 1
          guard state.isEnding || !isForgotten() else { return state.forgotten.append(sleeper) }
          sleeper.isCancelled = state.isEnding || Task.isCancelled
          state.events.add(.wake(sleeper), at: sleeper.isCancelled ? state.now : max(moment, state.now))
        }
      }
    } onCancel: {
      let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
        state.noteThread()
        guard !isForgotten(), let continuation = state.take(sleeper) else { return nil }
        state.forgetCancelledEvents()
        return continuation
      }
      continuation?.resume(returning: false)
    }
    if !isWoken, state.withLock(\.isEnding) { cancelCallingTask() }
    return isWoken
  }

  /// Runs jobs and events on the calling thread.
  ///
  /// - Parameters:
  ///   - limit: How many it runs at most.
  ///   - isPatient: Whether, before it ends because nothing is left, it waits for what may have escaped.
  ///   - isOver: Asked before each.
  func run(limit: Int, isPatient: Bool, until isOver: () -> Bool) -> Ending {
    state.withLock { state in
      state.thread = currentThread()
      state.limit = limit
    }
    defer { state.withLock { $0.thread = nil } }
    while !isOver() {
      switch state.withLock({ $0.next(isShuffled: isShuffled) }) {
      case .job(let job): unsafe job.runSynchronously(on: asUnownedTaskExecutor())
      case .action(let action): action()
      case .wake(let sleeper, let isCancelled): sleeper.resume(returning: !isCancelled)
      case .limit: return .stepLimit
      case .idle:
        // Nothing can happen any more in here, but something that escaped may be on its way back.
        guard isPatient, waitForStrangers() else { return .idle }
      }
    }
    return .over
  }

  /// How a run ended.
  enum Ending {
    /// As it was asked to.
    case over
    /// Nothing is left that could happen.
    case idle
    /// So much has happened that there seems to be no end.
    case stepLimit
  }

  /// Wakes whoever still sleeps, as if cancelled, and forgets what was to happen; nobody sleeps from now on.
  func end() {
    let continuations = state.withLock { state in
      state.isEnding = true
      var continuations: [CheckedContinuation<Bool, Never>] = []
      for sleeper in state.forgotten {
        if let continuation = state.take(sleeper) { continuations.append(continuation) }
      }
      state.forgotten = []
      while let (_, action) = state.events.removeFirst() {
        guard case .wake(let sleeper) = action, let continuation = state.take(sleeper) else { continue }
        continuations.append(continuation)
      }
      return continuations
    }
    for continuation in continuations { continuation.resume(returning: false) }
  }

  /// Waits up to 200 ms of real time, and only where the run would fail otherwise.
  private func waitForStrangers() -> Bool {
    for _ in 0..<200 {
      if state.withLock({ $0.firstReady < $0.ready.count }) { return true }
      pauseThread(milliseconds: 1)
    }
    return state.withLock { $0.firstReady < $0.ready.count }
  }
}

extension Scheduler.State {
  fileprivate enum Next {
    case job(UnownedJob)
    case action(@Sendable () -> Void)
    case wake(CheckedContinuation<Bool, Never>, isCancelled: Bool)
    case limit
    case idle
  }

  /// Counts a call from any thread but the simulation's own.
  fileprivate mutating func noteThread() {
    if let thread, thread != currentThread() { escapes += 1 }
  }

  /// Takes the continuation of a sleeper, if it still sleeps.
  fileprivate mutating func take(_ sleeper: Scheduler.Sleeper) -> CheckedContinuation<Bool, Never>? {
    guard let continuation = sleeper.continuation else { return nil }
    sleeper.continuation = nil
    sleeperCount -= 1
    return continuation
  }

  /// Takes out what runs next.
  fileprivate mutating func next(isShuffled: Bool) -> Next {
    guard steps + calls < limit else { return .limit }
    if let (step, action) = interruption, steps >= step {
      interruption = nil
      return .action(action)
    }
    if firstReady < ready.count {
      steps += 1
      if isShuffled { ready.swapAt(firstReady, .random(in: firstReady..<ready.count, using: &generator)) }
      defer {
        firstReady += 1
        if firstReady == ready.count {
          ready.removeAll(keepingCapacity: true)
          firstReady = 0
        } else if firstReady > 1_024, firstReady > ready.count / 2 {
          ready.removeFirst(firstReady)
          firstReady = 0
        }
      }
      return .job(ready[firstReady])
    }
    while let (moment, action) = events.removeFirst() {
      switch action {
      case .run(let action):
        now = moment
        steps += 1
        return .action(action)
      case .wake(let sleeper):
        guard isEnding || !sleeper.isForgotten() else {
          forgotten.append(sleeper)
          continue
        }
        // Of one that was cancelled, not even the moment matters.
        guard let continuation = take(sleeper) else {
          cancelledCount -= 1
          continue
        }
        now = moment
        steps += 1
        return .wake(continuation, isCancelled: sleeper.isCancelled)
      }
    }
    return .idle
  }

  /// Keeps the events of cancelled sleepers from piling up.
  fileprivate mutating func forgetCancelledEvents() {
    cancelledCount += 1
    guard cancelledCount > 64, cancelledCount > events.count / 2 else { return }
    events.removeAll { if case .wake(let sleeper) = $0 { sleeper.continuation == nil } else { false } }
    cancelledCount = 0
  }
}
