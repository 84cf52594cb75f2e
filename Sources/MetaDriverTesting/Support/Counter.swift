private import Synchronization

/// A number that tests wait for: how many calls were made, how many tasks are asleep. Nobody polls:
/// ``wait(for:)`` returns as soon as the number is reached.
package final class Counter: Sendable {
  private struct State {
    var value = 0
    var waiters: [Int: (target: Int, continuation: CheckedContinuation<Void, Never>)] = [:]
    var lastWaiter = 0
  }
  private let state = Mutex(State())

  /// Makes a tally of 0.
  package init() {}

  /// The number now.
  package var value: Int { state.withLock(\.value) }

  /// Counts up, or down.
  package func add(_ change: Int) {
    let reached = state.withLock { state in
      state.value += change
      let reached = state.waiters.filter { $0.value.target <= state.value }
      for id in reached.keys { state.waiters[id] = nil }
      return reached.sorted { $0.key < $1.key }.map(\.value.continuation)
    }
    for waiter in reached { waiter.resume() }
  }

  /// Waits until the number is at least `target`. Returns at once when the task is cancelled, so that a test that went
  /// wrong ends at its time limit.
  package func wait(for target: Int) async {
    let id = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        let isOver = state.withLock { state in
          if state.value >= target || Task.isCancelled { return true }
          state.waiters[id] = (target, waiter)
          return false
        }
        if isOver { waiter.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
    }
  }
}
