#if HTTP
  import MetaDriverTesting
  import ServerSupport

  /// A server that answers every request with the same bytes, and counts them.
  final class Upstream: Sendable {
    static let body = String(repeating: "0123456789", count: 100)
    let requests = Counter()
    /// How many connections ended.
    let ends = Counter()
    let server: LocalServer

    /// - Parameter answer: What to do with the head of a request; `nil` answers 200 with ``body``.
    init(_ answer: (@Sendable (String, LocalConnection) -> Bool)? = nil) throws {
      let (requests, ends) = (requests, ends)
      server = try LocalServer { connection in
        while let head = connection.readRequest() {
          requests.add(1)
          let goesOn = answer?(head, connection) ?? connection.reply(200, Self.body)
          if !goesOn { break }
        }
        ends.add(1)
      }
    }

    /// One that takes a request and never answers.
    static func silent() throws -> Upstream {
      try Upstream { _, connection in
        connection.waitForEnd()
        return false
      }
    }

    deinit { server.close() }

    var url: String { server.url }
  }

  extension LocalConnection {
    /// Sends a reply with a length.
    @discardableResult
    func reply(_ status: Int, _ body: String = "", _ fields: String = "") -> Bool {
      write("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)")
    }
  }
#endif
