#if HTTP
  import CMetaDriverCurl
  import MetaDriver
  private import Synchronization

  #if canImport(Darwin)
    private import Darwin
  #elseif canImport(Glibc)
    private import Glibc
  #elseif canImport(Musl)
    private import Musl
  #endif

  /// Hands requests to a thread that carries them out.
  final class CurlEngine: Sendable {
    fileprivate enum Command {
      case begin(Exchange)
      case drop(Exchange)
      case goOn(Exchange)
    }

    /// libcurl's multi handle, of which other threads only ever ask that it wake the one that uses it.
    @safe fileprivate struct Bell: @unchecked Sendable {
      let multi: UnsafeMutableRawPointer
      func ring() { unsafe _ = curl_multi_wakeup(multi) }
    }

    fileprivate struct State {
      var commands: [Command] = []
      var requestCount = 0
      var hasThread = false
      var isClosed = false
      /// There while the thread is about to sleep, or asleep.
      var bell: Bell?
      var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let configuration: CurlClient.Configuration
    private let state = Mutex(State())
    private let process: Int32

    /// How long the thread stays without a request.
    private static let lingering = Duration.seconds(30)
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// - Parameter process: Which process it belongs to.
    init(_ configuration: CurlClient.Configuration, process: Int32 = getpid()) {
      (self.configuration, self.process) = (configuration, process)
    }

    /// How many requests wait or are under way.
    var requestCount: Int { state.withLock(\.requestCount) }

    // MARK: For those who send

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
      let isStarting = try state.withLock { state throws(DriverError) in
        if state.isClosed { throw .closedClient }
        guard state.requestCount < limit else {
          throw DriverError(
            .throttled,
            "\(exchange.request.name) was not sent, because \(limit) requests wait or are under way already",
            effect: .unchanged)
        }
        state.requestCount += 1
        state.add(.begin(exchange))
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

    private func tell(_ command: Command) { state.withLock { $0.add(command) } }

    /// Refuses new requests, and ends those under way.
    func stop() {
      state.withLock { state in
        state.isClosed = true
        state.wake()
      }
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

    // MARK: On the thread

    private func startThread() -> Bool {
      let unmanaged = unsafe Unmanaged.passRetained(self)
      #if canImport(Darwin)
        var thread: pthread_t?
      #else
        var thread = pthread_t()
      #endif
      let code = unsafe pthread_create(&thread, nil, curlThread, unmanaged.toOpaque())
      guard code == 0 else {
        unsafe unmanaged.release()
        return false
      }
      #if canImport(Darwin)
        if let thread = unsafe thread { unsafe pthread_detach(thread) }
      #else
        pthread_detach(thread)
      #endif
      return true
    }

    fileprivate func run() {
      // Signals are for the program's own threads; and a broken connection under TLS would be one.
      var signals = sigset_t()
      unsafe sigfillset(&signals)
      unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
      let closers = serve()
      for closer in closers { closer.resume() }
    }

    /// Serves requests until there is nobody to serve. Connections are closed when it returns.
    private func serve() -> [CheckedContinuation<Void, Never>] {
      guard let loop = CurlLoop(configuration) else { return leaveAtOnce() }
      var lastWork = ContinuousClock.now
      while true {
        let (commands, isClosed) = takeCommands(loop)
        if !commands.isEmpty || !loop.isIdle { lastWork = .now }
        for command in commands {
          switch command {
          case .begin(let exchange): loop.begin(exchange)
          case .drop(let exchange): loop.drop(exchange)
          case .goOn(let exchange): loop.goOn(exchange)
          }
        }
        if isClosed { loop.fail { DriverError.closedClient.with(effect: $0.effect) } }
        loop.perform()
        if loop.isIdle, isClosed || ContinuousClock.now - lastWork >= Self.lingering, let closers = leave() {
          return closers
        }
        if fallAsleep(loop) { loop.wait(atMost: Self.lingering) }
      }
    }

    private func takeCommands(_ loop: CurlLoop) -> ([Command], isClosed: Bool) {
      state.withLock { state in
        state.bell = nil
        state.requestCount -= loop.released
        loop.released = 0
        defer { state.commands.removeAll(keepingCapacity: state.commands.count < 1_024) }
        return (state.commands, state.isClosed)
      }
    }

    /// Whether there is nothing to do. From then on, whoever adds something rings.
    private func fallAsleep(_ loop: CurlLoop) -> Bool {
      let bell = unsafe Bell(multi: loop.multi)
      let released = loop.released
      loop.released = 0
      return state.withLock { state in
        state.requestCount -= released
        guard state.commands.isEmpty, !state.isClosed || !loop.isIdle else { return false }
        state.bell = bell
        return true
      }
    }

    /// Whether the thread may end: those who come later start another one. `nil` when somebody came.
    private func leave() -> [CheckedContinuation<Void, Never>]? {
      state.withLock { state in
        guard state.commands.isEmpty else { return nil }
        state.hasThread = false
        state.requestCount = 0
        state.bell = nil
        defer { state.closers = [] }
        return state.closers
      }
    }

    private func leaveAtOnce() -> [CheckedContinuation<Void, Never>] {
      let (commands, closers) = state.withLock { state in
        defer { (state.commands, state.closers, state.hasThread, state.requestCount) = ([], [], false, 0) }
        return (state.commands, state.closers)
      }
      let error = DriverError(.throttled, "there is no memory for connections", effect: .unchanged)
      for case .begin(let exchange) in commands { exchange.finish(.failure(error)) }
      return closers
    }
  }

  extension CurlEngine.State {
    fileprivate mutating func add(_ command: CurlEngine.Command) {
      commands.append(command)
      wake()
    }

    fileprivate mutating func wake() {
      bell?.ring()
      bell = nil
    }
  }

  #if canImport(Darwin)
    private func curlThread(_ engine: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
      unsafe Unmanaged<CurlEngine>.fromOpaque(engine).takeRetainedValue().run()
      return nil
    }
  #else
    private func curlThread(_ engine: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
      if let engine = unsafe engine { unsafe Unmanaged<CurlEngine>.fromOpaque(engine).takeRetainedValue().run() }
      return nil
    }
  #endif

  extension DriverError {
    fileprivate static var closedClient: DriverError { DriverError(.closed, "this HTTP client was closed") }
  }
#endif
