private import Dispatch
private import Synchronization

/// Stands in for the main actor where it is to be counted how often an actor is left: its executor counts whoever comes
/// back. To the code that is called there is no difference.
@globalActor actor Front {
  static let shared = Front()

  nonisolated let executor = CountingExecutor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
}

/// Runs jobs one after the other, and counts them.
final class CountingExecutor: SerialExecutor {
  private let queue = DispatchQueue(label: "counting")
  private let jobs = Atomic(0)

  /// How many jobs there were so far.
  var count: Int { jobs.load(ordering: .relaxed) }

  func enqueue(_ job: consuming ExecutorJob) {
    jobs.add(1, ordering: .relaxed)
    let job = UnownedJob(job)
    queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
