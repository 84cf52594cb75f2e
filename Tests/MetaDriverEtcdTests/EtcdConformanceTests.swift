#if HTTP
  import MetaDriver
  import MetaDriverEtcd
  import MetaDriverHTTP
  import MetaDriverTesting
  import ServerSupport
  import TestSupport
  import Testing

  @Suite(.enabled(if: Server.isThere("etcd"), "needs etcd: Tests/run starts it"), .timeLimit(.minutes(10)))
  struct EtcdConformanceTests {
    @Test("A cluster conforms", arguments: Conformance.Case.allCases)
    func cluster(testCase: Conformance.Case) async throws {
      let server = try Server("etcd")
      try await Conformance(
        limit: .seconds(600), place: { "conformance-\(UInt64.random(in: 0...UInt64.max))/" },
        driver: { server.etcd(prefix: $0) }
      ).check(testCase)
    }

    @Test("Stores of one cluster below nodes that stamp conform")
    func quorum() async throws {
      let server = try Server("etcd")
      let suite = Conformance(
        limit: .seconds(600), largestPayload: 20_000, place: { "quorum-\(UInt64.random(in: 0...UInt64.max))/" },
        driver: { place in
          Quorum(read: 2, write: 2) { for name in ["a", "b", "c"] { server.etcd(prefix: "\(place)\(name)/") } }
            .readYourWrites()
        })
      try await suite.check()
    }
  }

  extension Server {
    /// A driver of the cluster, without a name: the suite gives every leaf with a name a made-up secret. Where all members
    /// are well, none is given up because the machine is busy.
    func etcd(
      prefix: String, name: String? = nil, timeout: Duration = .seconds(600), client: any HTTPClient = CurlClient.shared
    ) -> EtcdDriver {
      EtcdDriver(
        at: fact("urls").split(separator: " ").map(String.init), name: name, prefix: prefix, timeout: timeout,
        client: client)
    }
  }
#endif
