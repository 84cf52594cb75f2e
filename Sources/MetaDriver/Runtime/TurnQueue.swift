private import Synchronization

/// Lets the writers of one key through one after the other, in the order in which they came.
package final class TurnQueue: Sendable {
  /// How many writes may wait for their turn at one leaf; more are `throttled`.
  static let capacity = 4_096

  private struct State {
    var table = TurnTable(capacity: TurnQueue.capacity)
    var callers: [TurnTable.Ticket: CheckedContinuation<Bool, Never>] = [:]
    /// Tickets called after they were handed out and before their caller was stored.
    var calledEarly: Set<TurnTable.Ticket> = []
  }
  private let state = Mutex(State())

  package init() {}

  package func enter(_ key: Key) async throws(DriverError) {
    let ticket: TurnTable.Ticket
    switch state.withLock({ $0.table.enter(key) }) {
    case .go: return
    case .wait(let given): ticket = given
    case .full:
      throw DriverError(
        .throttled, "\(Self.capacity) writes wait for their turn at this driver already; this one was not made")
    }
    let called = await withTaskCancellationHandler {
      await withCheckedContinuation { caller in
        let answer: Bool? = state.withLock { state in
          if state.calledEarly.remove(ticket) != nil { return true }
          if Task.isCancelled, state.table.abandon(key, ticket) { return false }
          state.callers[ticket] = caller
          return nil
        }
        if let answer { caller.resume(returning: answer) }
      }
    } onCancel: {
      let caller = state.withLock { state in
        // Without a caller the body above has not stored it yet, and sees the cancellation itself.
        state.callers[ticket] != nil && state.table.abandon(key, ticket)
          ? state.callers.removeValue(forKey: ticket) : nil
      }
      caller?.resume(returning: false)
    }
    guard called else { throw DriverError(.cancelled, "cancelled while waiting to write \(key)", effect: .unchanged) }
  }

  package func leave(_ key: Key) {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard let ticket = state.table.leave(key) else { return nil }
      if let caller = state.callers.removeValue(forKey: ticket) { return caller }
      state.calledEarly.insert(ticket)
      return nil
    }
    next?.resume(returning: true)
  }
}
