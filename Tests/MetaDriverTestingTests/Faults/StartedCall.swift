import MetaDriver
import Synchronization
import TestSupport

/// A call that a test starts and looks at, on an executor that runs only when it is told to.
final class StartedCall<Answer: Sendable>: Sendable {
  private let ended = Mutex<Result<Answer, DriverError>?>(nil)
  private let executor: ManualExecutor
  private let task = Mutex<Task<Void, Never>?>(nil)

  init(
    on executor: ManualExecutor = ManualExecutor(), _ body: @escaping @Sendable () async throws(DriverError) -> Answer
  ) {
    self.executor = executor
    let started = Task(executorPreference: executor) { [self] in
      let result: Result<Answer, DriverError>
      do throws(DriverError) { result = .success(try await body()) } catch { result = .failure(error) }
      ended.withLock { $0 = result }
    }
    task.withLock { $0 = started }
    executor.runUntilIdle()
  }

  /// How it ended, when everything that can happen has happened; `nil` while it waits.
  var result: Result<Answer, DriverError>? {
    executor.runUntilIdle()
    return ended.withLock { $0 }
  }

  /// What it answered; `nil` while it waits, and when it failed.
  var answer: Answer? { if case .success(let answer) = result { answer } else { nil } }

  /// Why it failed.
  var error: DriverError? { if case .failure(let error) = result { error } else { nil } }

  func cancel() { task.withLock { $0 }?.cancel() }
}
