package import MetaDriver
private import Synchronization

/// The threads of one driver, on which everything runs that may wait for the device. They start when there is work, and
/// end with the driver.
package final class DriverThreads: Sendable {
  /// How many operations may wait for a thread; more are `throttled`.
  package static let queueLimit = 1_024

  /// The kind of the driver, as errors name it.
  private let driver: String
  private let threadLimit: Int

  private struct Work: Sendable {
    let run: @Sendable () -> Void
    let refuse: @Sendable (DriverError) -> Void
  }

  private struct State: Sendable {
    var queue = JobQueue(capacity: DriverThreads.queueLimit)
    var work: [UInt64: Work] = [:]
    var threads = 0
    var idle = 0
    var running = 0
    var isClosing = false
    var closers: [@Sendable () -> Void] = []

    var isDone: Bool { isClosing && running == 0 && queue.count == 0 }
  }

  private let monitor = Monitor(State())
  private let lastID = Atomic<UInt64>(0)

  /// Describes threads, and starts none.
  ///
  /// - Parameters:
  ///   - driver: The kind of the driver, as errors name it.
  ///   - threadLimit: How many operations wait for the device at once; 16 are enough for the synchronisations of many
  ///     files to overlap.
  package init(of driver: String, threadLimit: Int = 16) {
    self.driver = driver
    self.threadLimit = threadLimit
  }

  /// How many threads there are.
  package var threadCount: Int { monitor.withLock { $0.threads } }

  /// How many operations have not started.
  var waitingCount: Int { monitor.withLock { $0.queue.count } }
  /// Whether new work is refused.
  var isClosing: Bool { monitor.withLock { $0.isClosing } }

  /// Runs blocking work on one of the threads, after the work of the same key that came before it.
  ///
  /// - Throws: `cancelled` and `timedOut` when that came before the work started; `throttled` when the queue is full;
  ///   `closed`; and what the work throws. Work that has started is never interrupted.
  package func run<Answer: Sendable>(
    _ key: Key? = nil, _ context: Context, _ body: @escaping @Sendable () throws(DriverError) -> Answer
  ) async throws(DriverError) -> Answer {
    let job = JobQueue.Job(id: lastID.wrappingAdd(1, ordering: .relaxed).newValue, key: key)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (caller: CheckedContinuation<Result<Answer, DriverError>, Never>) in
        let work = Work {
          caller.resume(
            returning: Result { () throws(DriverError) in
              try context.checkDeadline()
              return try body()
            })
        } refuse: {
          caller.resume(returning: .failure($0))
        }
        if let refusal = submit(job, work, isCancellable: true) { work.refuse(refusal) }
      }
    } onCancel: {
      let dropped = monitor.withLock { $0.queue.drop(job) ? $0.work.removeValue(forKey: job.id) : nil }
      dropped?.refuse(.cancelledBeforeStart)
      if dropped != nil { endIfDone() }
    }
    return try result.get()
  }

  /// Refuses new work, and waits until the work that was accepted has ended.
  package func close() async {
    monitor.withLock { $0.isClosing = true }
    await withCheckedContinuation { caller in
      monitor.withLock { $0.closers.append { caller.resume() } }
      endIfDone()
    }
  }

  /// Refuses new work, and lets the threads end when they have nothing to do.
  package func stop() {
    monitor.withLock { $0.isClosing = true }
    endIfDone()
  }

  /// Starts blocking work that nobody waits for, beside all other work. It always runs, unless this says otherwise.
  ///
  /// - Throws: `throttled` when the queue is full; `closed`.
  package func start(_ body: @escaping @Sendable () -> Void) throws(DriverError) {
    let job = JobQueue.Job(id: lastID.wrappingAdd(1, ordering: .relaxed).newValue, key: nil)
    if let refusal = submit(job, Work(run: body, refuse: { _ in }), isCancellable: false) { throw refusal }
  }

  private func submit(_ job: JobQueue.Job, _ work: Work, isCancellable: Bool) -> DriverError? {
    enum Verdict {
      case queued, needsThread
      case refused(DriverError)
    }
    let verdict: Verdict = monitor.withLock { state in
      if state.isClosing { return .refused(.closed(driver)) }
      // Looked at under the lock: whoever cancels later finds the job in the queue.
      if isCancellable, Task.isCancelled { return .refused(.cancelledBeforeStart) }
      guard state.queue.add(job) else {
        return .refused(
          DriverError(
            .throttled, "\(Self.queueLimit) operations wait for this \(driver) already; this one was not started"))
      }
      state.work[job.id] = work
      guard state.idle < state.queue.ready.count, state.threads < threadLimit else { return .queued }
      state.threads += 1
      return .needsThread
    }
    switch verdict {
    case .refused(let error): return error
    case .queued: monitor.signal()
    case .needsThread where !DetachedThread.start({ self.work() }):
      // The threads that there are will come to it; without any, nobody would.
      let refused = monitor.withLock { state in
        state.threads -= 1
        return state.threads == 0 && state.queue.drop(job) ? state.work.removeValue(forKey: job.id) : nil
      }
      if refused != nil { return DriverError(.throttled, "the system starts no more threads for this process") }
      monitor.signal()
    case .needsThread: break
    }
    return nil
  }

  private func work() {
    while let (job, work) = next() {
      work?.run()
      monitor.withLock { state in
        state.running -= 1
        state.queue.finish(job)
      }
      endIfDone()
    }
  }

  /// The next job; `nil` when the thread is to end.
  private func next() -> (JobQueue.Job, Work?)? {
    var isIdle = false
    return monitor.wait { state -> (JobQueue.Job, Work?)?? in
      if isIdle { state.idle -= 1 }
      isIdle = false
      if let job = state.queue.next() {
        state.running += 1
        return (job, state.work.removeValue(forKey: job.id))
      }
      if state.isDone {
        state.threads -= 1
        return .some(nil)
      }
      state.idle += 1
      isIdle = true
      return nil
    }
  }

  private func endIfDone() {
    let closers = monitor.withLock { state -> [@Sendable () -> Void]? in
      guard state.isDone else { return nil }
      defer { state.closers = [] }
      return state.closers
    }
    guard let closers else { return }
    monitor.signalAll()
    for close in closers { close() }
  }
}

extension Context {
  /// Throws when the answer is of no more use.
  package func checkDeadline() throws(DriverError) {
    if let deadline, runtime.now >= deadline {
      throw DriverError(.timedOut, "the deadline passed before the store was asked", effect: .unchanged)
    }
  }
}

extension DriverError {
  package static var cancelledBeforeStart: DriverError {
    DriverError(.cancelled, "cancelled before the store was asked", effect: .unchanged)
  }

  package static func closed(_ driver: String) -> DriverError { DriverError(.closed, "this \(driver) was closed") }
}
