#if HTTP
  import CMetaDriverCurl
  import MetaDriver
  import Synchronization

  #if canImport(Darwin)
    private import Darwin
  #elseif canImport(Glibc)
    private import Glibc
  #elseif canImport(Musl)
    private import Musl
  #endif

  /// Hands requests to a thread that carries them out.
  final class CurlEngine: Sendable {
    enum Command {
      case begin(Exchange)
      case drop(Exchange)
      case goOn(Exchange)
    }

    /// libcurl's multi handle, of which other threads only ever ask that it wake the one that uses it.
    @safe struct Bell: @unchecked Sendable {
      let multi: UnsafeMutableRawPointer
      func ring() { unsafe _ = curl_multi_wakeup(multi) }
    }

    struct State {
      var commands: [Command] = []
      var requestCount = 0
      var hasThread = false
      var isClosed = false
      /// There while the thread is about to sleep, or asleep.
      var bell: Bell?
      var closers: [CheckedContinuation<Void, Never>] = []
    }

    let configuration: CurlClient.Configuration
    let state = Mutex(State())
    /// How many have taken the bell and have not rung it: so long its handle must stay.
    let ringers = Atomic(0)
    private let process: Int32

    /// How long the thread stays without a request.
    let lingering: Duration
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// - Parameters:
    ///   - configuration: How it behaves.
    ///   - process: Which process it belongs to.
    ///   - lingering: How long the thread stays without a request.
    init(
      _ configuration: CurlClient.Configuration, process: Int32 = getpid(), lingering: Duration = .seconds(30)
    ) {
      (self.configuration, self.process, self.lingering) = (configuration, process, lingering)
    }

    /// How many requests wait or are under way.
    var requestCount: Int { state.withLock(\.requestCount) }

    /// Has a request carried out.
    func perform(_ exchange: Exchange) async throws(DriverError) -> HTTPResponse {
      try submit(exchange)
      let result = await withTaskCancellationHandler {
        await attend(exchange)
      } onCancel: {
        let error = DriverError(.cancelled, "\(exchange.request.name) was cancelled before its reply")
        if exchange.fail(error) { tell(.drop(exchange)) }
      }
      return try result.get()
    }

    /// Does the task's part: makes the request's pieces, and takes the reply's.
    private func attend(_ exchange: Exchange) async -> Result<HTTPResponse, DriverError> {
      while true {
        let event = await exchange.next()
        do throws(DriverError) {
          switch event {
          case .end(let result): return result
          case .piece(let bytes):
            try await exchange.request.receive?(bytes)
            if exchange.resumesReceiving() { tell(.goOn(exchange)) }
          case .wantsPiece:
            guard case .stream(_, let next)? = exchange.request.body else { continue }
            exchange.supply(try await next().map { .bytes($0) } ?? .end)
            tell(.goOn(exchange))
          }
        } catch {
          let failure = error.with(effect: exchange.effect)
          if exchange.finish(.failure(failure)) { tell(.drop(exchange)) }
          return .failure(failure)
        }
      }
    }

    private func submit(_ exchange: Exchange) throws(DriverError) {
      guard getpid() == process else {
        throw DriverError(
          .closed, "this process was forked from the one that the HTTP client belongs to: make one of its own",
          effect: .unchanged)
      }
      guard Self.isReady else {
        throw DriverError(.unavailable, "libcurl could not be set up", effect: .unchanged, isRetryable: false)
      }
      let limit = configuration.maximumConnections + configuration.maximumWaitingRequests
      let isStarting = try change { state throws(DriverError) in
        if state.isClosed { throw .closedClient }
        guard state.requestCount < limit else {
          throw DriverError(
            .throttled,
            "\(exchange.request.name) was not sent, because \(limit) requests wait or are under way already",
            effect: .unchanged)
        }
        state.requestCount += 1
        state.commands.append(.begin(exchange))
        defer { state.hasThread = true }
        return !state.hasThread
      }
      guard isStarting, !startThread() else { return }
      // Whoever came in between is refused too: there is nobody to serve them.
      let refused = state.withLock { state in
        (state.hasThread, state.requestCount) = (false, 0)
        defer { state.commands = [] }
        return state.commands
      }
      let error = DriverError(
        .throttled, "the system starts no more threads for this process", effect: .unchanged)
      for case .begin(let exchange) in refused { exchange.finish(.failure(error)) }
    }

    private func tell(_ command: Command) { change { $0.commands.append(command) } }

    /// Gives the thread something to do, and wakes it.
    private func change<Answer, Failure>(_ body: (inout State) throws(Failure) -> Answer) throws(Failure) -> Answer {
      let (answer, bell) = try state.withLock { state throws(Failure) in
        let answer = try body(&state)
        defer { state.bell = nil }
        if state.bell != nil { ringers.add(1, ordering: .relaxed) }
        return (answer, state.bell)
      }
      // Not under the lock, which the thread takes as soon as it wakes.
      if let bell {
        bell.ring()
        ringers.subtract(1, ordering: .releasing)
      }
      return answer
    }

    /// Refuses new requests, and ends those under way.
    func stop() {
      // In a forked process nobody lets go of the lock that the thread may have held.
      guard getpid() == process else { return }
      change { $0.isClosed = true }
    }

    /// Refuses new requests, ends those under way, and waits until the thread is gone.
    func close() async {
      guard getpid() == process else { return }
      stop()
      await withCheckedContinuation { closer in
        let isGone = state.withLock { state in
          if state.hasThread { state.closers.append(closer) }
          return !state.hasThread
        }
        if isGone { closer.resume() }
      }
    }
  }

  extension DriverError {
    static var closedClient: DriverError { DriverError(.closed, "this HTTP client was closed") }
  }
#endif
