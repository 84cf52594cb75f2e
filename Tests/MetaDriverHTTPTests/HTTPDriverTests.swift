#if HTTP
  import MetaDriver
  @testable import MetaDriverHTTP
  import MetaDriverTesting
  import ServerSupport
  import TestSupport
  import Testing

  struct HTTPDriverTests {
    private let key = Key.mutable("alice/profile")
    private let stamp = Stamp(time: 1 << 60, writer: 7)

    private func driver(
      _ headers: HTTPHeaders = [:], every: Bool = false, contentType: String? = nil, limit: Int = 1 << 20,
      _ answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) -> (HTTPDriver, ScriptedClient) {
      let client = ScriptedClient { (request) throws(DriverError) in answer(request) }
      let driver = HTTPDriver(
        at: "https://cdn.example/data/", name: "cdn", layout: .names, headers: headers, contentType: contentType,
        claimsEveryURL: every, maximumByteCount: limit, client: client)
      return (driver, client)
    }

    @Test("A copy comes with what the server says of it")
    func facts() async throws {
      let (driver, client) = driver { _ in
        HTTPResponse(
          200, headers: ["etag": "\"v1\"", "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT"], body: [1, 2, 3])
      }
      let record = try #require(try await driver.get(key))
      #expect(record.bytes == [1, 2, 3])
      #expect(record.facts == StoreFacts(entityTag: "\"v1\"", lastModified: .seconds(784_111_777)))
      #expect(client.requests.map(\.description) == ["GET https://cdn.example/data/alice/profile"])
    }

    @Test("A stamped copy is read from its envelope, and another key's is corrupt")
    func envelopes() async throws {
      let record = Record([1, 2], stamp: stamp)
      let stored = record.encoded(for: key)
      let (driver, _) = driver { _ in HTTPResponse(200, body: stored) }
      #expect(try await driver.get(key) == record)
      // A30.
      let error = await #expect(throws: DriverError.self) { try await driver.get(.mutable("bob")) }
      #expect(error?.code == .corrupt)
    }

    // R1: a status says whether nothing is there, or nobody knows.
    @Test(
      "Every status has its meaning",
      arguments: [
        (204, .unavailable, false), (206, .unavailable, false), (301, .unavailable, false), (304, .unavailable, false),
        (400, .unavailable, false), (401, .denied, false), (403, .denied, false), (405, .unsupported, false),
        (407, .denied, false), (408, .timedOut, true), (416, .unavailable, false), (429, .throttled, true),
        (451, .unavailable, false), (500, .unavailable, true), (502, .unavailable, true), (503, .throttled, true),
        (504, .unavailable, true), (599, .unavailable, true),
      ] as [(Int, DriverError.Code, Bool)])
    func statuses(status: Int, code: DriverError.Code, isRetryable: Bool) async throws {
      let (driver, _) = driver { _ in HTTPResponse(status, headers: ["Retry-After": "7"], body: [1]) }
      let error = await #expect(throws: DriverError.self) { try await driver.get(key) }
      #expect(error?.code == code && error?.isRetryable == isRetryable, "\(String(describing: error))")
      #expect(error?.effect == .unchanged)
      #expect(error?.retryAfter == (code == .throttled ? .seconds(7) : nil))
      #expect(error?.message.contains("https://cdn.example/data/alice/profile") == true)
    }

    @Test("404 and 410 mean absent", arguments: [404, 410])
    func absence(status: Int) async throws {
      let (driver, _) = driver { _ in HTTPResponse(status) }
      #expect(try await driver.get(key) == nil)
      #expect(try await Context().stat(key, from: driver) == nil)
    }

    @Test("stat asks for the envelope only, and understands servers without ranges")
    func stats() async throws {
      let record = Record([UInt8](repeating: 9, count: 1_000), stamp: stamp)
      let stored = record.encoded(for: key)
      for (answersRanges, expected) in [(true, Stat(of: record)), (false, Stat(of: record))] {
        let (driver, client) = driver { request in
          guard answersRanges, request.headers["Range"] == "bytes=0-61" else { return HTTPResponse(200, body: stored) }
          return HTTPResponse(206, headers: ["Content-Range": "bytes 0-61/\(stored.count)"], body: Array(stored[..<62]))
        }
        #expect(try await Context().stat(key, from: driver) == expected)
        #expect(client.requests.count == 1)
      }
      let (empty, _) = driver { _ in HTTPResponse(416, headers: ["Content-Range": "bytes */0"]) }
      #expect(try await Context().stat(key, from: empty) == Stat(byteCount: 0))
      // A range that is not the one asked for is no head; the whole is.
      let (odd, client) = driver { request in
        request.headers["Range"] == nil
          ? HTTPResponse(200, body: stored) : HTTPResponse(206, headers: ["Content-Range": "bytes 5-9/*"], body: [1])
      }
      #expect(try await Context().stat(key, from: odd) == Stat(of: record))
      #expect(client.requests.count == 2)
    }

    @Test("A page in place of the datum is found out by its media type")
    func contentTypes() async throws {
      let (page, _) = driver(contentType: "application/json") { _ in
        HTTPResponse(200, headers: ["Content-Type": "text/html; charset=utf-8"], body: Array("<html>log in".utf8))
      }
      let error = await #expect(throws: DriverError.self) { try await page.get(key) }
      #expect(error?.code == .unavailable && error?.message.contains("login") == true)
      let (good, _) = driver(contentType: "application/json") { _ in
        HTTPResponse(200, headers: ["Content-Type": "Application/JSON;charset=utf-8"], body: [1])
      }
      #expect(try await good.get(key)?.bytes == [1])
    }

    @Test("The credential of the call goes where the headers say, or the driver's, or nothing is sent")
    func credentials() async throws {
      let (driver, client) = driver(["Authorization": "Bearer {credential}", "X": "y"]) { _ in HTTPResponse(200) }
      let error = await #expect(throws: DriverError.self) { try await driver.get(key) }
      #expect(error?.code == .denied && client.requests.isEmpty)
      var options = CallOptions()
      options.credentials["cdn"] = Secret("hush")
      _ = try await Context(options: options).get(key, from: driver)
      let field = try #require(client.requests.first?.headers.fields.first)
      #expect(field.value == "Bearer hush" && field.isSecret)
      #expect(!"\(driver.outline)".contains("hush"))
      #expect(client.requests.first?.headers["X"] == "y")
    }

    @Test("URLs below the base are claimed, and nothing that only looks like them")
    func claims() throws {
      let (driver, _) = driver { _ in HTTPResponse(200) }
      for url in ["https://cdn.example/data/x", "HTTPS://CDN.example/data/x/y", "https://cdn.example/data/?q"] {
        #expect(driver.handles(try StorageURL(url)), "\(url)")
      }
      for url in [
        "http://cdn.example/data/x", "https://cdn.example/data", "https://cdn.example/data/",
        "https://cdn.example/dataX/x",
        "https://cdn.example/data/../secret", "https://cdn.example/data/%2e%2E/secret",
        "https://cdn.example:444/data/x",
        "https://cdn.example.evil/data/x", "https://u:p@cdn.example/data/x", "https://cdn.example/Data/x",
        "https://cdn.example/data/x#y", "file:///data/x",
      ] { #expect(!driver.handles(try StorageURL(url)), "\(url)") }
      let url = try #require(driver.url(for: key))
      #expect(url.string == "https://cdn.example/data/alice/profile")
      #expect(driver.handles(url))
    }

    // A13.
    @Test("URLs are read in their order, strangers' without our fields and never at a private address")
    func urls() async throws {
      let (driver, client) = driver(["X-Ours": "1"], every: true) { request in
        request.url.contains("missing") ? HTTPResponse(404) : HTTPResponse(200, body: Array(request.url.utf8))
      }
      let urls = try ["https://cdn.example/data/missing", "http://other.example/x", "https://cdn.example/data/a"].map {
        (text) throws(DriverError) in try StorageURL(text)
      }
      let record = try #require(try await driver.get(urls, in: Context()))
      #expect(record.bytes == Array("http://other.example/x".utf8))
      #expect(client.requests.map(\.refusesPrivateAddress) == [false, true])
      #expect(client.requests.map { $0.headers["X-Ours"] } == ["1", nil])
      let foreign = try StorageURL("ftp://x/y")
      let error = await #expect(throws: DriverError.self) { try await driver.get([foreign], in: Context()) }
      #expect(error?.code == .unroutable)
    }

    @Test(
      "A base that is no address does not compose, and says why in every call",
      arguments: [
        "cdn.example", "ftp://cdn.example", "https://cdn.example/a b", "https://u:hush@cdn.example",
        "https://cdn.example/?x",
        "https://cdn.example/../x", "",
      ])
    func bases(base: String) async throws {
      let driver = HTTPDriver(at: base, name: "cdn")
      #expect(driver.outline.remarks.contains { $0.severity == .error })
      #expect(!"\(driver.outline) \(driver.outline.remarks)".contains("hush"))
      #expect(driver.url(for: key) == nil)
      let error = await #expect(throws: DriverError.self) { try await driver.get(key) }
      #expect(error?.code == .unroutable && error?.description.contains("hush") == false)
    }

    @Test("It cannot be written")
    func readOnly() async throws {
      let (driver, client) = driver { _ in HTTPResponse(200) }
      for operation in [{ _ = try await driver.put([1], at: key) }, { _ = try await driver.delete(key) }] {
        let error = await #expect(throws: DriverError.self) { try await operation() }
        #expect(error?.code == .unsupported && error?.effect == .unchanged)
      }
      #expect(client.requests.isEmpty)
    }

    @Test("A datum beyond the limit is too large, whether it is in an envelope or not")
    func limits() async throws {
      let bare = [UInt8](repeating: 1, count: 11)
      let stamped = Record(bare, stamp: stamp).encoded(for: key)
      for stored in [bare, stamped] {
        let (driver, client) = driver(limit: 10) { _ in HTTPResponse(200, body: stored) }
        let error = await #expect(throws: DriverError.self) { try await driver.get(key) }
        #expect(error?.code == .tooLarge)
        #expect(client.requests.first?.maximumByteCount == 72)
      }
    }
  }
#endif
