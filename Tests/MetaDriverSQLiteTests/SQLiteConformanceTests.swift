#if SQLite
  import MetaDriver
  import MetaDriverSQLite
  import MetaDriverTesting
  import TestSupport
  import Testing

  /// The driver has threads of its own, so these run on several; the clock stands still, so that a busy machine fails no
  /// case.
  @Suite(.timeLimit(.minutes(10))) struct SQLiteConformanceTests {
    private static func suite(_ durability: Durability) -> Conformance {
      Conformance(runtime: .manual(), place: { try TemporaryFolder() }, driver: { $0.sqlite(durability) })
    }

    @Test("A file conforms, and is there after closing", arguments: Conformance.Case.allCases)
    func none(testCase: Conformance.Case) async throws { try await Self.suite(.none).check(testCase) }

    @Test("A file whose puts wait for the device conforms", arguments: Conformance.Case.allCases)
    func full(testCase: Conformance.Case) async throws { try await Self.suite(.full).check(testCase) }

    // A1
    @Test("Values of 64 MiB come back")
    func large() async throws {
      let suite = Conformance(runtime: .manual(), largestPayload: 64 << 20, place: { try TemporaryFolder() }) {
        $0.sqlite(.none)
      }
      try await suite.check(.payloads)
    }

    @Test("Files below nodes that stamp conform")
    func quorum() async throws {
      let suite = Conformance(runtime: .manual(), largestPayload: 20_000, place: { try TemporaryFolder() }) { place in
        Quorum(read: 2, write: 2) {
          for name in ["a", "b", "c"] { SQLiteDriver(at: "\(place.path)/\(name)", name: name, durability: .ordered) }
        }.readYourWrites()
      }
      try await suite.check()
    }
  }
#endif
