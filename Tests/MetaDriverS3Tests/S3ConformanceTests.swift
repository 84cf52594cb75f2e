#if HTTP
  private import Foundation
  import MetaDriver
  import MetaDriverHTTP
  import MetaDriverS3
  import MetaDriverTesting
  import ServerSupport
  import Testing

  /// The law of drivers, against real servers. Every case has a part of the bucket to itself.
  @Suite(.timeLimit(.minutes(20))) struct S3ConformanceTests {
    private func check(
      _ testCase: Conformance.Case, on server: String, conditions: S3Driver.Conditions = .unused
    ) async throws {
      let server = try Server(server)
      let suite = Conformance(
        limit: .seconds(600), place: { "conformance/\(UInt64.random(in: 0...UInt64.max))" },
        driver: { server.driver(prefix: $0, conditions: conditions) })
      try await suite.check(testCase)
    }

    /// It replaces a file in place, so that a reader at that moment gets a part of it: see the test below. And it fails some
    /// of several puts at the same time by itself, which are sent again.
    @Test(
      "rclone conforms", .enabled(if: Server.isThere("rclone-s3"), "needs rclone-s3: Tests/run starts it"),
      arguments: Conformance.Case.allCases.filter { $0 != .concurrentReaders })
    func rclone(testCase: Conformance.Case) async throws {
      let server = try Server("rclone-s3")
      let suite = Conformance(
        limit: .seconds(600),
        place: {
          let prefix = "conformance/\(UInt64.random(in: 0...UInt64.max))"
          // Of several that make a folder at the same time, it fails all but one.
          for kind in Key.Kind.allCases {
            try FileManager.default.createDirectory(
              atPath: "\(server.folder)/data/\(server.fact("bucket"))/\(prefix)/\(kind)",
              withIntermediateDirectories: true)
          }
          return prefix
        },
        driver: {
          server.driver(prefix: $0, stamps: .envelope, client: RepeatingClient(client: CurlClient.shared))
        })
      try await suite.check(testCase)
    }

    // R2
    @Test(
      "What rclone gives while it overwrites is a complete value or an error",
      .enabled(if: Server.isThere("rclone-s3"), "needs rclone-s3: Tests/run starts it"))
    func tornReads() async throws {
      let driver = try Server("rclone-s3")
        .driver(stamps: .envelope, client: RepeatingClient(client: CurlClient.shared))
      let context = Context()
      let values = (0..<40).map { [UInt8](repeating: UInt8($0), count: 1_000 - 20 * $0) }
      _ = try await driver.put(Record(values[0]), at: "watched", in: context)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { for value in values { _ = try await driver.put(Record(value), at: "watched", in: context) } }
        for _ in 0..<3 {
          group.addTask {
            for _ in 0..<60 {
              do throws(DriverError) {
                let bytes = try await driver.get("watched", in: context)?.bytes
                #expect(bytes.map(values.contains) == true)
              } catch { #expect(error.code == .unavailable && error.effect == .unchanged, "\(error)") }
            }
          }
        }
        try await group.waitForAll()
      }
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
