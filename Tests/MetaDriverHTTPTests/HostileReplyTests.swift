#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  import ServerSupport
  import TestSupport
  import Testing

  /// Every reply that a proxy or a server is known to give, in the place of each reply to each request of each operation.
  @Suite(.timeLimit(.minutes(10))) struct HostileReplyTests {
    private static let stored: [Key: Record] = [
      "alice": Record([UInt8](repeating: 7, count: 200), stamp: Stamp(time: 5, writer: 1)),
      "bob": Record([1, 2, 3]),
      "dead": .tombstone(stamp: Stamp(time: 6, writer: 1)),
      "empty": Record([]),
    ]

    private static func bytes(_ request: HTTPRequest) -> [UInt8]? {
      stored.first { request.url.hasSuffix("/\($0.key.name)") }.map { $0.value.encoded(for: $0.key) }
    }

    private static func answer(_ request: HTTPRequest) -> HTTPResponse {
      guard let bytes = bytes(request) else { return HTTPResponse(404) }
      var fields: HTTPHeaders = ["ETag": "\"1\"", "Content-Type": "application/octet-stream"]
      guard request.headers["Range"] != nil else {
        return HTTPResponse(200, headers: fields, body: bytes, url: request.url)
      }
      guard !bytes.isEmpty else { return HTTPResponse(416, headers: ["Content-Range": "bytes */0"]) }
      fields.add("Content-Range", "bytes 0-\(min(62, bytes.count) - 1)/\(bytes.count)")
      return HTTPResponse(206, headers: fields, body: Array(bytes.prefix(62)), url: request.url)
    }

    private func driver(_ client: any HTTPClient) -> HTTPDriver {
      HTTPDriver(
        at: "https://host/data", name: "cdn", layout: .names, headers: ["X-Key": "{credential}"],
        credential: Secret(HostileReply.secret), maximumByteCount: 1_000, client: client)
    }

    /// Replies by which a web server says what would be untrue here: nobody could tell.
    private static func isKnown(_ request: HTTPRequest, _ reply: HostileReply) -> Bool {
      [200, 203, 404, 410].contains(reply.status) || reply.description == "no bytes"
    }

    @Test func `Whatever one reply is, what the driver says is true`() async throws {
      let context = Context(.leaping())
      var matrix = HostileMatrix(
        HostileReply.pages + HostileReply.changes + HostileReply.ranges(Self.bytes),
        server: { 0 }, answer: { _, request in Self.answer(request) }, data: { $0 })
      for key in ["alice", "bob", "dead", "empty", "none"] as [Key] {
        await matrix.run("get of \(key)", isKnown: Self.isKnown) { client, _ throws(DriverError) in
          let record = try await driver(client).get(key, in: context)
          return record?.encoded(for: key) == Self.stored[key]?.encoded(for: key)
            ? nil : "it gave \(String(describing: record))"
        }
        await matrix.run("stat of \(key)", isKnown: Self.isKnown) { client, _ throws(DriverError) in
          let stat = try await driver(client).stat(key, in: context)
          return stat == Self.stored[key].map(Stat.init(of:)) ? nil : "it gave \(String(describing: stat))"
        }
        await matrix.run("get of the URL of \(key)", isKnown: Self.isKnown) { client, _ throws(DriverError) in
          let driver = driver(client)
          guard let url = driver.url(for: key) else { return "it has no URL" }
          let record = try await driver.get([url], in: context)
          return record?.encoded(for: key) == Self.stored[key]?.encoded(for: key)
            ? nil : "it gave \(String(describing: record))"
        }
      }
      print("HTTP: \(matrix.count) cells, \(matrix.wrong.count) wrong")
      #expect(matrix.count > 1_000)
      for problem in matrix.wrong.prefix(20) { Issue.record("\(problem)") }
      #expect(matrix.wrong.isEmpty)
    }
  }
#endif
