#if HTTP && SQLite && os(Linux)
  import Foundation
  import MetaDriver
  import MetaDriverEtcd
  import MetaDriverHTTP
  import ServerSupport
  import Testing

  /// How many requests are made; none unless the environment says.
  private let requestCount = ProcessInfo.processInfo.environment["METADRIVER_REQUESTS"].flatMap { Int($0) } ?? 0

  /// Tens of thousands of requests through each driver over HTTP. The memory of the process is measured, so these run
  /// without other tests beside them: `Tests/run` does that.
  @Suite(
    .serialized, .timeLimit(.minutes(20)),
    .enabled(if: requestCount > 0, "needs a process of its own, and METADRIVER_REQUESTS: Tests/run starts it")
  )
  struct LeakTests {
    /// What the first requests set up, connections and buffers, is not counted.
    private static let warmUpCount = 1_000
    private static let width = 8

    /// What the process has in use.
    private struct Usage {
      let byteCount: Int
      let files = OpenFiles.now

      init() throws {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
        byteCount = (Int(pages) ?? 0) * 4_096
      }
    }

    /// - Parameter hostCount: How many servers there are, to each of which there are as many connections as requests at once.
    private func repeatRequests(_ driver: some Driver, writes: Bool = true, hostCount: Int = 1) async throws {
      let idle = OpenFiles.now
      let keys = try (0..<64).map { Key.mutable(try DataID("datum \($0)")) }
      let payload = [UInt8](repeating: 7, count: 1_024)
      func run(_ count: Int) async throws {
        let each = count / Self.width
        try await withThrowingTaskGroup(of: Void.self) { group in
          for lane in 0..<Self.width {
            group.addTask {
              for turn in 0..<each {
                let key = keys[(turn * Self.width + lane) % keys.count]
                if writes, turn.isMultiple(of: 4) { try await driver.put(payload, at: key) }
                #expect(try await driver.get(key)?.bytes.count == payload.count)
              }
            }
          }
          try await group.waitForAll()
        }
      }
      if writes { for key in keys { try await driver.put(payload, at: key) } }
      try await run(Self.warmUpCount)
      let before = try Usage()
      try await run(requestCount)
      let after = try Usage()
      print(
        "\(driver.outline.kind): \(requestCount) gets\(writes ? " and a quarter as many puts" : ""), memory "
          + "\(before.byteCount >> 20) to \(after.byteCount >> 20) MiB, "
          + "\(idle), then \(before.files), then \(after.files)")
      // Beside the connections there are the two ends by which the client's thread is woken.
      #expect(after.files.connections <= idle.connections + Self.width * hostCount + 2)
      #expect(after.files.others <= before.files.others)
      // Less than a hundred bytes for each request, which no leak of a request would be.
      #expect(after.byteCount < before.byteCount + requestCount * 100 + (2 << 20))
    }

    @Test("Requests to S3 leave nothing behind", .enabled(if: Server.isThere("rclone-s3")))
    func s3() async throws { try await repeatRequests(try Stores().s3(try Server("rclone-s3"))) }

    @Test("Requests to WebDAV leave nothing behind", .enabled(if: Server.isThere("nginx")))
    func webdav() async throws { try await repeatRequests(try Stores().webdav(try Server("nginx"))) }

    @Test("Requests to etcd leave nothing behind", .enabled(if: Server.isThere("etcd")))
    func etcd() async throws {
      let urls = try Server("etcd").fact("urls").split(separator: " ").map(String.init)
      try await repeatRequests(
        EtcdDriver(at: urls, prefix: "leaks-\(UUID())/", timeout: .seconds(600)), hostCount: urls.count)
    }

    @Test("Requests to a plain web server leave nothing behind", .enabled(if: Server.isThere("nginx")))
    func http() async throws {
      let server = try Server("nginx")
      let place = "leaks-\(UUID())"
      let driver = HTTPDriver(at: "\(server.url)/files/\(place)", name: "files")
      for number in 0..<64 {
        let url = try #require(driver.url(for: .mutable(try DataID("datum \(number)"))))
        let path = try #require(URL(string: url.string)?.path(percentEncoded: false))
        let file = URL(filePath: "\(server.folder)/data\(path)")
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(repeating: 7, count: 1_024).write(to: file)
      }
      try await repeatRequests(driver, writes: false)
    }
  }
#endif
