#if HTTP
  import MetaDriver
  import MetaDriverS3
  import MetaDriverTesting
  import ServerSupport
  import Testing

  /// The law of drivers, against real servers. Every case has a part of the bucket to itself.
  @Suite(.timeLimit(.minutes(20))) struct S3ConformanceTests {
    private func check(
      _ testCase: Conformance.Case, on server: String, stamps: S3Driver.StampPlace = .metadata,
      conditions: S3Driver.Conditions = .unused
    ) async throws {
      let server = try Server(server)
      let suite = Conformance(
        limit: .seconds(300), place: { "conformance/\(UInt64.random(in: 0...UInt64.max))" },
        driver: { server.driver(prefix: $0, stamps: stamps, conditions: conditions) })
      try await suite.check(testCase)
    }

    @Test(
      "rclone conforms", .enabled(if: Server.isThere("rclone-s3"), "needs rclone-s3: Tests/run starts it"),
      arguments: Conformance.Case.allCases)
    func rclone(testCase: Conformance.Case) async throws {
      try await check(testCase, on: "rclone-s3", stamps: .envelope)
    }

    @Test(
      "Swift conforms", .enabled(if: Server.isThere("swift"), "needs swift: Tests/run starts it"),
      arguments: Conformance.Case.allCases)
    func swift(testCase: Conformance.Case) async throws { try await check(testCase, on: "swift") }

    @Test(
      "Ceph conforms", .enabled(if: Server.isThere("ceph"), "needs ceph: Tests/run --all starts it"),
      arguments: Conformance.Case.allCases)
    func ceph(testCase: Conformance.Case) async throws { try await check(testCase, on: "ceph") }

    @Test(
      "Ceph conforms with conditions", .enabled(if: Server.isThere("ceph"), "needs ceph: Tests/run --all starts it"),
      arguments: Conformance.Case.allCases)
    func cephWithConditions(testCase: Conformance.Case) async throws {
      try await check(testCase, on: "ceph", conditions: .puts)
    }
  }
#endif
