#if HTTP
  import MetaDriver
  @testable import MetaDriverHTTP
  import MetaDriverTesting
  import ServerSupport
  import TestSupport
  import Testing

  #if canImport(Glibc)
    private import Glibc
  #endif

  /// Cancellation, limits, and the client's own life.
  @Suite(.timeLimit(.minutes(10))) struct CurlClientLifeTests {
    @Test("Cancelling answers at once, and closes the connection", arguments: ["GET", "PUT"])
    func cancellation(method: String) async throws {
      let upstream = try Upstream.silent()
      // Nothing but the cancellation ends the request.
      var configuration = CurlClient.Configuration()
      configuration.idleTimeout = .seconds(86_400)
      let client = CurlClient(configuration)
      let url = "\(upstream.url)/a"
      let task = Task { try await client.send(HTTPRequest(method, url), in: Context()) }
      await upstream.requests.wait(for: 1)
      task.cancel()
      let error = await #expect(throws: DriverError.self) { try await task.value }
      #expect(error?.code == .cancelled && error?.effect == (method == "PUT" ? .unknown : .unchanged))
      await upstream.ends.wait(for: 1)
    }

    @Test("A task that is cancelled already, and a deadline that has passed, send nothing")
    func tooLate() async throws {
      let upstream = try Upstream()
      let client = CurlClient()
      let url = "\(upstream.url)/a"
      let task = Task {
        cancelCurrentTask()
        return try await client.send(HTTPRequest("PUT", url), in: Context())
      }
      let error = await #expect(throws: DriverError.self) { try await task.value }
      #expect(error?.code == .cancelled && error?.effect == .unchanged)
      let late = await #expect(throws: DriverError.self) {
        try await client.send(
          HTTPRequest("PUT", url), in: Context(.manual(), options: CallOptions(timeout: .zero)))
      }
      #expect(late?.code == .timedOut && late?.effect == .unchanged)
      #expect(upstream.server.connectionCount == 0)
    }

    @Test("More requests than may wait are throttled, and those that wait are served in turn")
    func waiting() async throws {
      let gate = Counter()
      let upstream = try Upstream { _, connection in connection.reply(200, "x") }
      let slow = try Upstream { _, connection in
        gate.add(1)
        connection.waitForEnd()
        return false
      }
      var configuration = CurlClient.Configuration()
      (configuration.maximumConnections, configuration.maximumWaitingRequests) = (2, 1)
      configuration.maximumConnectionsPerHost = 1
      let client = CurlClient(configuration)
      let (slowURL, url) = ("\(slow.url)/a", "\(upstream.url)/a")
      let first = Task { try await client.send(HTTPRequest("PUT", slowURL), in: Context()) }
      await gate.wait(for: 1)
      // The second waits for the first; another host's does not.
      let clock = ManualClock()
      let context = Context(.manual(clock), options: CallOptions(timeout: .seconds(5)))
      let second = Task { try await client.send(HTTPRequest("PUT", slowURL), in: context) }
      while client.requestCount < 2 { await Task.yield() }
      #expect(try await client.send(HTTPRequest("GET", url), in: Context()).status == 200)
      // It is answered before it is forgotten, and must not be taken for the next.
      while client.requestCount > 2 { await Task.yield() }
      let third = Task { try await client.send(HTTPRequest("PUT", slowURL), in: Context()) }
      while client.requestCount < 3 { await Task.yield() }
      let error = await #expect(throws: DriverError.self) {
        try await client.send(HTTPRequest("PUT", url), in: Context())
      }
      #expect(error?.code == .throttled && error?.effect == .unchanged)
      clock.advance(by: .seconds(5))
      let late = await #expect(throws: DriverError.self) { try await second.value }
      #expect(late?.code == .timedOut && late?.effect == .unchanged, "\(String(describing: late))")
      first.cancel()
      _ = await first.result
      await gate.wait(for: 2)
      third.cancel()
      _ = await third.result
      #expect(slow.requests.value == 2)
    }

    @Test("Closing ends what is under way, refuses what comes later, and waits for the thread")
    func closing() async throws {
      let upstream = try Upstream.silent()
      let client = CurlClient()
      let url = "\(upstream.url)/a"
      let task = Task { try await client.send(HTTPRequest("PUT", url), in: Context()) }
      await upstream.requests.wait(for: 1)
      await client.close()
      let error = await #expect(throws: DriverError.self) { try await task.value }
      #expect(error?.code == .closed && error?.effect == .unknown)
      await upstream.ends.wait(for: 1)
      await client.close()
      let later = await #expect(throws: DriverError.self) {
        try await client.send(HTTPRequest("GET", url), in: Context())
      }
      #expect(later?.code == .closed && later?.effect == .unchanged)
    }

    @Test("A client that nobody holds lets go of its connections")
    func letGo() async throws {
      let upstream = try Upstream()
      var client: CurlClient? = CurlClient()
      _ = try await client?.send(HTTPRequest("GET", "\(upstream.url)/a"), in: Context())
      client = nil
      await upstream.ends.wait(for: 1)
    }

    @Test("Connections are kept and shared")
    func keeping() async throws {
      let upstream = try Upstream()
      let client = CurlClient.patient
      for _ in 0..<20 { _ = try await client.send(HTTPRequest("GET", "\(upstream.url)/a"), in: Context()) }
      #expect(upstream.server.connectionCount == 1)
    }

    @Test("At most so many connections are made to a host")
    func connectionLimit() async throws {
      let upstream = try Upstream()
      var configuration = CurlClient.Configuration()
      configuration.maximumConnectionsPerHost = 3
      let client = CurlClient(configuration)
      let url = "\(upstream.url)/a"
      try await withThrowingTaskGroup { group in
        for _ in 0..<50 { group.addTask { try await client.send(HTTPRequest("GET", url), in: Context()).status } }
        for try await status in group { #expect(status == 200) }
      }
      #expect(upstream.requests.value == 50)
      #expect(upstream.server.connectionCount <= 3)
    }

    @Test("A connection to one host makes room for one to another")
    func evictions() async throws {
      let upstreams = [try Upstream(), try Upstream()]
      var configuration = CurlClient.Configuration()
      configuration.maximumConnections = 1
      let client = CurlClient(configuration)
      for number in 0..<6 {
        let url = "\(upstreams[number % 2].url)/a"
        #expect(try await client.send(HTTPRequest("GET", url), in: Context()).status == 200)
      }
    }

    @Test("Turning verification off is warned of, and errors show no secret field")
    func warnings() async throws {
      var configuration = CurlClient.Configuration()
      #expect(CurlClient(configuration).remarks.isEmpty)
      configuration.tls = .unverified
      #expect(CurlClient(configuration).remarks.map(\.severity) == [.warning])
      let driver = HTTPDriver(at: "https://a.example", client: CurlClient(configuration))
      #expect(driver.outline.remarks.count == 1)
      var request = HTTPRequest("GET", "http://127.0.0.1:\(try LocalServer.refusingPort())/a?token=hush")
      request.headers.add("Authorization", secret: Secret("hush"))
      let error = await #expect(throws: DriverError.self) { try await CurlClient().send(request, in: Context()) }
      #expect(error?.description.contains("hush") == false)
    }

    #if canImport(Glibc)
      @Test("A process that was forked is told so")
      func fork() async {
        await #expect(processExitsWith: .exitCode(7)) {
          let upstream = try Upstream()
          let client = CurlClient()
          _ = try await client.send(HTTPRequest("GET", "\(upstream.url)/a"), in: Context())
          // What a process is after `fork()`: the client remembers another one.
          let forked = CurlClient(engine: CurlEngine(CurlClient.Configuration(), process: getpid() + 1))
          do {
            _ = try await forked.send(HTTPRequest("GET", "\(upstream.url)/a"), in: Context())
          } catch let error as DriverError {
            exit(error.code == .closed && error.effect == .unchanged ? 7 : 1)
          }
        }
      }
    #endif
  }
#endif
