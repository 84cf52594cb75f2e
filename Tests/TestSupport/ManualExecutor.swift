private import Synchronization

/// Runs tasks on the thread of whoever says so, and only then.
///
/// ```swift
/// let executor = ManualExecutor()
/// let task = Task(executorPreference: executor) { … }
/// executor.runUntilIdle()                          // everything that can happen has happened
/// ```
///
/// When it is idle, a task that has not ended waits for something that will not come by itself. That is how a test shows
/// that a call still hangs, without waiting for it.
public final class ManualExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])

  /// Makes an executor with nothing to do.
  public init() {}

  /// Keeps a job until somebody runs it.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
  }

  /// Runs jobs, in the order in which they came, until there is none.
  public func runUntilIdle() {
    while true {
      let batch = jobs.withLock { jobs in
        defer { jobs.removeAll(keepingCapacity: true) }
        return jobs
      }
      guard !batch.isEmpty else { return }
      for job in batch { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
  }
}
