#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  import MetaDriverWebDAV
  import ServerSupport
  import TestSupport
  import Testing

  /// Every reply that a proxy or a server is known to give, in the place of each reply to each request of each operation.
  @Suite(.timeLimit(.minutes(10))) struct HostileReplyTests {
    private static let stored: [Key: Record] = [
      "alice": Record([UInt8](repeating: 7, count: 200), stamp: Stamp(time: 5, writer: 1)),
      "bob": Record([1, 2, 3]),
      "dead": .tombstone(stamp: Stamp(time: 6, writer: 1)),
    ]
    private static let markerText =
      "MetaDriver WebDAV store, format 1. The data is in the collections beside this file.\n"

    /// A server as this driver leaves it.
    private static func server(_ change: @escaping (inout ModelServer.State) -> Void = { _ in }) -> ModelServer {
      ModelServer { state in
        state.resources["/dav/store/metadriver-webdav.txt"] = Array(markerText.utf8)
        for (key, record) in stored {
          let path = "/dav/store/\(StoredName(key).path)"
          var collection = path[...]
          while let slash = collection.lastIndex(of: "/"), slash > collection.startIndex {
            collection = collection[..<slash]
            state.collections.insert(String(collection))
          }
          state.resources[path] = record.encoded(for: key)
        }
        change(&state)
      }
    }

    private func driver(
      _ client: any HTTPClient, _ replacement: WebDAVDriver.Replacement = .atomic
    ) -> WebDAVDriver {
      WebDAVDriver(
        at: "https://host/dav/store", name: "cloud",
        credentials: .basic(user: "u", password: Secret(HostileReply.secret)), maximumByteCount: 1_000,
        replacement: replacement, client: client)
    }

    private static func held(_ key: Key, by server: ModelServer) -> [UInt8]? {
      server.data["/dav/store/\(StoredName(key).path)"]
    }

    /// Replies by which a server of this kind says what would be untrue here: nobody could tell.
    private static func isKnown(_ request: HTTPRequest, _ reply: HostileReply) -> Bool {
      switch request.method {
      case "GET", "HEAD", "PROPFIND": reply.status == 404 || reply.status == 410
      case "PUT", "MOVE", "DELETE": reply.status == 201 || reply.status == 204
      default: false
      }
    }

    private static let spellings: [HostileReply] = [
      spelling("absolute hrefs") { "http://inside:8080\($0)" },
      spelling("hrefs with lower-case escapes") { href in
        href.replacing(/%[0-9A-F]{2}/) { $0.output.lowercased() }
      },
      spelling("hrefs with needless escapes") { $0.replacing("store", with: "%73tore") },
      spelling("hrefs without escapes") { PercentEncoding.decode($0)?.replacing("&", with: "&amp;") ?? $0 },
      spelling("collections without a slash") { $0.hasSuffix("/") ? String($0.dropLast()) : $0 },
      spelling("hrefs with two slashes") { $0.replacing("/dav/", with: "/dav//") },
      spelling("hrefs with dots") { $0.replacing("/dav/", with: "/dav/./") },
    ]

    private static func spelling(
      _ description: String, _ spell: @escaping @Sendable (String) -> String
    ) -> HostileReply {
      HostileReply(description, isLegal: true) { request, own in
        guard request.method == "PROPFIND", own.status == 207 else { return own }
        var reply = own
        let text = String(decoding: own.body, as: UTF8.self)
        reply.body = Array(
          text.replacing(/<D:href>([^<]*)<\/D:href>/) { "<D:href>\(spell(String($0.output.1)))</D:href>" }.utf8)
        return reply
      }
    }

    @Test(
      "Whatever one reply is, what the driver says is true", arguments: [WebDAVDriver.Replacement.atomic, .inPlace])
    func truth(replacement: WebDAVDriver.Replacement) async throws {
      let context = Context(.leaping())
      var matrix = HostileMatrix(
        HostileReply.pages + HostileReply.changes + Self.spellings
          + HostileReply.ranges { request in Self.server().resource(request) },
        server: { Self.server() }, answer: { $0.answer($1) }, data: \.data)
      for key in ["alice", "bob", "dead", "none"] as [Key] {
        await matrix.run("get of \(key)", isKnown: Self.isKnown) { client, server throws(DriverError) in
          let record = try await driver(client).get(key, in: context)
          let isRight = record.map { $0.encoded(for: key) } == Self.held(key, by: server)
          return isRight ? nil : "it gave \(String(describing: record))"
        }
        await matrix.run("stat of \(key)", isKnown: Self.isKnown) { client, server throws(DriverError) in
          let stat = try await driver(client).stat(key, in: context)
          return stat == Self.stored[key].map(Stat.init(of:)) ? nil : "it gave \(String(describing: stat))"
        }
        await matrix.run("put of \(key)", isKnown: Self.isKnown) { client, server throws(DriverError) in
          let record = Record([9, 9], stamp: Stamp(time: 9, writer: 1))
          let receipt = try await driver(client, replacement).put(record, at: key, in: context)
          guard Self.held(key, by: server) == record.encoded(for: key) else { return "\(receipt), and it is not held" }
          return nil
        }
        await matrix.run("delete of \(key)", isKnown: Self.isKnown) { client, server throws(DriverError) in
          let receipt = try await driver(client).delete(key, proof: nil, in: context)
          return Self.held(key, by: server) == nil ? nil : "\(receipt), and it is still there"
        }
      }
      await matrix.run("list", isKnown: Self.isKnown) { client, _ throws(DriverError) in
        let page = try await driver(client).list(ListRequest(), in: context)
        let isRight =
          page.entries.map(\.key) == Self.stored.keys.sorted()
          && page.entries.allSatisfy { $0.stat == Self.stored[$0.key].map(Stat.init(of:)) }
        return isRight || !page.isComplete ? nil : "it listed \(page)"
      }
      print("WebDAV, \(replacement): \(matrix.count) cells, \(matrix.wrong.count) wrong")
      #expect(matrix.count > 5_000)
      for problem in matrix.wrong.prefix(20) { Issue.record("\(problem)") }
      #expect(matrix.wrong.isEmpty)
    }
  }
#endif
