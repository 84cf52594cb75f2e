import MetaDriver
private import Synchronization

/// A clock and a thread in one, which runs whatever is ready and then jumps to the moment at which the next sleeper
/// wakes: an hour of virtual time takes no time, and every moment is exact.
final class VirtualTime: Clock, TaskExecutor {
  /// A moment: the time since the clock was made.
  struct Instant: InstantProtocol {
    var elapsed: Swift.Duration
    func advanced(by duration: Swift.Duration) -> Instant { Instant(elapsed: elapsed + duration) }
    func duration(to other: Instant) -> Swift.Duration { other.elapsed - elapsed }
    static func < (left: Instant, right: Instant) -> Bool { left.elapsed < right.elapsed }
  }

  private struct State {
    var now = Swift.Duration.zero
    var ready: [UnownedJob] = []
    var sleepers: [Int: (until: Swift.Duration, continuation: CheckedContinuation<Void, Never>)] = [:]
    var lastSleeper = 0
  }
  private let state = Mutex(State())

  var now: Instant { Instant(elapsed: state.withLock(\.now)) }
  var minimumResolution: Swift.Duration { .zero }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.ready.append(job) }
  }

  func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
    let id = state.withLock { state in
      state.lastSleeper += 1
      return state.lastSleeper
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { sleeper in
        let isOver = state.withLock { state in
          if state.now >= deadline.elapsed || Task.isCancelled { return true }
          state.sleepers[id] = (deadline.elapsed, sleeper)
          return false
        }
        if isOver { sleeper.resume() }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume()
    }
    try Task.checkCancellation()
  }

  /// Runs an operation, and all that it starts, on the calling thread.
  ///
  /// - Returns: The virtual time it took until it answered.
  func measure(_ operation: @escaping @Sendable () async throws -> Void) throws -> Duration {
    let answer = Mutex<Result<Duration, any Error>?>(nil)
    let start = now.elapsed
    Task(executorPreference: self) {
      do {
        try await operation()
        answer.withLock { $0 = .success(self.now.elapsed - start) }
      } catch {
        answer.withLock { $0 = .failure(error) }
      }
    }
    while step() {}
    guard let answer = answer.withLock({ $0 }) else { throw Options.Problem("the operation never answered") }
    return try answer.get()
  }

  /// Runs what is ready, or wakes the next sleeper. False when there is neither.
  private func step() -> Bool {
    let (jobs, sleeper) = state.withLock { state -> ([UnownedJob], CheckedContinuation<Void, Never>?) in
      let jobs = state.ready
      state.ready = []
      guard jobs.isEmpty, let next = state.sleepers.min(by: { ($0.value.until, $0.key) < ($1.value.until, $1.key) })
      else { return (jobs, nil) }
      state.now = max(state.now, next.value.until)
      state.sleepers[next.key] = nil
      return ([], next.value.continuation)
    }
    for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    sleeper?.resume()
    return !jobs.isEmpty || sleeper != nil
  }
}
