#if HTTP
  import MetaDriver
  private import Synchronization

  /// A request on its way: shared by the task that sent it and the thread that carries it out.
  final class Exchange: Sendable {
    typealias Waiter = CheckedContinuation<ExchangeState.Event, Never>

    let request: HTTPRequest
    let context: Context
    /// The scheme, host and port: what connections are counted by.
    let origin: String
    private let state = Mutex<(state: ExchangeState, waiter: Waiter?)>((ExchangeState(), nil))

    /// - Throws: `unroutable` and `unsupported` for what cannot be sent; `timedOut` when it is too late, and `cancelled`.
    init(_ request: HTTPRequest, _ context: Context) throws(DriverError) {
      origin = try request.check()
      if Task.isCancelled { throw DriverError(.cancelled, "\(request.name) was not sent", effect: .unchanged) }
      if let deadline = context.deadline, context.runtime.now >= deadline {
        throw DriverError(
          .timedOut, "\(request.name) was not sent, because the deadline had passed", effect: .unchanged)
      }
      self.request = request
      self.context = context
    }

    /// Whether a server may have seen something of a request that changes something.
    var effect: DriverError.Effect {
      !request.isRead && state.withLock(\.state.isSent) ? .unknown : .unchanged
    }

    /// Whether the thread has nothing more to do for it.
    var isOver: Bool { state.withLock(\.state.isOver) }

    /// The request is about to be sent.
    ///
    /// - Returns: Whether it may be: what was ended as not sent never is.
    func markSent() -> Bool {
      state.withLock { both in
        guard !both.state.isOver else { return false }
        both.state.isSent = true
        return true
      }
    }

    /// Waits for what the task has to do next.
    func next() async -> ExchangeState.Event {
      await withCheckedContinuation { waiter in
        let event = state.withLock { both -> ExchangeState.Event? in
          if let event = both.state.next() { return event }
          both.waiter = waiter
          return nil
        }
        if let event { waiter.resume(returning: event) }
      }
    }

    /// Ends it, unless it is over already.
    @discardableResult
    func finish(_ result: Result<HTTPResponse, DriverError>) -> Bool { change { $0.finish(result) } }

    /// Ends it with an error whose effect is what it is at that moment, unless it is over already.
    @discardableResult
    func fail(_ error: DriverError) -> Bool {
      change { state in
        state.finish(.failure(error.with(effect: !request.isRead && state.isSent ? .unknown : .unchanged)))
      }
    }

    /// Bytes of the reply came: see ``ExchangeState/receive(_:)``.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool { change { unsafe $0.receive(bytes) } }

    /// The next piece to send: see ``ExchangeState/takePiece()``.
    func takePiece() -> ExchangeState.Piece? { change { $0.takePiece() } }

    /// A piece was made.
    func supply(_ piece: ExchangeState.Piece) { state.withLock { $0.state.supply(piece) } }

    /// Whether receiving was paused, and is not any more.
    func resumesReceiving() -> Bool { state.withLock { $0.state.resumesReceiving() } }

    /// Changes the state, and wakes the task if that gives it something to do.
    private func change<Answer>(_ body: (inout ExchangeState) -> Answer) -> Answer {
      let (answer, waiter, event) = state.withLock { both -> (Answer, Waiter?, ExchangeState.Event?) in
        let answer = body(&both.state)
        guard let waiter = both.waiter, let event = both.state.next() else { return (answer, nil, nil) }
        both.waiter = nil
        return (answer, waiter, event)
      }
      if let waiter, let event { waiter.resume(returning: event) }
      return answer
    }
  }
#endif
