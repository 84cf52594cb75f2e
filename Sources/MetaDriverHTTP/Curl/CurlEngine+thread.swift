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

  /// The thread that carries requests out.
  extension CurlEngine {
    /// False when the system starts no more threads.
    func startThread() -> Bool { DetachedThread.start { self.run() } }

    private func run() {
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
      var commands: [Command] = []
      while true {
        let isClosed = takeCommands(loop, into: &commands)
        if !commands.isEmpty || !loop.isIdle { lastWork = .now }
        for command in commands {
          switch command {
          case .begin(let exchange): loop.begin(exchange)
          case .drop(let exchange): loop.drop(exchange)
          case .goOn(let exchange): loop.goOn(exchange)
          }
        }
        commands.removeAll(keepingCapacity: commands.count < 1_024)
        if isClosed { loop.fail { DriverError.closedClient.with(effect: $0.effect) } }
        loop.perform()
        if loop.isIdle, isClosed || ContinuousClock.now - lastWork >= lingering, let closers = leave() {
          return closers
        }
        if fallAsleep(loop) { loop.wait(atMost: lingering) }
      }
    }

    /// Exchanges the commands for those that came meanwhile.
    private func takeCommands(_ loop: CurlLoop, into commands: inout [Command]) -> Bool {
      state.withLock { state in
        state.bell = nil
        state.requestCount -= loop.released
        loop.released = 0
        swap(&state.commands, &commands)
        return state.isClosed
      }
    }

    /// Whether there is nothing to do. From then on, whoever adds something rings.
    private func fallAsleep(_ loop: CurlLoop) -> Bool {
      let bell = unsafe Bell(multi: loop.multi)
      let released = loop.released
      loop.released = 0
      return state.withLock { state in
        state.requestCount -= released
        guard state.commands.isEmpty, !state.isClosed else { return false }
        state.bell = bell
        return true
      }
    }

    /// Whether the thread may end: those who come later start another one. `nil` when somebody came.
    private func leave() -> [CheckedContinuation<Void, Never>]? {
      state.withLock { state in
        guard state.commands.isEmpty, ringers.load(ordering: .acquiring) == 0 else { return nil }
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
#endif
