private import Synchronization

/// A door at which tasks wait until it is opened: for a test that says itself when a hung call goes on.
///
/// ```swift
/// let gate = Gate()
/// let slow = Scripted("slow", answers: [.hang(gate)])
/// let reading = Task { try await slow.get("alice/profile") }
/// await gate.waitForWaiters()                      // the call is there for certain
/// gate.open()                                      // and goes on
/// show(try await reading.value as Any)
/// ```
public final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
    var lastWaiter = 0
  }
  private let state = Mutex(State())
  private let waiting = Counter()

  /// Makes a closed gate.
  public init() {}

  /// How many tasks wait.
  public var waiterCount: Int { waiting.value }

  /// Lets everybody through, in the order in which they came, and whoever comes later.
  public func open() {
    let waiters = state.withLock { state in
      state.isOpen = true
      defer { state.waiters = [:] }
      return state.waiters.sorted { $0.key < $1.key }.map(\.value)
    }
    waiting.add(-waiters.count)
    for waiter in waiters { waiter.resume(returning: true) }
  }

  /// Lets nobody through who comes from now on.
  public func close() { state.withLock { $0.isOpen = false } }

  /// Waits until the gate is open.
  ///
  /// - Parameter ignoringCancellation: Whether to go on waiting when the task is cancelled, as a hung system call does.
  /// - Throws: `CancellationError` when the task is cancelled first.
  public func wait(ignoringCancellation: Bool = false) async throws(CancellationError) {
    let id = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    let isThrough = await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        let answer: Bool? = state.withLock { state in
          if state.isOpen { return true }
          if Task.isCancelled, !ignoringCancellation { return false }
          state.waiters[id] = waiter
          return nil
        }
        if let answer { waiter.resume(returning: answer) } else { waiting.add(1) }
      }
    } onCancel: {
      guard !ignoringCancellation, let waiter = state.withLock({ $0.waiters.removeValue(forKey: id) }) else { return }
      waiting.add(-1)
      waiter.resume(returning: false)
    }
    if !isThrough { throw CancellationError() }
  }

  /// Waits until at least so many tasks wait at the gate. Returns early when the task is cancelled.
  public func waitForWaiters(_ count: Int = 1) async { await waiting.wait(for: count) }
}
