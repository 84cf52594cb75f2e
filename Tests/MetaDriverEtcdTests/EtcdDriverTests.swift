#if HTTP
  private import Foundation
  import MetaDriver
  import MetaDriverEtcd
  import MetaDriverHTTP
  import MetaDriverTesting
  import ServerSupport
  private import Synchronization
  import TestSupport
  import Testing

  /// What the driver makes of answers, and of none.
  @Suite(.timeLimit(.minutes(10))) struct EtcdDriverTests {
    private static let absent = #"{"header":{"cluster_id":"1","revision":"4"}}"#
    private static let isMade =
      #"{"header":{"cluster_id":"1","revision":"5"},"succeeded":true,"responses":[{"response_put":{}}]}"#
    private let context = Context(.leaping())

    private static func reply(_ body: String, _ status: Int = 200) -> HTTPResponse {
      HTTPResponse(status, body: Array(body.utf8))
    }

    private func driver(
      _ endpoints: [String] = ["http://a"], credentials: HTTPCredentials? = nil, maximumByteCount: Int = 1 << 20,
      _ answer: @escaping @Sendable (HTTPRequest) async throws(DriverError) -> HTTPResponse
    ) -> (driver: EtcdDriver, client: ScriptedClient) {
      let client = ScriptedClient(answer)
      let driver = EtcdDriver(
        at: endpoints, name: "etcd", credentials: credentials, maximumByteCount: maximumByteCount, client: client)
      return (driver, client)
    }

    private func error<Answer>(_ body: () async throws(DriverError) -> Answer) async -> DriverError? {
      do throws(DriverError) { _ = try await body() } catch { return error }
      return nil
    }

    @Test("A read goes on to the next endpoint, and the one that failed is asked last for a while")
    func failover() async throws {
      let clock = ManualClock()
      let context = Context(.manual(clock))
      let (etcd, client) = driver(["http://a", "http://b"]) { request throws(DriverError) in
        guard request.url.hasPrefix("http://b") else {
          throw DriverError(.unavailable, "refused", effect: .unchanged)
        }
        return Self.reply(Self.absent)
      }
      for _ in 0..<3 { #expect(try await etcd.get("k", in: context) == nil) }
      #expect(client.requests.map { $0.url.prefix(8) } == ["http://a", "http://b", "http://b", "http://b"])
    }

    @Test("A write of which nothing was sent goes on to the next endpoint")
    func failoverOfWrites() async throws {
      let (etcd, client) = driver(["http://a", "http://b"]) { request throws(DriverError) in
        if request.url.hasPrefix("http://a") { throw DriverError(.unavailable, "refused", effect: .unchanged) }
        return Self.reply(request.url.hasSuffix("/txn") ? Self.isMade : Self.absent)
      }
      _ = try await etcd.put(Record([1]), at: "k", in: context)
      #expect(client.requests.count == 3)
    }

    // R5
    @Test("A put whose reply is lost is looked for, and does not guess")
    func lostReply() async throws {
      let (etcd, client) = driver(["http://a", "http://b"]) { request throws(DriverError) in
        if request.url.hasSuffix("/txn") { throw DriverError(.unavailable, "cut", effect: .unknown) }
        return Self.reply(Self.absent)
      }
      let error = await error { () throws(DriverError) in try await etcd.put(Record([1]), at: "k", in: context) }
      #expect(error?.effect == .unknown)
      #expect(client.requests.map { $0.url.split(separator: "/").last } == ["range", "txn", "range"])
    }

    @Test("Without any answer the error names every endpoint, and what it said")
    func nobody() async throws {
      let (etcd, _) = driver(["http://a", "http://b"]) { request throws(DriverError) in
        throw DriverError(.unavailable, "\(request.url.prefix(8)) is down", effect: .unchanged)
      }
      let error = await error { () throws(DriverError) in try await etcd.get("k", in: context) }
      #expect(error?.code == .unavailable)
      #expect(error?.isRetryable == true)
      #expect(error?.message.contains("http://a is down") == true)
      #expect(error?.message.contains("http://b is down") == true)
    }

    // R1
    @Test(
      "What something else says at the address is never absence", arguments: ["<html>login</html>", "{}", "", "null"])
    func somethingElse(body: String) async throws {
      let (etcd, _) = driver { _ in Self.reply(body) }
      let error = await error { () throws(DriverError) in try await etcd.get("k", in: context) }
      #expect(error?.code == .unavailable)
      #expect(error?.effect == .unchanged)
      #expect(error?.message.contains("client port of etcd") == true)
    }

    @Test("What another cluster says is absent is not")
    func anotherCluster() async throws {
      let (etcd, _) = driver(["http://a", "http://b"]) { request throws(DriverError) in
        let isFirst = request.url.hasPrefix("http://a")
        return Self.reply(Self.absent.replacing("\"1\"", with: isFirst ? "\"1\"" : "\"2\""))
      }
      #expect(try await etcd.get("k", in: context) == nil)
      let (mixed, _) = driver(["http://a", "http://b"]) { request throws(DriverError) in
        guard request.url.hasPrefix("http://b") else { return Self.reply("<html>", 502) }
        return Self.reply(Self.absent)
      }
      #expect(try await mixed.get("k", in: context) == nil)
      let isDown = Atomic(false)
      let (switched, _) = driver(["http://a", "http://b"]) { request throws(DriverError) in
        if request.url.hasPrefix("http://b") { return Self.reply(Self.absent.replacing("\"1\"", with: "\"2\"")) }
        if isDown.load(ordering: .relaxed) { throw DriverError(.unavailable, "down", effect: .unchanged) }
        return Self.reply(Self.absent)
      }
      #expect(try await switched.get("k", in: context) == nil)
      isDown.store(true, ordering: .relaxed)
      let error = await error { () throws(DriverError) in try await switched.get("k", in: context) }
      #expect(error?.message.contains("another etcd cluster") == true)
    }

    @Test("A datum that is too large is refused before anything is sent")
    func tooLarge() async throws {
      let (etcd, client) = driver(maximumByteCount: 100) { _ in Self.reply(Self.absent) }
      let record = Record([UInt8](repeating: 0, count: 101))
      let error = await error { () throws(DriverError) in try await etcd.put(record, at: "k", in: context) }
      #expect(error?.code == .tooLarge)
      #expect(client.requests.isEmpty)
    }

    @Test("A deadline is shared by the endpoints, and ends the search")
    func deadline() async throws {
      let clock = ManualClock()
      var context = Context(.manual(clock))
      context.deadline = .seconds(1)
      let (etcd, client) = driver(["http://a", "http://b", "http://c"]) { _ throws(DriverError) in
        clock.advance(by: .milliseconds(500))
        throw DriverError(.timedOut, "hung", effect: .unchanged)
      }
      let error = await error { [context] () throws(DriverError) in try await etcd.get("k", in: context) }
      #expect(error?.code == .timedOut)
      #expect(error?.effect == .unchanged)
      #expect(error?.message.contains("hung") == true)
      #expect(client.requests.count == 2)
    }

    @Test("Users get a token once, and a new one when it ran out")
    func tokens() async throws {
      let given = Atomic(0)
      let (etcd, client) = driver(credentials: .basic(user: "u", password: Secret("p"))) {
        request throws(DriverError) in
        if request.url.hasSuffix("/authenticate") {
          let number = given.add(1, ordering: .relaxed).newValue
          return Self.reply(#"{"header":{"cluster_id":"1"},"token":"t\#(number)"}"#)
        }
        let token = request.headers["Authorization"]
        if token != "t\(given.load(ordering: .relaxed))" || given.load(ordering: .relaxed) == 1 && token == "t1" {
          return Self.reply(#"{"code":16,"message":"etcdserver: invalid auth token"}"#, 401)
        }
        return Self.reply(Self.absent)
      }
      for _ in 0..<2 { #expect(try await etcd.get("k", in: context) == nil) }
      #expect(
        client.requests.map { $0.url.split(separator: "/").last } == [
          "authenticate", "range", "authenticate", "range", "range",
        ])
    }

    @Test("A user whom etcd refuses is denied, and asked for once")
    func denied() async throws {
      let (etcd, client) = driver(credentials: .basic(user: "u", password: Secret("p"))) {
        request throws(DriverError) in
        if request.url.hasSuffix("/authenticate") {
          return Self.reply(#"{"header":{"cluster_id":"1"},"token":"t"}"#)
        }
        return Self.reply(#"{"code":16,"message":"etcdserver: invalid auth token"}"#, 401)
      }
      let error = await error { () throws(DriverError) in try await etcd.get("k", in: context) }
      #expect(error?.code == .denied)
      #expect(client.requests.count == 4)
    }

    @Test("A cluster without users takes everybody")
    func noUsers() async throws {
      let (etcd, client) = driver(credentials: .basic(user: "u", password: Secret("p"))) {
        request throws(DriverError) in
        if request.url.hasSuffix("/authenticate") {
          return Self.reply(#"{"code":9,"message":"etcdserver: authentication is not enabled"}"#, 412)
        }
        return Self.reply(request.headers["Authorization"] == nil ? Self.absent : "{}")
      }
      for _ in 0..<2 { #expect(try await etcd.get("k", in: context) == nil) }
      #expect(client.requests.count == 3)
    }

    @Test("A call brings its own credentials")
    func credentialsOfCall() async throws {
      let (etcd, client) = driver(credentials: .bearer(Secret("own"))) { _ in Self.reply(Self.absent) }
      var options = CallOptions()
      options.credentials["etcd"] = Secret("theirs")
      _ = try await etcd.get("k", in: Context(.manual(), options: options))
      _ = try await etcd.get("k", in: context)
      #expect(client.requests.map { $0.headers["Authorization"] } == ["theirs", "own"])
    }

    @Test("No secret is in an outline, an error, or an address")
    func secrets() async throws {
      let secret = "geheim-4711"
      let (etcd, client) = driver(credentials: .basic(user: "u", password: Secret(secret))) {
        request throws(DriverError) in
        request.url.hasSuffix("/authenticate")
          ? Self.reply(#"{"header":{"cluster_id":"1"},"token":"\#(secret)"}"#)
          : Self.reply("<html>\(secret)</html>", 500)
      }
      var said = "\(etcd.outline) \(etcd) \(String(reflecting: etcd.outline))"
      said += "\(await error { () throws(DriverError) in try await etcd.get("k", in: context) } as Any)"
      said +=
        "\(await error { () throws(DriverError) in try await etcd.put(Record([1]), at: "k", in: context) } as Any)"
      said += client.requests.map { "\($0) \($0.headers)" }.joined()
      #expect(!said.contains(secret))
      #expect(said.contains("500"))
      let wrong = EtcdDriver(at: ["http://u:\(secret)@host"])
      said = "\(wrong.outline) \(wrong.outline.remarks)"
      said += "\(await error { () throws(DriverError) in try await wrong.get("k", in: context) } as Any)"
      #expect(!said.contains(secret))
      #expect(said.contains("give these as credentials"))
    }

    @Test(
      "Addresses that are none do not compose",
      arguments: [[], [""], ["etcd:2379"], ["http://"], ["http://a?b"], ["http://a/%zz"]])
    func addresses(endpoints: [String]) async throws {
      #expect(throws: CompositionError.self) { try Strategy("s") { EtcdDriver(at: endpoints) } }
    }
  }
#endif
