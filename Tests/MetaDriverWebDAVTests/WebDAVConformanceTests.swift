#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  import MetaDriverTesting
  import MetaDriverWebDAV
  import ServerSupport
  import TestSupport
  import Testing

  @Suite(.timeLimit(.minutes(10))) struct WebDAVConformanceTests {
    @Test(
      "A collection of nginx conforms",
      .enabled(if: Server.isThere("nginx"), "needs nginx: Tests/run starts it"), arguments: Conformance.Case.allCases)
    func nginx(testCase: Conformance.Case) async throws { try await check(testCase, at: "nginx", "/dav") }

    @Test(
      "A collection of nginx, written in place, conforms",
      .enabled(if: Server.isThere("nginx"), "needs nginx: Tests/run starts it"), arguments: Conformance.Case.allCases)
    func inPlace(testCase: Conformance.Case) async throws { try await check(testCase, at: "nginx", "/dav", .inPlace) }

    /// All but one: rclone removes what it is to replace before it moves, so that a reader beside a writer may find nothing,
    /// or half. `WebDAVServerTests` shows what holds.
    @Test(
      "A collection of rclone conforms",
      .enabled(if: Server.isThere("rclone-webdav"), "needs rclone-webdav: Tests/run starts it"),
      arguments: Conformance.Case.allCases.filter { $0 != .concurrentReaders })
    func rclone(testCase: Conformance.Case) async throws { try await check(testCase, at: "rclone-webdav", "") }

    private func check(
      _ testCase: Conformance.Case, at name: String, _ path: String, _ replacement: WebDAVDriver.Replacement = .atomic
    ) async throws {
      let server = try Server(name)
      try await Conformance(
        limit: .seconds(600), place: { "\(path)/conformance-\(UInt64.random(in: 0...UInt64.max))" },
        driver: { server.webDAV($0, replacement: replacement) }
      ).check(testCase)
    }

    @Test(
      "Collections below nodes that stamp conform",
      .enabled(if: Server.isThere("nginx"), "needs nginx: Tests/run starts it"))
    func quorum() async throws {
      let server = try Server("nginx")
      let suite = Conformance(
        limit: .seconds(600), largestPayload: 20_000, place: { "/dav/quorum-\(UInt64.random(in: 0...UInt64.max))" },
        driver: { place in
          Quorum(read: 2, write: 2) { for name in ["a", "b", "c"] { server.webDAV("\(place)-\(name)") } }
            .readYourWrites()
        })
      try await suite.check()
    }
  }

  extension Server {
    /// A driver of a collection, without a name: the suite gives every leaf with a name a made-up secret.
    func webDAV(
      _ path: String, replacement: WebDAVDriver.Replacement = .atomic, createsCollection: Bool = true,
      maximumByteCount: Int = 1 << 30, client: (any HTTPClient)? = nil
    ) -> WebDAVDriver {
      WebDAVDriver(
        at: url + path, credentials: .basic(user: fact("user"), password: Secret(fact("password"))),
        maximumByteCount: maximumByteCount, replacement: replacement, createsCollection: createsCollection,
        client: client ?? CurlClient.shared)
    }
  }
#endif
