#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  import MetaDriverWebDAV
  import ServerSupport
  private import Synchronization
  import TestSupport
  import Testing

  /// What the driver makes of answers, and of none.
  @Suite(.timeLimit(.minutes(10))) struct WebDAVDriverTests {
    private static let markerText =
      "MetaDriver WebDAV store, format 1. The data is in the collections beside this file.\n"
    private let context = Context(.manual())

    private static func isMarker(_ request: HTTPRequest) -> Bool { request.url.hasSuffix("/metadriver-webdav.txt") }
    private static let marker = HTTPResponse(200, body: Array(markerText.utf8))

    /// A driver of a server that has a store, and answers everything else as it is told.
    private func driver(
      replacement: WebDAVDriver.Replacement = .atomic, credentials: HTTPCredentials? = nil,
      _ answer: @escaping @Sendable (HTTPRequest) async throws(DriverError) -> HTTPResponse
    ) -> (driver: WebDAVDriver, client: ScriptedClient) {
      bare(replacement: replacement, credentials: credentials) { request throws(DriverError) in
        Self.isMarker(request) ? Self.marker : try await answer(request)
      }
    }

    private func bare(
      at url: String = "http://host/store", replacement: WebDAVDriver.Replacement = .inPlace,
      credentials: HTTPCredentials? = nil, createsCollection: Bool = true,
      _ answer: @escaping @Sendable (HTTPRequest) async throws(DriverError) -> HTTPResponse
    ) -> (driver: WebDAVDriver, client: ScriptedClient) {
      let client = ScriptedClient(answer)
      let driver = WebDAVDriver(
        at: url, name: "cloud", credentials: credentials, maximumByteCount: 1_000, replacement: replacement,
        createsCollection: createsCollection, client: client)
      return (driver, client)
    }

    private func error<Answer>(_ body: () async throws(DriverError) -> Answer) async -> DriverError? {
      do throws(DriverError) { _ = try await body() } catch { return error }
      return nil
    }

    // MARK: Absence, R1

    @Test("What a server says is absent is believed while the store is there, and only then")
    func absence() async throws {
      let isMounted = Atomic(true)
      let (cloud, _) = bare { request throws(DriverError) in
        Self.isMarker(request) && isMounted.load(ordering: .relaxed) ? Self.marker : HTTPResponse(404)
      }
      #expect(try await cloud.get("k", in: context) == nil)
      #expect(try await cloud.stat("k", in: context) == nil)
      #expect(try await cloud.list(ListRequest(), in: context).entries.isEmpty)
      isMounted.store(false, ordering: .relaxed)
      let errors = [
        await error { () throws(DriverError) in try await cloud.get("k", in: context) },
        await error { () throws(DriverError) in try await cloud.stat("k", in: context) },
        await error { () throws(DriverError) in try await cloud.list(ListRequest(), in: context) },
        await error { () throws(DriverError) in try await cloud.delete("k", proof: nil, in: context) },
      ]
      for error in errors {
        #expect(error?.code == .unavailable)
        #expect(error?.effect == .unchanged)
        #expect(error?.message.contains("http://host/store") == true)
      }
      // What was a store once is not made anew.
      let put = await error { () throws(DriverError) in try await cloud.put(Record([1]), at: "k", in: context) }
      #expect(put?.code == .unavailable)
      isMounted.store(true, ordering: .relaxed)
      #expect(try await cloud.get("k", in: context) == nil)
    }

    @Test("An empty collection is made a store, unless it is not to be")
    func creation() async throws {
      let marker = Mutex<[UInt8]?>(nil)
      let answer = { @Sendable (request: HTTPRequest) throws(DriverError) -> HTTPResponse in
        if Self.isMarker(request), request.method == "PUT", case .bytes(let bytes) = request.body {
          marker.withLock { $0 = Array(bytes) }
          return HTTPResponse(201)
        }
        if Self.isMarker(request), let text = marker.withLock({ $0 }) { return HTTPResponse(200, body: text) }
        return HTTPResponse(request.method == "MKCOL" ? 201 : 404)
      }
      let (careful, _) = bare(createsCollection: false) { request throws(DriverError) in try answer(request) }
      let refusal = await error { () throws(DriverError) in try await careful.open(in: context) }
      #expect(refusal?.code == .unavailable)
      #expect(marker.withLock { $0 } == nil)
      let (cloud, _) = bare { request throws(DriverError) in try answer(request) }
      _ = try await cloud.open(in: context)
      #expect(marker.withLock { $0 } == Array(Self.markerText.utf8))
      _ = try await careful.open(in: context)
    }

    @Test(
      "A page that answers everything with status 200 is no store",
      arguments: ["<html>login</html>", "", "MetaDriver WebDAV store, format 2.\n"])
    func portal(page: String) async throws {
      let (cloud, client) = bare { _ in
        HTTPResponse(200, headers: ["Content-Type": "text/html"], body: Array(page.utf8))
      }
      for error in [
        await error { () throws(DriverError) in try await cloud.get("k", in: context) },
        await error { () throws(DriverError) in try await cloud.put(Record([1]), at: "k", in: context) },
      ] {
        #expect(error?.code == (page.contains("format 2") ? .unsupported : .unavailable))
        #expect(error?.message.contains("http://host/store") == true)
      }
      #expect(client.requests.allSatisfy { $0.method == "GET" })
    }

    @Test("A page that comes later is no datum either")
    func portalLater() async throws {
      let isThere = Atomic(false)
      let page = HTTPResponse(200, headers: ["Content-Type": "text/html"], body: Array("<html>login</html>".utf8))
      let (cloud, _) = bare { request throws(DriverError) in
        Self.isMarker(request) && !isThere.load(ordering: .relaxed) ? Self.marker : page
      }
      // A datum may look like a page: what the store holds is what counts.
      #expect(try await cloud.get("k", in: context)?.bytes == page.body)
      isThere.store(true, ordering: .relaxed)
      let error = await error { () throws(DriverError) in try await cloud.get("k", in: context) }
      #expect(error?.code == .unavailable)
    }

    // MARK: Refusals

    @Test(
      "Every refusal is typed, and says where",
      arguments: [
        (401, DriverError.Code.denied), (403, .denied), (429, .throttled), (500, .unavailable),
        (503, .throttled), (507, .noSpace), (302, .unavailable), (405, .unsupported), (413, .tooLarge),
      ])
    func refusals(status: Int, code: DriverError.Code) async throws {
      let (cloud, _) = driver { request throws(DriverError) in
        switch request.method {
        case "MKCOL": HTTPResponse(405)
        case "PUT" where request.url.contains("/tmp/"): HTTPResponse(201)
        case "HEAD": HTTPResponse(200)
        case "DELETE" where request.url.contains("/tmp/"): HTTPResponse(204)
        default: HTTPResponse(status, headers: ["Retry-After": "7"], body: Array("<html>Not today</html>".utf8))
        }
      }
      let get = await error { () throws(DriverError) in try await cloud.get("k", in: context) }
      let put = await error { () throws(DriverError) in try await cloud.put(Record([1]), at: "k", in: context) }
      let delete = await error { () throws(DriverError) in try await cloud.delete("k", proof: nil, in: context) }
      let list = await error { () throws(DriverError) in try await cloud.list(ListRequest(), in: context) }
      for error in [get, put, delete, list] {
        #expect(error?.code == code)
        #expect(error?.message.contains("http://host/store/mutable") == true)
        #expect(error?.message.contains("'Not today'") == true)
        #expect(error?.retryAfter == (code == .throttled ? .seconds(7) : nil))
      }
      #expect(get?.effect == .unchanged && list?.effect == .unchanged)
      // The bytes of the put were taken away again, so that nothing can come of it.
      #expect(put?.effect == .unchanged)
      #expect(delete?.effect == ([500, 503].contains(status) ? .unknown : .unchanged))
    }

    @Test("What somebody has locked is asked for again, and not for ever")
    func locked() async throws {
      let clock = ManualClock()
      let isLocked = Atomic(true)
      let (cloud, client) = driver { request in
        HTTPResponse(request.method == "HEAD" ? 200 : isLocked.load(ordering: .relaxed) ? 423 : 204)
      }
      let context = Context(.manual(clock))
      let patient = Task {
        await error { () throws(DriverError) in try await cloud.delete("k", proof: nil, in: context) }
      }
      await clock.waitForSleepers()
      isLocked.store(false, ordering: .relaxed)
      clock.advanceToNextSleeper()
      #expect(await patient.value == nil)
      isLocked.store(true, ordering: .relaxed)
      let count = client.requests.count
      let task = Task { await error { () throws(DriverError) in try await cloud.delete("k", proof: nil, in: context) } }
      for _ in 1..<12 {
        await clock.waitForSleepers()
        clock.advanceToNextSleeper()
      }
      let refusal = await task.value
      #expect(refusal?.code == .unavailable)
      #expect(refusal?.effect == .unchanged)
      #expect(client.requests.count == count + 13, "twelve deletes, and a look at what became of them")
      #expect(clock.elapsed < .seconds(1))
    }

    // R2
    @Test("A torn copy is corrupt, whether it is read or described")
    func torn() async throws {
      let whole = Record([UInt8](repeating: 1, count: 100), stamp: Stamp(time: 1, writer: 1)).encoded(for: "k")
      let (cloud, _) = driver { request throws(DriverError) in
        guard request.headers["Range"] != nil else { return HTTPResponse(200, body: Array(whole.prefix(80))) }
        return HTTPResponse(206, headers: ["Content-Range": "bytes 0-61/80"], body: Array(whole.prefix(62)))
      }
      #expect(await error { () throws(DriverError) in try await cloud.get("k", in: context) }?.code == .corrupt)
      #expect(await error { () throws(DriverError) in try await cloud.stat("k", in: context) }?.code == .corrupt)
    }

    @Test("A copy beyond the maximum is not taken")
    func tooLarge() async throws {
      let (cloud, client) = driver { _ in HTTPResponse(200, body: [UInt8](repeating: 1, count: 2_000)) }
      #expect(await error { () throws(DriverError) in try await cloud.get("k", in: context) }?.code == .tooLarge)
      let count = client.requests.count
      let record = Record([UInt8](repeating: 1, count: 1_001))
      let error = await error { () throws(DriverError) in try await cloud.put(record, at: "k", in: context) }
      #expect(error?.code == .tooLarge)
      #expect(client.requests.count == count)
    }

    @Test(
      "A listing is what it is asked for, or an error",
      arguments: [
        (207, "<html/>"), (207, ""), (200, "<html/>"),
        // About other addresses, as behind a proxy that rewrites paths.
        (207, "<multistatus xmlns='DAV:'><response><href>/elsewhere/mutable/</href></response></multistatus>"),
        (207, "<multistatus xmlns='DAV:'></multistatus>"),
        // Cut off by the server.
        (
          207,
          "<multistatus xmlns='DAV:'><response><href>/store/mutable/</href><status>HTTP/1.1 507 Full</status></response>"
            + "</multistatus>"
        ),
      ])
    func listings(status: Int, body: String) async throws {
      let (cloud, _) = driver { _ in HTTPResponse(status, body: Array(body.utf8)) }
      let error = await error { () throws(DriverError) in try await cloud.list(ListRequest(), in: context) }
      #expect(error?.code == .unavailable)
      #expect(error?.effect == .unchanged)
    }

    // MARK: Puts

    // R5
    @Test("A move whose reply was lost is known again")
    func lostReply() async throws {
      let isMoved = Atomic(false)
      let (cloud, client) = driver { request throws(DriverError) in
        switch request.method {
        case "MOVE":
          isMoved.store(true, ordering: .relaxed)
          throw DriverError(.unavailable, "cut", effect: .unknown)
        case "HEAD": return HTTPResponse(isMoved.load(ordering: .relaxed) ? 404 : 200)
        default: return HTTPResponse(201)
        }
      }
      let receipt = try await cloud.put(Record([1]), at: "k", in: context)
      #expect(receipt.result.isAcknowledged)
      #expect(client.requests.count { $0.method == "MOVE" } == 1)
    }

    @Test("In place, a put whose reply was lost may have been made")
    func lostReplyInPlace() async throws {
      let (cloud, _) = driver(replacement: .inPlace) { request throws(DriverError) in
        if request.method == "PUT" { throw DriverError(.unavailable, "cut", effect: .unknown) }
        return HTTPResponse(201)
      }
      let error = await error { () throws(DriverError) in try await cloud.put(Record([1]), at: "k", in: context) }
      #expect(error?.effect == .unknown)
    }

    @Test("What could not be moved is removed, and nothing was changed")
    func leftOver() async throws {
      let (cloud, client) = driver { request throws(DriverError) in
        HTTPResponse(request.method == "MOVE" ? 507 : request.method == "HEAD" ? 200 : 201)
      }
      let error = await error { () throws(DriverError) in try await cloud.put(Record([1]), at: "k", in: context) }
      #expect(error?.code == .noSpace)
      #expect(error?.effect == .unchanged)
      let sent = client.requests.first { $0.method == "PUT" }?.url
      #expect(client.requests.last { $0.method == "DELETE" }?.url == sent)
    }

    @Test("Collections are made from the inside out, once, and again when somebody removed them")
    func collections() async throws {
      let there = Mutex<Set<String>>([])
      let (cloud, client) = driver(replacement: .inPlace) { request throws(DriverError) in
        let path = String(request.url.dropFirst("http://host/store/".count))
        let above = path.split(separator: "/").dropLast().joined(separator: "/")
        return there.withLock { there in
          guard above.isEmpty || there.contains(above) else { return HTTPResponse(409) }
          if request.method == "MKCOL" { there.insert(path.split(separator: "/").joined(separator: "/")) }
          return HTTPResponse(201)
        }
      }
      for _ in 0..<2 { _ = try await cloud.put(Record([1]), at: "k", in: context) }
      let first = client.requests.filter { !Self.isMarker($0) }.map(\.method)
      #expect(first == ["MKCOL", "MKCOL", "MKCOL", "PUT", "PUT"])
      there.withLock { $0 = [] }
      _ = try await cloud.put(Record([1]), at: "k", in: context)
      let again = client.requests.filter { !Self.isMarker($0) }.map(\.method).dropFirst(first.count)
      #expect(again == ["PUT", "MKCOL", "MKCOL", "MKCOL", "PUT"])
    }

    // MARK: Who asks, and where

    @Test("Credentials are the call's, or the driver's, and shown to nobody else")
    func credentials() async throws {
      let secret = "geheim-4711"
      let (cloud, client) = driver(credentials: .basic(user: "alice", password: Secret(secret))) { _ in
        HTTPResponse(500)
      }
      var options = CallOptions()
      options.credentials["cloud"] = Secret("token-\(secret)")
      var said = "\(cloud.outline) \(cloud) \(cloud.url(for: "k") as Any)"
      for context in [context, Context(.manual(), options: options)] {
        said += "\(await error { () throws(DriverError) in try await cloud.get("k", in: context) } as Any)"
        said +=
          "\(await error { () throws(DriverError) in try await cloud.delete("k", proof: nil, in: context) } as Any)"
      }
      said += client.requests.map { "\($0) \($0.headers)" }.joined()
      #expect(!said.contains(secret))
      let shown = Set(client.requests.compactMap { $0.headers["Authorization"] })
      #expect(shown == ["Basic YWxpY2U6Z2VoZWltLTQ3MTE=", "Bearer token-\(secret)"])
    }

    @Test(
      "Addresses that are none do not compose",
      arguments: ["", "cloud.example/dav", "file:///tmp", "http://u:p@host/", "http://host/?a"])
    func addresses(url: String) async throws {
      let error = #expect(throws: CompositionError.self) { try Strategy("s") { WebDAVDriver(at: url) } }
      #expect(error.map { "\($0)".contains("u:p") } == false)
    }

    @Test("A URL is the store's however it is escaped, and nobody else's")
    func urls() throws {
      let cloud = WebDAVDriver(at: "http://Host:80/dav/store/")
      let url = try #require(cloud.url(for: "a b"))
      #expect(url.string == "http://host:80/dav/store/mutable/\(url.string.split(separator: "/")[5])/a=20b")
      let escaped = try StorageURL(url.string.replacing("=", with: "%3D"))
      #expect(cloud.handles(escaped))
      for text in [
        "http://other:80/dav/store/mutable/5b/a", "https://host:80/dav/store/mutable/5b/a",
        "http://host:80/dav/store/x",
        url.string + "?a", url.string + "x", "http://host:80/dav/store",
      ] {
        #expect(!cloud.handles(try StorageURL(text)), "\(text)")
      }
    }
  }
#endif
