#if HTTP && os(Linux)
  import Foundation
  import MetaDriver
  @testable import MetaDriverHTTP
  import MetaDriverTesting
  import ServerSupport
  import Testing

  /// Many requests, each test in a process of its own, so that what it measures is its own.
  @Suite(
    .enabled(if: Server.isThere("nginx"), "needs nginx: Tests/run starts it"), .serialized, .timeLimit(.minutes(10)))
  struct HTTPSoakTests {
    @Test("50,000 requests leave memory and file descriptors as they were after the first thousand")
    func growth() async {
      await #expect(processExitsWith: .success) {
        let server = try Server("nginx")
        let name = "soak-\(UUID())"
        let path = "\(server.folder)/data/files/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(repeating: 1, count: 1_024).write(to: URL(filePath: "\(path)/there"))

        let driver = HTTPDriver(at: "\(server.url)/files/\(name)", layout: .names, client: CurlClient())
        let (there, missing) = (Key.mutable("there"), Key.mutable("missing"))
        @Sendable func run(_ count: Int) async throws {
          try await withThrowingTaskGroup { group in
            for worker in 0..<16 {
              group.addTask {
                for number in 0..<(count / 16) {
                  switch (number + worker) % 10 {
                  case 0: try await check(driver.get(missing) == nil)
                  case 5: try await check(Context().stat(there, from: driver)?.byteCount == 1_024)
                  default: try await check(driver.get(there)?.bytes.count == 1_024)
                  }
                }
              }
            }
            try await group.waitForAll()
          }
        }
        try await run(1_600)
        let before = ProcessFacts.now
        try await run(48_400)
        let after = ProcessFacts.now
        Notes("growth").add("growth: \(before) after 1,600 requests, \(after) after 50,000")
        precondition(after.descriptors <= before.descriptors, "\(before) \(after)")
        precondition(after.kibibytes - before.kibibytes < ProcessFacts.allowance, "\(before) \(after)")
      }
      Notes("growth").show()
    }

    @Test("10,000 requests, of which a third are cancelled at random moments, end; none hangs, nothing is left")
    func cancellation() async {
      await #expect(processExitsWith: .success) {
        let seed = seed(of: "cancellation")
        Notes("cancellation").add("cancellation: SEED=\(seed)")
        var generator = SeededGenerator(seed: seed)
        let server = try Server("nginx")
        let silent = try LocalServer { $0.waitForEnd() }
        let refusing = try LocalServer.refusingPort()
        var configuration = CurlClient.Configuration()
        configuration.maximumConnectionsPerHost = 24
        let client = CurlClient(configuration)
        let urls = ["\(server.url)/files/", "http://127.0.0.1:\(refusing)/", "\(silent.url)/"]
        var codes: [String: Int] = [:]
        for _ in 0..<100 {
          let plans = (0..<100).map { _ in
            (place: generator.next() % 8, isCancelled: generator.next() % 3 == 0, pauses: generator.next() % 200)
          }
          await withTaskGroup { group in
            for plan in plans {
              group.addTask {
                let url = urls[plan.place == 0 ? 1 : plan.place == 1 ? 2 : 0]
                let isWrite = plan.place.isMultiple(of: 2)
                // Time begins when the request does.
                let own = Context(options: CallOptions(timeout: .milliseconds(500)))
                let task = Task {
                  do throws(DriverError) {
                    let body: HTTPBody? = isWrite ? .bytes([1, 2, 3]) : nil
                    return
                      "\(try await client.send(HTTPRequest(isWrite ? "POST" : "GET", url, body: body), in: own).status)"
                  } catch {
                    precondition(isWrite || error.effect == .unchanged, "\(error)")
                    return "\(error.code)"
                  }
                }
                if plan.isCancelled {
                  for _ in 0..<plan.pauses { await Task.yield() }
                  task.cancel()
                }
                return await task.value
              }
            }
            for await code in group { codes[code, default: 0] += 1 }
          }
        }
        Notes("cancellation").add("cancellation: \(codes.sorted { $0.key < $1.key })")
        precondition(codes.values.reduce(0, +) == 10_000)
        for code in ["cancelled", "unavailable", "timedOut"] { precondition(codes[code, default: 0] > 0, code) }
        await client.close()
        precondition(client.requestCount == 0)
        silent.close()
      }
      Notes("cancellation").show()
    }
  }

  /// What a process of its own has to say, its seed above all. It is read from a file, because waiting for its output would
  /// keep a thread from all other tests.
  struct Notes {
    private let path: String

    init(_ test: String) { path = "\((try? Server("nginx"))?.folder ?? "/tmp")/notes-\(test).txt" }

    /// Adds a line.
    func add(_ line: String) {
      let before = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      try? "\(before)\(line)\n".write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Prints the lines, and forgets them.
    func show() {
      if let lines = try? String(contentsOfFile: path, encoding: .utf8) { print(lines, terminator: "") }
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// Ends the process when something is not as it should be.
  func check(_ isRight: Bool) { precondition(isRight, "an answer is wrong") }

  /// What the system says of this process.
  private struct ProcessFacts: CustomStringConvertible {
    let kibibytes: Int
    let descriptors: Int

    /// How many KiB more or less mean nothing: the thread sanitizer takes notes of its own.
    #if SANITIZE_THREAD
      static let allowance = 65_536
    #else
      static let allowance = 4_096
    #endif

    static var now: ProcessFacts {
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
      return ProcessFacts(
        kibibytes: line?.split(separator: " ").compactMap { Int($0) }.first ?? 0,
        descriptors: (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0)
    }

    var description: String { "\(kibibytes) KiB and \(descriptors) descriptors" }
  }
#endif
