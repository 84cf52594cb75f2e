#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  @testable import MetaDriverS3
  import MetaDriverTesting
  import ServerSupport
  import TestSupport
  import Testing
  private import Foundation
  private import Synchronization

  @Suite struct S3PartsTests {
    private let key: Key = "large"

    @Test("Parts cover an object, each but the last as large as wished, or larger where there would be too many")
    func sizes() {
      let unit = 5 << 20
      for (byteCount, wished, count, size) in [
        (0, unit, 1, unit), (1, unit, 1, unit), (unit, unit, 1, unit), (unit + 1, unit, 2, unit),
        (3 * unit, 1, 3, unit), (100 * unit, 2 * unit, 50, 2 * unit), (unit * 10_000, unit, 10_000, unit),
        (unit * 10_000 + 1, unit, 10_000, unit + 1), (5 << 40, unit, 10_000, 549_755_814),
      ] {
        let sizes = PartSizes(byteCount: byteCount, partByteCount: wished)
        #expect(sizes.count == count && sizes.partByteCount == size)
        let ranges = [0, sizes.count - 1].map(sizes.range(of:))
        #expect(ranges[0].lowerBound == 0 && ranges[1].upperBound == byteCount)
        #expect(ranges.allSatisfy { $0.count <= size })
      }
    }

    /// What a server that takes parts was asked, and what it says in the end.
    private final class Parts: Sendable {
      let log = Mutex<[String]>([])
      let ending: HTTPResponse
      let failing: Int?

      init(ending: HTTPResponse, failing: Int? = nil) { (self.ending, self.failing) = (ending, failing) }

      func answer(_ request: HTTPRequest) -> HTTPResponse? {
        let query = request.url.split(separator: "?").dropFirst().first.map(String.init) ?? ""
        log.withLock { $0.append("\(request.method) \(query)") }
        switch (request.method, query) {
        case ("POST", "uploads="): return HTTPResponse(200, body: Array(S3DocumentTests.begun.utf8))
        case ("POST", _): return ending
        case ("DELETE", _): return HTTPResponse(204)
        default:
          let number = query.split(separator: "&").first?.split(separator: "=").last.flatMap { Int($0) }
          return number == failing
            ? Bucket.failure(500, "InternalError") : HTTPResponse(200, headers: ["ETag": "\"t\""])
        }
      }
    }

    private func put(_ parts: Parts) async -> (Result<Receipt, DriverError>, [String]) {
      let runtime = Runtime.manual()
      let driver = Bucket(.ignored) { request, _ throws(DriverError) in parts.answer(request) }
        .driver(multipartThreshold: 6 << 20)
      let record = Record([UInt8](repeating: 7, count: 40 << 20))
      let result: Result<Receipt, DriverError>
      do throws(DriverError) {
        result = .success(try await driver.put(record, at: key, in: Context(runtime)))
      } catch { result = .failure(error) }
      await runtime.drain()
      return (result, parts.log.withLock { $0 })
    }

    @Test("A large datum is sent in parts")
    func success() async throws {
      let done = HTTPResponse(200, body: Array(" \n<CompleteMultipartUploadResult/>".utf8))
      let (result, log) = await put(Parts(ending: done))
      #expect(try result.get().result.description == "stored")
      #expect(log.first == "POST uploads=" && log.last == "POST uploadId=u1")
      #expect(log.dropFirst().dropLast().sorted() == (1...3).map { "PUT partNumber=\($0)&uploadId=u1" })
    }

    @Test("What a part's failure leaves is given up, and nothing was changed")
    func failedPart() async throws {
      let (result, log) = await put(Parts(ending: HTTPResponse(200), failing: 2))
      let error = #expect(throws: DriverError.self) { try result.get() }
      #expect(error?.code == .unavailable && error?.effect == .unchanged && error?.message.contains("part 2") == true)
      #expect(log.last == "DELETE uploadId=u1" && !log.contains("POST uploadId=u1"))
    }

    @Test(
      "A failure that is told with status 200 is one",
      arguments: [
        ("<Error><Code>InternalError</Code></Error>", "unavailable", DriverError.Effect.unknown),
        ("<Error><Code>SlowDown</Code></Error>", "throttled", .unknown),
        ("<Error><Code>AccessDenied</Code></Error>", "denied", .unchanged),
        ("<html></html>", "unavailable", .unknown), ("", "unavailable", .unknown),
      ])
    func failedEnding(body: String, code: String, effect: DriverError.Effect) async throws {
      let (result, log) = await put(Parts(ending: HTTPResponse(200, body: Array(body.utf8))))
      let error = #expect(throws: DriverError.self) { try result.get() }
      #expect(error?.code.description == code && error?.effect == effect)
      #expect(log.last == "DELETE uploadId=u1")
    }

    @Test("Uploads that began long ago are given up when the driver is opened, others are left alone")
    func abandoned() async throws {
      let list = """
        <ListMultipartUploadsResult><IsTruncated>false</IsTruncated>
        <Upload><Key>p/mutable/a</Key><UploadId>old</UploadId><Initiated>2023-11-13T22:13:20.000Z</Initiated></Upload>
        <Upload><Key>p/mutable/b</Key><UploadId>new</UploadId><Initiated>2023-11-14T22:13:19Z</Initiated></Upload>
        <Upload><Key>other</Key><UploadId>foreign</UploadId><Initiated>2020-11-14T22:13:19Z</Initiated></Upload>
        </ListMultipartUploadsResult>
        """
      let gone = Mutex<[String]>([])
      let driver = Bucket(.ignored) { request, _ throws(DriverError) in
        if request.method == "DELETE" { gone.withLock { $0.append(request.url) } }
        return request.method == "DELETE" ? HTTPResponse(204) : HTTPResponse(200, body: Array(list.utf8))
      }.driver(prefix: "p", abandonedUploads: .seconds(3_600))
      _ = try await driver.open(in: Context(.manual()))
      #expect(gone.withLock { $0 } == ["https://x/b/p/mutable/a?uploadId=old"])
    }

    @Test(
      "A datum in parts comes back with its stamp, from every server", .enabled(if: Server.isThere("rclone-s3")),
      arguments: ["rclone-s3", "swift", "ceph"])
    func servers(name: String) async throws {
      guard Server.isThere(name) else { return }
      let driver = try Server(name).driver(multipartThreshold: 6 << 20)
      var record = Record((0..<13 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) }, stamp: Stamp(time: 9, writer: 4))
      _ = try await driver.put(record, at: key, in: Context())
      #expect(try await driver.get(key, in: Context()) == record)
      #expect(try await driver.stat(key, in: Context()) == Stat(of: record))
      record = Record([1])
      _ = try await driver.put(record, at: key, in: Context())
      #expect(try await driver.get(key, in: Context()) == record)
    }

    @Test(
      "The uploads of dead processes are given up, on a real server",
      .enabled(if: Server.isThere("ceph"), "needs ceph: Tests/run --all starts it"))
    func deadProcesses() async throws {
      let server = try Server("ceph")
      let prefix = "t/\(UInt64.random(in: 0...UInt64.max))"
      // The upload is begun, and then the process dies: nothing more is sent.
      let dying = ScriptedClient { request throws(DriverError) in
        guard request.url.hasSuffix("?uploads=") else { throw DriverError(.unavailable, "dead") }
        return try await CurlClient.shared.send(request, in: Context())
      }
      let error = await #expect(throws: DriverError.self) {
        try await server.driver(prefix: prefix, multipartThreshold: 10, client: dying)
          .put(Record([UInt8](repeating: 1, count: 100)), at: key, in: Context())
      }
      #expect(error?.effect == .unchanged)
      let counted = ScriptedClient { request throws(DriverError) in
        try await CurlClient.shared.send(request, in: Context())
      }
      let driver = server.driver(prefix: prefix, abandonedUploads: .seconds(-60), client: counted)
      for expected in [1, 1] {
        _ = try await driver.open(in: Context())
        #expect(counted.requests.count { $0.method == "DELETE" } == expected)
      }
    }

    /// What the kernel counts as this process's memory at its largest, in bytes, since it was reset.
    private func peak() throws -> Int {
      let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
      return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) }) << 10
    }

    /// Measured alone, because memory is counted for the whole process.
    @Test(
      "Parts are sent from where the bytes are",
      .enabled(if: Server.isThere("rclone-s3"), "needs rclone-s3: Tests/run starts it"),
      .enabled(if: measuresMemory, "is measured alone: Tests/run does"))
    func memory() async throws {
      let driver = try Server("rclone-s3").driver()
      let record = Record([UInt8](repeating: 0x5a, count: 256 << 20))
      try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
      let before = try peak()
      _ = try await driver.put(record, at: key, in: Context())
      let growth = try peak() - before
      print("256 MiB in parts took \(growth >> 20) MiB beside the object")
      #expect(growth < 100 << 20)
      #expect(try await driver.stat(key, in: Context())?.byteCount == 256 << 20)
      _ = try await driver.delete(key, proof: nil, in: Context())
    }
  }

  /// Whether memory is to be measured, for which nothing else may run.
  private let measuresMemory = ProcessInfo.processInfo.environment["METADRIVER_REQUESTS"] != nil
#endif
