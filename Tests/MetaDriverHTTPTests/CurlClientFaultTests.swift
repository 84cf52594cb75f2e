#if HTTP
  import MetaDriver
  @testable import MetaDriverHTTP
  import MetaDriverTesting
  import ServerSupport
  import TestSupport
  import Testing

  /// What a network breaks. None of it hangs, and each says whether the server may have carried the request out.
  @Suite(.timeLimit(.minutes(10))) struct CurlClientFaultTests {
    private let client = CurlClient.patient

    private func send(
      _ method: String, _ url: String, in context: Context = Context(), with client: CurlClient? = nil
    ) async -> Result<HTTPResponse, DriverError> {
      let request = HTTPRequest(method, url, body: method == "PUT" ? .bytes(Array(Upstream.body.utf8)) : nil)
      do throws(DriverError) {
        return .success(try await (client ?? self.client).send(request, in: context))
      } catch {
        return .failure(error)
      }
    }

    private func expect(
      _ result: Result<HTTPResponse, DriverError>, _ code: DriverError.Code, _ effect: DriverError.Effect,
      says word: String = "", _ location: SourceLocation = #_sourceLocation
    ) {
      guard case .failure(let error) = result else {
        Issue.record("there was an answer", sourceLocation: location)
        return
      }
      #expect(error.code == code && error.effect == effect, "\(error) \(error.effect)", sourceLocation: location)
      #expect(word.isEmpty || error.message.contains(word), "\(error)", sourceLocation: location)
    }

    @Test(
      "A connection that is cut leaves a write's effect unknown, and a read's unchanged",
      arguments: [
        FaultProxy.Fault.cutBeforeRequest, .cutInRequest(afterByteCount: 30), .cutInRequest(afterByteCount: 900),
        .cutBeforeReply, .cutInReply(afterByteCount: 5), .cutInReply(afterByteCount: 30),
        .cutInReply(afterByteCount: 500),
      ], ["GET", "PUT"])
    func cuts(fault: FaultProxy.Fault, method: String) async throws {
      let upstream = try Upstream()
      let proxy = try FaultProxy(to: upstream.server.port) { _ in fault }
      // A read has no body to cut.
      if method == "GET", fault == .cutInRequest(afterByteCount: 900) { return }
      let result = await send(method, "\(proxy.url)/a")
      expect(result, .unavailable, method == "PUT" ? .unknown : .unchanged, says: "/a")
      #expect(upstream.requests.value <= 1)
    }

    // A request that may have been carried out is never sent again behind the caller's back.
    @Test("On a kept connection that turns out to be dead, a read is repeated and a write is not")
    func keptConnections() async throws {
      for (method, count) in [("GET", 3), ("PUT", 2), ("POST", 2), ("DELETE", 2)] {
        let upstream = try Upstream()
        let proxy = try FaultProxy(to: upstream.server.port) { $0 == 2 ? .cutBeforeReply : .none }
        guard case .success = await send("GET", "\(proxy.url)/first") else {
          Issue.record("the first request failed")
          continue
        }
        let result = await send(method, "\(proxy.url)/second")
        if method == "GET" {
          #expect(try result.get().status == 200)
        } else {
          expect(result, .unavailable, .unknown, says: "may have carried it out")
        }
        #expect(upstream.requests.value == count, "\(method)")
      }
    }

    @Test(
      "A server that stalls is given up at the deadline",
      arguments: [
        FaultProxy.Fault.stallBeforeRequest, .stallBeforeReply, .stallInReply(afterByteCount: 10),
        .stallInReply(afterByteCount: 300),
      ], ["GET", "PUT"])
    func stalls(fault: FaultProxy.Fault, method: String) async throws {
      let upstream = try Upstream()
      let seen = Counter()
      let proxy = try FaultProxy(to: upstream.server.port) { _ in
        seen.add(1)
        return fault
      }
      let clock = ManualClock()
      let context = Context(.manual(clock), options: CallOptions(timeout: .seconds(60)))
      async let result = send(method, "\(proxy.url)/a", in: context)
      await seen.wait(for: 1)
      clock.advance(by: .seconds(60))
      expect(await result, .timedOut, method == "PUT" ? .unknown : .unchanged, says: "deadline")
    }

    @Test("A server that moves no byte is given up, by the clock of the call")
    func idle() async throws {
      let upstream = try Upstream.silent()
      let clock = ManualClock()
      let context = Context(.manual(clock))
      let ended = Counter()
      async let result = send("PUT", "\(upstream.url)/a", in: context)
      await upstream.requests.wait(for: 1)
      // The clock begins to count when the client looks at it: time goes on until it has.
      let time = Task {
        while ended.value == 0 {
          clock.advance(by: .seconds(31))
          await Task.yield()
        }
      }
      expect(await result, .timedOut, .unknown, says: "30.0 seconds")
      ended.add(1)
      await time.value
    }

    @Test("A server that never agrees on TLS is given up, and nothing was sent")
    func noHandshake() async throws {
      let silent = try LocalServer { $0.waitForEnd() }
      defer { silent.close() }
      var configuration = CurlClient.Configuration()
      configuration.connectTimeout = .milliseconds(200)
      let result = await send("PUT", "https://127.0.0.1:\(silent.port)/a", with: CurlClient(configuration))
      expect(result, .timedOut, .unchanged, says: "0.2 seconds")
    }

    @Test("A server that trickles is read to the end")
    func trickle() async throws {
      let upstream = try Upstream()
      let proxy = try FaultProxy(to: upstream.server.port) { _ in .trickle(milliseconds: 0) }
      #expect(try await send("GET", "\(proxy.url)/a").get().body == Array(Upstream.body.utf8))
    }

    @Test("A port that refuses leaves everything unchanged, and one that answers again is used again")
    func refusal() async throws {
      let upstream = try Upstream()
      let proxy = try FaultProxy(to: upstream.server.port)
      #expect(try await send("PUT", "\(proxy.url)/a").get().status == 200)
      proxy.refuse()
      expect(await send("PUT", "\(proxy.url)/a"), .unavailable, .unchanged, says: "check the host and the port")
      try proxy.listen()
      #expect(try await send("PUT", "\(proxy.url)/a").get().status == 200)
    }

    @Test("A host without an address leaves everything unchanged")
    func noHost() async {
      expect(await send("PUT", "http://no-such-host.invalid/a"), .unavailable, .unchanged, says: "name of the host")
    }

    @Test(
      "What is no HTTP server is found out",
      arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n", "220 mail ready\r\n", "\u{0}\u{1}\u{2}", "HTTP/9.9 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
      ])
    func otherServices(greeting: String) async throws {
      let server = try LocalServer { connection in
        _ = connection.readRequest()
        connection.write(greeting)
      }
      defer { server.close() }
      expect(await send("GET", "\(server.url)/a"), .unavailable, .unchanged)
      expect(await send("PUT", "\(server.url)/a"), .unavailable, .unknown)
    }

    @Test("A reply without end is dropped at the limit")
    func endless() async throws {
      let ends = Counter()
      let server = try LocalServer { connection in
        _ = connection.readRequest()
        connection.write("HTTP/1.1 200 OK\r\n\r\n")
        let piece = [UInt8](repeating: 7, count: 64 << 10)
        while connection.write(piece) {}
        ends.add(1)
      }
      defer { server.close() }
      let request = HTTPRequest("GET", "\(server.url)/a", maximumByteCount: 1 << 20)
      let error = await #expect(throws: DriverError.self) { try await client.send(request, in: Context()) }
      #expect(error?.code == .tooLarge && error?.effect == .unchanged, "\(String(describing: error))")
      await ends.wait(for: 1)
    }

    @Test("A reply that says it is too long is not read")
    func tooLong() async throws {
      let upstream = try Upstream { _, connection in
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx")
        connection.waitForEnd()
        return false
      }
      let error = await #expect(throws: DriverError.self) {
        try await client.send(HTTPRequest("GET", "\(upstream.url)/a"), in: Context())
      }
      #expect(
        error?.code == .tooLarge && error?.message.contains("99999999999") == true, "\(String(describing: error))")
      await upstream.ends.wait(for: 1)
    }

    @Test("Redirects are followed, counted, and lead to no private address and no other scheme")
    func redirects() async throws {
      let locations = [
        "/ok": "/end", "/loop": "/loop", "/file": "file:///etc/passwd", "/meta": "http://169.254.169.254/latest/",
        "/decimal": "http://2852039166/", "/loopback": "http://127.0.0.2:1/", "/v6": "http://[::1]:1/",
        "/name": "http://localhost:1/", "/secure": "https://127.0.0.1/",
      ]
      let upstream = try Upstream { head, connection in
        let path = String(head.split(separator: " ")[1])
        guard let location = locations[path] else { return connection.reply(200, Upstream.body) }
        return connection.reply(302, "moved", "Location: \(location)\r\n")
      }
      func follow(_ path: String) async throws -> HTTPResponse {
        try await client.send(
          HTTPRequest("GET", "\(upstream.url)\(path)", redirects: .followed(atMost: 5)), in: Context())
      }
      let response = try await follow("/ok")
      #expect(response.status == 200 && response.url == "\(upstream.url)/end")
      #expect(response.body == Array(Upstream.body.utf8))
      for path in ["/meta", "/decimal", "/loopback", "/v6", "/name"] {
        let error = await #expect(throws: DriverError.self) { try await follow(path) }
        #expect(error?.code == .denied && error?.message.contains("private address") == true, "\(path): \(error!)")
      }
      for path in ["/loop", "/file", "/secure"] {
        let error = await #expect(throws: DriverError.self) { try await follow(path) }
        #expect(error?.code == .unavailable && error?.effect == .unchanged, "\(path): \(error!)")
      }
      var request = HTTPRequest("GET", "\(upstream.url)/ok")
      #expect(try await client.send(request, in: Context()).status == 302)
      request.refusesPrivateAddress = true
      let error = await #expect(throws: DriverError.self) { try await client.send(request, in: Context()) }
      #expect(error?.code == .denied)
    }

    @Test("A redirect to a private address is followed when that is allowed, without the secrets")
    func allowedRedirects() async throws {
      let target = try Upstream { head, connection in connection.reply(200, head) }
      let upstream = try Upstream { _, connection in connection.reply(307, "", "Location: \(target.url)/x\r\n") }
      var request = HTTPRequest(
        "PUT", "\(upstream.url)/a", body: .bytes([1, 2, 3]), redirects: .followed(atMost: 1, toPrivateAddresses: true))
      request.headers.add("Authorization", secret: Secret("hush"))
      request.headers.add("X-Open", "open")
      let seen = String(decoding: try await client.send(request, in: Context()).body, as: UTF8.self)
      #expect(seen.hasPrefix("PUT /x") && seen.contains("X-Open: open") && !seen.contains("hush"), "\(seen)")
    }

    @Test(
      "An address that is none is refused before anything is sent",
      arguments: [
        "http://127.0.0.1/a b", "http://127.0.0.1/\u{e9}", "ftp://127.0.0.1/", "file:///etc/passwd", "", "http://",
        "http:///a",
        "127.0.0.1:80", "http://127.0.0.1:99999/", "http://a\r\nHost: b/", "http://user:s3cret@127.0.0.1/",
        "http://[::1/",
      ])
    func badAddresses(url: String) async {
      guard case .failure(let error) = await send("PUT", url) else {
        Issue.record("\(url) was answered")
        return
      }
      #expect(error.effect == .unchanged && [.unroutable, .unavailable].contains(error.code), "\(error)")
      #expect(!error.description.contains("s3cret"))
    }

    @Test("Fields and methods that would write others are refused")
    func injections() async {
      for value in ["a\r\nX: y", "a\nb", "a\u{0}b"] {
        let request = HTTPRequest("GET", "http://127.0.0.1:1/", headers: ["X": value])
        let error = await #expect(throws: DriverError.self) { try await client.send(request, in: Context()) }
        #expect(error?.code == .unsupported)
      }
      for method in ["", "GET /x HTTP/1.1\r\nX:", "GET "] {
        let request = HTTPRequest(method, "http://127.0.0.1:1/")
        let error = await #expect(throws: DriverError.self) { try await client.send(request, in: Context()) }
        #expect(error?.code == .unsupported)
      }
    }
  }
#endif
