#if HTTP
  import MetaDriver
  import MetaDriverEtcd
  import MetaDriverHTTP
  import ServerSupport
  import TestSupport
  import Testing

  /// How long the driver goes on when no member answers, and when none can tell what became of a write.
  @Suite(.timeLimit(.minutes(10))) struct EtcdPersistenceTests {
    private static let absent = #"{"header":{"cluster_id":"1","revision":"4"}}"#
    private static let isMade =
      #"{"header":{"cluster_id":"1","revision":"5"},"succeeded":true,"responses":[{"response_put":{}}]}"#
    private static let stamped = Record([1], stamp: Stamp(time: 1, writer: 1))
    private static let urls = ["http://a", "http://b", "http://c"]

    /// What a member says that has no leader.
    private static let leaderless = HTTPResponse(
      503, body: Array(#"{"code":14,"message":"etcdserver: leader changed"}"#.utf8))

    /// Answers as a cluster does that has a quorum.
    private static func answer(_ request: HTTPRequest) -> HTTPResponse {
      HTTPResponse(200, body: Array((request.url.hasSuffix("/txn") ? isMade : absent).utf8))
    }

    private let clock = LeapingClock()

    private func context(_ timeout: Duration? = nil) -> Context {
      Context(.leaping(clock), options: CallOptions(timeout: timeout))
    }

    private func driver(
      _ urls: [String] = urls, _ answer: @escaping @Sendable (HTTPRequest) async throws(DriverError) -> HTTPResponse
    ) -> (driver: EtcdDriver, client: ScriptedClient) {
      let client = ScriptedClient(answer)
      return (EtcdDriver(at: urls, name: "etcd", client: client), client)
    }

    private func error<Answer>(_ body: () async throws(DriverError) -> Answer) async -> DriverError? {
      do throws(DriverError) { _ = try await body() } catch { return error }
      return nil
    }

    /// How members say that they cannot serve anybody yet.
    enum Outage: CaseIterable {
      case refuses, hangs, hasNoLeader
    }

    // R26, C7
    @Test(
      "An operation goes on while the members come back, as long as the deadline leaves time",
      arguments: Outage.allCases)
    func comingBack(outage: Outage) async throws {
      let clock = clock
      let (etcd, client) = driver { request throws(DriverError) in
        guard clock.elapsed < .seconds(14) else { return Self.answer(request) }
        switch outage {
        case .refuses: throw DriverError(.unavailable, "refused", effect: .unchanged)
        case .hangs:
          clock.advance(by: .seconds(2))
          throw DriverError(.timedOut, "hung", effect: .unchanged)
        case .hasNoLeader: return Self.leaderless
        }
      }
      #expect(try await etcd.get("k", in: context(.seconds(20))) == nil)
      #expect(clock.elapsed < .seconds(20))
      #expect(client.requests.count < 100)
    }

    @Test("A write goes on too, where nothing of it was sent", arguments: [nil, Precondition.absent])
    func writes(condition: Precondition?) async throws {
      let clock = clock
      let (etcd, client) = driver { request throws(DriverError) in
        guard clock.elapsed < .seconds(14) else { return Self.answer(request) }
        throw DriverError(.unavailable, "refused", effect: .unchanged)
      }
      let context = context(.seconds(20))
      let receipt =
        if let condition {
          try await etcd.put(Record([1]), at: "k", if: condition, in: context)
        } else { try await etcd.put(Record([1]), at: "k", in: context) }
      #expect(receipt.result.isAcknowledged)
      #expect(client.requests.last?.url.hasSuffix("/txn") == true)
    }

    @Test(
      "A call gives up when no time is left, says why, and has changed nothing", arguments: [nil, 1, 20] as [Int?])
    func givingUp(seconds: Int?) async {
      let (etcd, client) = driver { request throws(DriverError) in
        throw DriverError(.unavailable, "\(request.url.prefix(8)) is down", effect: .unchanged)
      }
      let context = context(seconds.map { .seconds($0) })
      let error = await error { () throws(DriverError) in try await etcd.put(Record([1]), at: "k", in: context) }
      #expect(error?.code == .unavailable && error?.effect == .unchanged && error?.isRetryable == true)
      for url in Self.urls { #expect(error?.message.contains("\(url) is down") == true) }
      // Without a deadline, ten time-outs of two seconds are the end.
      let limit = Duration.seconds(seconds ?? 20)
      #expect(clock.elapsed < limit && clock.elapsed > limit - .seconds(2))
      #expect(client.requests.count > 3 && client.requests.count.isMultiple(of: 3))
    }

    @Test("What all members refuse for good is asked of each of them once", arguments: [9, 404])
    func refusedForGood(code: Int) async {
      let (etcd, client) = driver { _ in
        guard code == 9 else { return HTTPResponse(404) }
        return HTTPResponse(400, body: Array(#"{"code":9,"message":"etcdserver: not now"}"#.utf8))
      }
      let error = await error { () throws(DriverError) in try await etcd.get("k", in: context(.seconds(20))) }
      #expect(error?.isRetryable == false && error?.effect == .unchanged)
      #expect(client.requests.count == 3)
      #expect(clock.elapsed == .zero)
    }

    // C7
    @Test("A learner among the endpoints serves nothing, and keeps nobody from asking the next", arguments: [9, 14])
    func learner(code: Int) async throws {
      let refusal = #"{"code":\#(code),"message":"etcdserver: rpc not supported for learner"}"#
      let (etcd, client) = driver { request throws(DriverError) in
        request.url.hasPrefix("http://a")
          ? HTTPResponse(code == 9 ? 400 : 503, body: Array(refusal.utf8)) : Self.answer(request)
      }
      #expect(try await etcd.put(Record([1]), at: "k", if: .absent, in: context()).result.isAcknowledged)
      #expect(try await etcd.get("k", in: context()) == nil)
      #expect(client.requests.map { $0.url.prefix(8) } == ["http://a", "http://b", "http://b"])
      #expect(clock.elapsed == .zero)
      let (alone, _) = driver(["http://a"]) { _ in HTTPResponse(400, body: Array(refusal.utf8)) }
      let error = await error { () throws(DriverError) in
        try await alone.put(Record([1]), at: "k", if: .absent, in: context(.seconds(1)))
      }
      #expect(error?.code == .unavailable && error?.effect == .unchanged)
      #expect(error?.message.contains("this member is a learner") == true)
    }

    // R5
    @Test("A write whose reply is lost again and again is sent while time is left, and then does not know what it did")
    func losses() async {
      for seconds in [nil, 5] as [Int?] {
        let clock = LeapingClock()
        let (etcd, client) = driver { request throws(DriverError) in
          if request.url.hasSuffix("/txn") { throw DriverError(.unavailable, "cut", effect: .unknown) }
          return Self.answer(request)
        }
        let context = Context(.leaping(clock), options: CallOptions(timeout: seconds.map { .seconds($0) }))
        let error = await error { () throws(DriverError) in try await etcd.put(Self.stamped, at: "k", in: context) }
        #expect(error?.effect == .unknown && error?.message.contains("cut") == true)
        let limit = Duration.seconds(seconds ?? 20)
        #expect(clock.elapsed < limit && clock.elapsed > limit - .seconds(2))
        let steps = client.requests.map { $0.url.split(separator: "/").last }
        #expect(steps.count > 6 && steps.count < 100)
        // Every change is guarded by a look of its own.
        for (number, step) in steps.enumerated() { #expect(step == (number.isMultiple(of: 2) ? "range" : "txn")) }
      }
    }

    // R5
    @Test("A write whose replies were lost while the cluster elects is made in the end")
    func lostDuringElection() async throws {
      let clock = clock
      let (etcd, client) = driver { request throws(DriverError) in
        guard clock.elapsed < .seconds(9) else { return Self.answer(request) }
        return request.url.hasSuffix("/txn") ? Self.leaderless : Self.answer(request)
      }
      #expect(try await etcd.put(Self.stamped, at: "k", in: context(.seconds(20))).result.isAcknowledged)
      #expect(client.requests.count { $0.url.hasSuffix("/txn") } > 3)
    }

    @Test("Cancelling ends a pause; the effect is unknown only after a reply was lost", arguments: [false, true])
    func cancellation(isLost: Bool) async {
      let clock = ManualClock()
      let context = Context(.manual(clock))
      let (etcd, _) = driver { request throws(DriverError) in
        if isLost, request.url.hasSuffix("/range") { return Self.answer(request) }
        throw DriverError(.unavailable, "cut", effect: request.url.hasSuffix("/txn") ? .unknown : .unchanged)
      }
      let task = Task {
        await error { () throws(DriverError) in try await etcd.put(Self.stamped, at: "k", in: context) }
      }
      await clock.waitForSleepers()
      task.cancel()
      let outcome = await task.value
      #expect(outcome?.code == .cancelled && outcome?.effect == (isLost ? .unknown : .unchanged))
    }
  }
#endif
