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
    @Test("50,000 requests leave memory as it was after the first, and no more connections than the client may keep")
    func growth() async {
      await #expect(processExitsWith: .success) {
        let growth = try await Growth(requestCount: 50_000, leak: .none)
        Notes("growth").add("growth: \(growth)")
        precondition(growth.isBounded, "\(growth)")
      }
      Notes("growth").show()
    }

    @Test(
      "What each hundredth request loses is found: a file, a connection", arguments: [Growth.Leak.file, .connection])
    func plantedLeak(leak: Growth.Leak) async {
      await #expect(processExitsWith: .success) { [leak] in
        let growth = try await Growth(requestCount: 5_000, leak: leak)
        precondition(!growth.isBounded, "\(growth)")
      }
    }

    @Test("What each request loses of memory is found")
    func plantedMemory() async {
      await #expect(processExitsWith: .success) {
        let growth = try await Growth(requestCount: 10_000, leak: .memory)
        precondition(!growth.isBounded, "\(growth)")
      }
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
#endif
