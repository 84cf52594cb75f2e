#if HTTP
  private import Foundation
  import MetaDriver
  import MetaDriverEtcd
  import MetaDriverHTTP
  import ServerSupport
  import TestSupport
  import Testing

  #if canImport(Darwin)
    private import Darwin
  #elseif canImport(Glibc)
    private import Glibc
  #elseif canImport(Musl)
    private import Musl
  #endif

  /// Members that are killed, and users, in clusters of their own. Deadlines are there against hangs only.
  @Suite(.enabled(if: Server.isThere("etcd"), "needs etcd: Tests/run starts it"), .timeLimit(.minutes(10)))
  struct EtcdOutageTests {
    private func context(_ timeout: Duration = .seconds(600)) -> Context {
      Context(.shared, options: CallOptions(timeout: timeout))
    }

    /// A driver that waits for a member no longer than users do, and what it asks.
    private func driver(of server: Server, prefix: String) -> (etcd: EtcdDriver, client: TappedClient) {
      let client = TappedClient()
      return (server.etcd(prefix: prefix, timeout: .seconds(2), client: client), client)
    }

    /// How often a member gave no answer. From the first time on, it must not have been asked before another, which gave
    /// none either.
    private func failureCount(of member: Server, _ client: TappedClient) -> Int {
      let exchanges = client.exchanges
      let isMembers = { (exchange: TappedClient.Exchange) in exchange.url.hasPrefix(member.url + "/") }
      guard let first = exchanges.firstIndex(where: { isMembers($0) && !$0.isAnswered }) else { return 0 }
      for (before, next) in zip(exchanges[first...], exchanges[(first + 1)...]) where isMembers(next) {
        #expect(!before.isAnswered, "\(next.url) was asked again although \(before.url) had answered")
      }
      return exchanges.count { isMembers($0) && !$0.isAnswered }
    }

    // R26
    @Test("One of three members is killed: no operation fails, and the member is left alone while another answers")
    func oneKilled() async throws {
      let server = try await apart { try Server.start("etcd@outage") }
      let (etcd, client) = driver(of: server, prefix: "outage/")
      let keys = (0..<20).map { Key.mutable(try! DataID("k\($0)")) }
      let runtime = Runtime.shared
      for (number, key) in keys.enumerated() {
        _ = try await etcd.put(Record([UInt8(number)], stamp: runtime.nextStamp()), at: key, in: context())
      }
      let victim = try server.part("0")
      try await apart { try victim.kill() }
      for round in 0..<10 {
        for key in keys {
          let record = Record([UInt8(round)], stamp: runtime.nextStamp())
          _ = try await etcd.put(record, at: key, in: context())
          #expect(try await etcd.get(key, in: context()) == record)
        }
      }
      #expect(failureCount(of: victim, client) > 0)
      try await apart {
        try victim.start()
        try server.stop()
      }
    }

    // R26
    @Test("One of three members stands still: no operation fails, and the member is left alone while another answers")
    func oneStandsStill() async throws {
      let server = try await apart { try Server.start("etcd@still") }
      let (etcd, client) = driver(of: server, prefix: "still/")
      let runtime = Runtime.shared
      func write(_ number: UInt8) async throws {
        let record = Record([number], stamp: runtime.nextStamp())
        _ = try await etcd.put(record, at: "k", in: context())
        #expect(try await etcd.get("k", in: context()) == record)
      }
      try await write(0)
      let victim = try server.part("0")
      let processes = try #require(pid_t(victim.fact("pid")))
      kill(-processes, SIGSTOP)
      defer { kill(-processes, SIGCONT) }
      for number in 1...30 { try await write(UInt8(number)) }
      #expect(failureCount(of: victim, client) > 0)
      kill(-processes, SIGCONT)
      try await apart { try server.stop() }
    }

    // R26
    @Test(
      "Two of three members are killed: a put fails, and may be tried again; a get that is waiting sees them come back")
    func twoKilled() async throws {
      let server = try await apart { try Server.start("etcd@minority") }
      let (etcd, _) = driver(of: server, prefix: "minority/")
      let runtime = Runtime.shared
      _ = try await etcd.put(Record([1], stamp: runtime.nextStamp()), at: "k", in: context())
      try await apart { for part in ["0", "1"] { try server.part(part).kill() } }
      for deadline in [Duration.seconds(1), .seconds(8)] {
        do throws(DriverError) {
          _ = try await etcd.put(Record([2], stamp: runtime.nextStamp()), at: "k", in: context(deadline))
          Issue.record("a put without a quorum was acknowledged")
        } catch {
          #expect(error.code == .timedOut || error.code == .unavailable)
          #expect(error.isRetryable)
        }
      }
      async let copy = etcd.get("k", in: context())
      try await apart { for part in ["0", "1"] { try server.part(part).start() } }
      let bytes = try await copy?.bytes
      #expect(bytes == [1] || bytes == [2])
      try await apart { try server.stop() }
    }

    @Test("A cluster with users: tokens are fetched, and renewed when the members forget them")
    func users() async throws {
      let server = try await apart { try Server.start("etcd@users-\(UInt32.random(in: 0...UInt32.max))") }
      let calls = [
        ("user/add", #"{"name":"root","password":"kennwort-4711"}"#), ("role/add", #"{"name":"root"}"#),
        ("user/grant", #"{"user":"root","role":"root"}"#),
        ("user/add", #"{"name":"reader","password":"kennwort-4712"}"#), ("auth/enable", "{}"),
      ]
      for (name, body) in calls {
        let path = name == "auth/enable" ? "/v3/auth/enable" : "/v3/auth/\(name)"
        let request = HTTPRequest("POST", server.url + path, body: .bytes(Array(body.utf8)))
        let response = try await CurlClient.shared.send(request, in: context())
        #expect(response.status == 200, "\(name): \(String(decoding: response.body, as: UTF8.self))")
      }
      func driver(_ user: String, _ password: String) -> EtcdDriver {
        EtcdDriver(
          at: server.fact("urls").split(separator: " ").map(String.init), name: "etcd",
          credentials: .basic(user: user, password: Secret(password)))
      }
      let etcd = driver("root", "kennwort-4711")
      _ = try await etcd.put(Record([1]), at: "k", in: context())
      for (user, password) in [("root", "wrong"), ("nobody", "wrong"), ("reader", "kennwort-4712")] {
        do throws(DriverError) {
          _ = try await driver(user, password).put(Record([2]), at: "k", in: context())
          Issue.record("\(user) was let in")
        } catch {
          #expect(error.code == .denied, "\(error)")
          #expect(error.effect == .unchanged)
          #expect(!"\(error)".contains("4712"))
        }
      }
      do throws(DriverError) {
        _ = try await server.etcd(prefix: "metadriver/").get("k", in: context())
        Issue.record("nobody was let in")
      } catch { #expect(error.code == .denied) }
      // Tokens are in the members' memory only.
      try await apart {
        try server.stop()
        try server.start()
      }
      #expect(try await etcd.get("k", in: context())?.bytes == [1])
      try await apart { try server.stop() }
    }
  }
#endif
