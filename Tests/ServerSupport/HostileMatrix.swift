#if HTTP
  public import MetaDriver
  public import MetaDriverHTTP

  /// Runs each operation once for each of its requests, each reply in its place, and each time at which it comes, and has
  /// every outcome judged by what the server holds.
  public struct HostileMatrix<Server: Sendable, Data: Equatable>: Sendable {
    private let replies: [HostileReply]
    private let server: @Sendable () -> Server
    private let answer: @Sendable (Server, HTTPRequest) -> HTTPResponse
    private let data: @Sendable (Server) -> Data

    /// How many cells there were.
    public private(set) var count = 0
    /// What was wrong, in words.
    public private(set) var wrong: [String] = []

    /// - Parameters:
    ///   - replies: What is said in place of the server.
    ///   - server: A server as it is before each operation.
    ///   - answer: What the server does, and says.
    ///   - data: The data that it holds, by which it is told whether something was changed.
    public init(
      _ replies: [HostileReply], server: @escaping @Sendable () -> Server,
      answer: @escaping @Sendable (Server, HTTPRequest) -> HTTPResponse, data: @escaping @Sendable (Server) -> Data
    ) {
      (self.replies, self.server, self.answer, self.data) = (replies, server, answer, data)
    }

    /// Goes through one operation.
    ///
    /// - Parameters:
    ///   - operation: Its name.
    ///   - isKnown: Whether nobody could tell the reply from the server's own.
    ///   - body: Does it with a client, and says what is wrong with what came of it; `nil` for nothing.
    public mutating func run(
      _ operation: String, isKnown: (HTTPRequest, HostileReply) -> Bool = { _, _ in false },
      _ body: (HostileClient, Server) async throws(DriverError) -> String?
    ) async {
      let (requests, clean) = await dryRun(body)
      if let clean { wrong.append("\(operation): \(clean)") }
      for (number, request) in requests.enumerated() {
        for reply in replies where !isKnown(request, reply) {
          let isRead = ["GET", "HEAD", "PROPFIND"].contains(request.method)
          for time in HostileReply.Time.allCases
          where time == .after ? isRead || !reply.isRefusal : !isRead && reply.status != nil {
            count += 1
            let (server, answer) = (server(), answer)
            let client = HostileClient(replacing: number, by: reply, time) { answer(server, $0) }
            let before = data(server)
            var problem: String?
            do throws(DriverError) { problem = try await body(client, server) } catch {
              problem = Self.problem(with: error, reply, isLast: client.count == number + 1)
              if error.effect == .unchanged, data(server) != before { problem = "it has changed something: \(error)" }
            }
            if let problem {
              wrong.append("\(operation), \(request.method) (\(number)), '\(reply)' \(time) it acts: \(problem)")
            }
          }
        }
      }
    }

    private func dryRun(
      _ body: (HostileClient, Server) async throws(DriverError) -> String?
    ) async -> ([HTTPRequest], String?) {
      let (server, answer) = (server(), answer)
      let recorder = ScriptedClient { request throws(DriverError) in answer(server, request) }
      let client = HostileClient { request throws(DriverError) in try await recorder.send(request, in: Context()) }
      var problem: String?
      do throws(DriverError) { problem = try await body(client, server) } catch { problem = "\(error)" }
      return (recorder.requests, problem)
    }

    /// - Parameter isLast: Whether nothing was asked behind the reply, so that it must be the reason.
    private static func problem(with error: DriverError, _ reply: HostileReply, isLast: Bool) -> String? {
      let text = "\(error)"
      if reply.isLegal { return "it is legal, and failed: \(text)" }
      if text.contains(HostileReply.secret) { return "it shows the secret: \(text)" }
      guard isLast, let status = reply.status, !(200..<300).contains(status) else { return nil }
      if !text.contains("\(status)") { return "it does not name the status: \(text)" }
      if let words = reply.words, !text.contains(words) { return "it does not say the server's words: \(text)" }
      if reply.words != nil, status != 401, text.contains("check the credentials") {
        return "it gives advice that the reply knows nothing of: \(text)"
      }
      return nil
    }
  }
#endif
