private import Synchronization

/// A value that somebody waits for, and that several may give: the first one counts.
final class Promise<Value: Sendable>: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Value, Never>)
    case fulfilled(Value)
  }
  private let state = Mutex(State.open)

  /// Gives the value, unless there is one already.
  func fulfil(_ value: Value) {
    let caller = state.withLock { state -> CheckedContinuation<Value, Never>? in
      switch state {
      case .fulfilled: return nil
      case .open:
        state = .fulfilled(value)
        return nil
      case .awaited(let caller):
        state = .fulfilled(value)
        return caller
      }
    }
    caller?.resume(returning: value)
  }

  /// The value, when it is there. One task may wait for it.
  var value: Value {
    get async {
      await withCheckedContinuation { caller in
        let value = state.withLock { state -> Value? in
          if case .fulfilled(let value) = state { return .some(value) }
          state = .awaited(caller)
          return .none
        }
        if case .some(let value) = value { caller.resume(returning: value) }
      }
    }
  }
}
