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

  /// Members that are killed, and users, in clusters of their own.
  @Suite(.enabled(if: Server.isThere("etcd"), "needs etcd: Tests/run starts it"), .timeLimit(.minutes(5)))
  struct EtcdOutageTests {
    private func context(_ timeout: Duration) -> Context {
      Context(.shared, options: CallOptions(timeout: timeout))
    }

    // R26
    @Test("One of three members is killed: no operation fails, and none takes longer than one time-out more")
    func oneKilled() async throws {
      let server = try await apart { try Server.start("etcd@outage") }
      let etcd = server.etcd(prefix: "outage/")
      let keys = (0..<20).map { Key.mutable(try! DataID("k\($0)")) }
      let runtime = Runtime.shared
      for (number, key) in keys.enumerated() {
        _ = try await etcd.put(Record([UInt8(number)], stamp: runtime.nextStamp()), at: key, in: context(.seconds(20)))
      }
      let victim = try server.part("0")
      try await apart { try victim.kill() }
      var slowest = Duration.zero
      for round in 0..<10 {
        for key in keys {
          let record = Record([UInt8(round)], stamp: runtime.nextStamp())
          let start = runtime.now
          _ = try await etcd.put(record, at: key, in: context(.seconds(20)))
          #expect(try await etcd.get(key, in: context(.seconds(20))) == record)
          slowest = max(slowest, runtime.now - start)
        }
      }
      print("slowest put and get with one member killed: \(slowest)")
      #expect(slowest < .seconds(6))
      try await apart { try victim.start() }
      try await apart { try server.stop() }
    }

    @Test("One of three members stands still: it costs one time-out, and then nothing for a while")
    func oneStandsStill() async throws {
      let server = try await apart { try Server.start("etcd@still") }
      let etcd = server.etcd(prefix: "still/")
      let runtime = Runtime.shared
      func write(_ number: UInt8) async throws -> Duration {
        let record = Record([number], stamp: runtime.nextStamp())
        let start = runtime.now
        _ = try await etcd.put(record, at: "k", in: context(.seconds(20)))
        #expect(try await etcd.get("k", in: context(.seconds(20))) == record)
        return runtime.now - start
      }
      _ = try await write(0)
      let processes = try #require(pid_t(try server.part("0").fact("pid")))
      kill(-processes, SIGSTOP)
      defer { kill(-processes, SIGCONT) }
      var slow = 0
      for number in 1...30 { if try await write(UInt8(number)) > .milliseconds(1_500) { slow += 1 } }
      // Once for the member, and once more where it was the leader and the others had yet to notice.
      #expect(slow >= 1 && slow <= 2)
      kill(-processes, SIGCONT)
      try await apart { try server.stop() }
    }

    @Test("Two of three members are killed: a put fails within its deadline, and says who did not answer")
    func twoKilled() async throws {
      let server = try await apart { try Server.start("etcd@minority") }
      let etcd = server.etcd(prefix: "minority/")
      _ = try await etcd.put(Record([1]), at: "k", in: context(.seconds(20)))
      for part in ["0", "1"] { try await apart { try server.part(part).kill() } }
      let start = Runtime.shared.now
      for deadline in [Duration.seconds(1), .seconds(8)] {
        do throws(DriverError) {
          _ = try await etcd.put(Record([2]), at: "k", in: context(deadline))
          Issue.record("a put without a quorum was acknowledged")
        } catch {
          #expect(error.code == .timedOut || error.code == .unavailable)
          #expect(error.isRetryable)
        }
      }
      #expect(Runtime.shared.now - start < .seconds(11))
      for part in ["0", "1"] { try await apart { try server.part(part).start() } }
      let copy = try await etcd.get("k", in: context(.seconds(20)))
      #expect(copy?.bytes == [1] || copy?.bytes == [2])
      try await apart { try server.stop() }
    }

    @Test("A cluster with users: tokens are fetched, and renewed when the members forget them")
    func users() async throws {
      let server = try await apart { try Server.start("etcd@users") }
      let calls = [
        ("user/add", #"{"name":"root","password":"kennwort-4711"}"#), ("role/add", #"{"name":"root"}"#),
        ("user/grant", #"{"user":"root","role":"root"}"#),
        ("user/add", #"{"name":"reader","password":"kennwort-4712"}"#), ("auth/enable", "{}"),
      ]
      for (name, body) in calls {
        let path = name == "auth/enable" ? "/v3/auth/enable" : "/v3/auth/\(name)"
        let request = HTTPRequest("POST", server.url + path, body: .bytes(Array(body.utf8)))
        let response = try await CurlClient.shared.send(request, in: context(.seconds(20)))
        #expect(response.status == 200, "\(name): \(String(decoding: response.body, as: UTF8.self))")
      }
      func driver(_ user: String, _ password: String) -> EtcdDriver {
        EtcdDriver(
          at: server.fact("urls").split(separator: " ").map(String.init), name: "etcd",
          credentials: .basic(user: user, password: Secret(password)))
      }
      let etcd = driver("root", "kennwort-4711")
      _ = try await etcd.put(Record([1]), at: "k", in: context(.seconds(20)))
      for (user, password) in [("root", "wrong"), ("nobody", "wrong"), ("reader", "kennwort-4712")] {
        do throws(DriverError) {
          _ = try await driver(user, password).put(Record([2]), at: "k", in: context(.seconds(20)))
          Issue.record("\(user) was let in")
        } catch {
          #expect(error.code == .denied, "\(error)")
          #expect(error.effect == .unchanged)
          #expect(!"\(error)".contains("4712"))
        }
      }
      do throws(DriverError) {
        _ = try await server.etcd(prefix: "metadriver/").get("k", in: context(.seconds(20)))
        Issue.record("nobody was let in")
      } catch { #expect(error.code == .denied) }
      // Tokens are in the members' memory only.
      try await apart {
        try server.stop()
        try server.start()
      }
      #expect(try await etcd.get("k", in: context(.seconds(20)))?.bytes == [1])
      try await apart { try server.stop() }
    }
  }
#endif
