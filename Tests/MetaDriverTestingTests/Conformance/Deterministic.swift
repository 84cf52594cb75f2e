import MetaDriver
import MetaDriverTesting
private import Synchronization
import TestSupport

/// Runs something on the calling thread, in virtual time: the same tasks in the same order, every time.
///
/// - Returns: What came of it; `nil` when it waits for what never comes.
func deterministically<Answer: Sendable>(_ body: @escaping @Sendable (Runtime) async -> Answer) -> Answer? {
  let answer = Box<Answer?>(nil)
  let (clock, executor) = (ManualClock(), ManualExecutor())
  let runtime = Runtime.manual(clock, executor: executor)
  let task = Task(executorPreference: executor) { answer.value = await body(runtime) }
  executor.runUntilIdle()
  while answer.value == nil, clock.sleeperCount > 0 {
    clock.advanceToNextSleeper()
    executor.runUntilIdle()
  }
  task.cancel()
  return answer.value
}

/// A variable that tasks share.
final class Box<Value: Sendable>: Sendable {
  private let state: Mutex<Value>

  init(_ value: Value) { state = Mutex(value) }

  var value: Value {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
