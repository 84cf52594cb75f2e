import MetaDriver
private import Synchronization

/// The caller's side of a call that does not end at once: who waits, and whether the request can be called back.
final class Exchange<Answer: Sendable>: Sendable {
  private enum Phase { case unsent, travelling, arrived, over }
  private typealias Caller = CheckedContinuation<Result<Answer, DriverError>, Never>

  private struct State {
    var phase: Phase
    var isWithdrawn = false
    var cancellation: DriverError?
    var caller: Caller?
  }
  private let state: Mutex<State>
  private let call: FaultCall
  private let isCancellable: Bool

  init(_ call: FaultCall, isCancellable: Bool, hasArrived: Bool) {
    self.call = call
    self.isCancellable = isCancellable
    state = Mutex(State(phase: hasArrived ? .arrived : .unsent))
  }

  /// Waits for an answer. `send` is called when the caller is ready for it, unless it is cancelled by then.
  func answer(_ send: () -> Void) async -> Result<Answer, DriverError> {
    await withTaskCancellationHandler {
      await withCheckedContinuation { caller in
        let cancellation = state.withLock { state in
          if state.phase == .unsent { state.phase = .travelling }
          if state.cancellation == nil { state.caller = caller }
          return state.cancellation
        }
        if let cancellation { caller.resume(returning: .failure(cancellation)) } else { send() }
      }
    } onCancel: {
      cancel()
    }
  }

  /// The request is there.
  ///
  /// - Returns: Whether it is to be carried out, rather than withdrawn.
  func arrive() -> Bool {
    state.withLock { state in
      if state.phase == .travelling { state.phase = .arrived }
      return !state.isWithdrawn
    }
  }

  /// Gives the caller its answer, if it still waits.
  func finish(_ result: Result<Answer, DriverError>) {
    let caller = state.withLock { state in
      state.phase = .over
      defer { state.caller = nil }
      return state.caller
    }
    caller?.resume(returning: result)
  }

  /// Tells the caller, if it still waits, that it was cancelled.
  func cancel() {
    let (caller, error) = state.withLock { state -> (Caller?, DriverError) in
      if let cancellation = state.cancellation { return (nil, cancellation) }
      let phase = state.phase
      state.isWithdrawn = isCancellable && phase == .travelling
      let isUnchanged = !call.operation.isWrite || state.isWithdrawn || phase == .unsent
      let error = cancelled(effect: isUnchanged ? .unchanged : .unknown)
      state.phase = .over
      state.cancellation = error
      defer { state.caller = nil }
      return (state.caller, error)
    }
    caller?.resume(returning: .failure(error))
  }

  private func cancelled(effect: DriverError.Effect) -> DriverError {
    DriverError(
      .cancelled,
      "the caller was cancelled while it waited for \(call.leaf)"
        + (effect == .unknown ? "; the \(call.operation) may take effect all the same" : ""),
      effect: effect)
  }
}

extension Event.Operation {
  /// Whether it changes what is stored.
  var isWrite: Bool {
    switch self {
    case .put, .repair, .handoff, .compareAndPut, .delete, .close: true
    case .get, .list, .stat, .open: false
    }
  }
}
