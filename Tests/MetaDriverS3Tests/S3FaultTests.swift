#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  @testable import MetaDriverS3
  import MetaDriverTesting
  import ServerSupport
  import TestSupport
  import Testing
  private import Synchronization

  /// A network that breaks at every request of every operation, in every way, in front of real servers. A deadline passes
  /// when a request has come to a standstill, and never because the machine is busy.
  @Suite(.serialized, .timeLimit(.minutes(10))) struct S3FaultTests {
    private static let faults: [FaultProxy.Fault] = [
      .cutBeforeRequest, .cutInRequest(afterByteCount: 40), .cutInRequest(afterByteCount: 1_200), .cutBeforeReply,
      .cutInReply(afterByteCount: 10), .cutInReply(afterByteCount: 900), .stallBeforeRequest, .stallBeforeReply,
      .stallInReply(afterByteCount: 10),
    ]

    // A9, R1, R5
    @Test(
      "Whatever breaks, a call says what it did, and nothing hangs",
      .enabled(if: Server.isThere("rclone-s3"), "needs rclone-s3: Tests/run starts it"),
      arguments: [S3Operation.get, .stat, .list, .put, .putInParts, .bury, .delete], faults)
    func plain(operation: S3Operation, fault: FaultProxy.Fault) async throws {
      try await attempts(operation, fault, try Server("rclone-s3"), proof: nil)
    }

    /// Swift bears no other condition, and the operation needs none.
    // R26, A48
    @Test(
      "Whatever breaks, a put that creates says what it did, and does not conflict with itself",
      .enabled(if: Server.isThere("swift"), "needs swift: Tests/run starts it"), arguments: faults)
    func creation(fault: FaultProxy.Fault) async throws {
      try await attempts(.create, fault, try Server("swift"), proof: ConditionProof(puts: true))
    }

    // R26, A48
    @Test(
      "Whatever breaks, a conditional put says what it did, and does not conflict with itself",
      .enabled(if: Server.isThere("ceph"), "needs ceph: Tests/run --all starts it"),
      arguments: [S3Operation.create, .replace], faults)
    func conditions(operation: S3Operation, fault: FaultProxy.Fault) async throws {
      let server = try Server("ceph")
      try await attempts(operation, fault, server, proof: try await server.driver().proven().store.proof)
    }

    // R5
    @Test(
      "Where nobody listens, nothing was changed",
      .enabled(if: Server.isThere("rclone-s3"), "needs rclone-s3: Tests/run starts it"),
      arguments: S3Operation.allCases)
    func refusal(operation: S3Operation) async throws {
      let port = try await apart { try LocalServer.refusingPort() }
      let client = TappedClient()
      let driver = try Server("rclone-s3").driver(
        conditions: operation.conditions, multipartThreshold: 4 << 20, endpoint: "http://127.0.0.1:\(port)",
        client: client)
      driver.store.proof = ConditionProof(puts: true)
      let error = await #expect(throws: DriverError.self) {
        try await operation.run(driver, operation.after(), in: Context(Runtime()))
      }
      #expect(error?.code == .unavailable && error?.effect == .unchanged, "\(error.map { "\($0)" } ?? "")")
      #expect(client.exchanges.count == 1)
      await client.close()
    }

    /// Does the same again and again, while the network breaks at the first request, at the second, and so on.
    private func attempts(
      _ operation: S3Operation, _ fault: FaultProxy.Fault, _ server: Server, proof: ConditionProof?
    ) async throws {
      let requestCount = try await attempt(operation, .none, at: 0, server, proof)
      #expect(requestCount == operation.requestCount)
      for number in 1...requestCount { try await attempt(operation, fault, at: number, server, proof) }
    }

    /// - Returns: How many requests there were until the call was answered.
    @discardableResult
    private func attempt(
      _ operation: S3Operation, _ fault: FaultProxy.Fault, at number: Int, _ server: Server, _ proof: ConditionProof?
    ) async throws -> Int {
      let comment: Comment = "\(operation), \(fault) at request \(number)"
      let prefix = "fault-\(UInt64.random(in: 0...UInt64.max))"
      let clock = PatientClock()
      let runtime = Runtime(clock: clock)
      let patient = Context(runtime)
      let direct = server.driver(prefix: prefix, stamps: .envelope)
      if let before = operation.before { _ = try await direct.put(before, at: S3Operation.key, in: patient) }

      let isBroken = Mutex(true)
      let proxy = try await apart {
        try FaultProxy(to: server.port) { $0 == number && isBroken.withLock { $0 } ? fault : .none }
      }
      let client = TappedClient()
      let driver = server.driver(
        prefix: prefix, stamps: .envelope, conditions: operation.conditions, multipartThreshold: 4 << 20,
        endpoint: proxy.url, client: client)
      driver.store.proof = proof
      let context = Context(runtime, options: CallOptions(timeout: .seconds(60)))
      let after = operation.after()
      let time = Task {
        await proxy.stalls.wait(for: 1)
        if !Task.isCancelled { clock.advance(by: .seconds(60)) }
      }
      do throws(DriverError) {
        try await operation.run(driver, after, in: context)
        #expect(!operation.fails(fault, at: number), comment)
        #expect(try await direct.get(S3Operation.key, in: patient) == after, comment)
      } catch {
        #expect(fault != .none && error.code == (fault.isStall ? .timedOut : .unavailable), "\(comment): \(error)")
        let copy = try await direct.get(S3Operation.key, in: patient)
        if let commit = client.exchanges.first(where: { $0.isCommit })?.error {
          // What could not be sent any more because it was too late has no effect.
          #expect(error.effect == (fault.isStall ? commit.effect : .unknown), "\(comment): \(error)")
          let isDone = !fault.isStall && fault.reachesServer
          let isPossible = isDone ? copy == after : copy == operation.before || fault.reachesServer && copy == after
          #expect(isPossible && (error.effect == .unknown || copy == operation.before), "\(comment): \(error)")
        } else {
          // Only the request that makes a write be seen leaves its effect open.
          #expect(error.effect == .unchanged && copy == operation.before, "\(comment): \(error)")
        }
      }
      isBroken.withLock { $0 = false }
      time.cancel()
      #expect(fault.isStall == (proxy.stalls.value == 1), comment)
      let requestCount = proxy.requestCount
      #expect(client.exchanges.count(where: \.isCommit) <= 1, comment)

      // The way is free now: what the driver sees is what is there, and the same once more leads to the same end.
      let copy = try await direct.get(S3Operation.key, in: patient)
      #expect(try await driver.get(S3Operation.key, in: patient) == copy, comment)
      try await operation.run(driver, after, in: patient)
      #expect(try await direct.get(S3Operation.key, in: patient) == after, comment)
      await runtime.drain()
      if operation == .putInParts {
        // Of an upload whose number never came back nothing is known: that is what `abandonedUploads` is for.
        let isNumberLost = client.exchanges.first?.error != nil
        #expect(try await uploadCount(direct, patient) <= (isNumberLost ? 1 : 0), comment)
      }
      await client.close()
      proxy.refuse()
      return requestCount
    }

    /// How many uploads below the driver's prefix were begun, and neither completed nor given up.
    private func uploadCount(_ driver: S3Driver, _ context: Context) async throws -> Int {
      let prefix = try driver.store.place.get().prefix
      let response = try await driver.store.send(
        S3Store.Request(method: "GET", query: [("uploads", ""), ("prefix", prefix)], isRead: true), in: context)
      return try #require(S3Document.read(response.body)).all("Upload").count { $0["Key"]?.hasPrefix(prefix) == true }
    }
  }

  extension S3Operation {
    /// Whether a fault at a request of that number must make the call fail. Reads may be sent again on another connection
    /// when one that was kept breaks, and some requests and replies are shorter than what is let through.
    fileprivate func fails(_ fault: FaultProxy.Fault, at number: Int) -> Bool {
      switch fault {
      case .none: false
      case .cutInRequest(afterByteCount: 1_200): self == .put
      case .cutInReply(afterByteCount: 900): self == .get
      default: number == 1 || fault.isStall || self == .putInParts || !isRead && number == requestCount
      }
    }
  }

  extension FaultProxy.Fault {
    fileprivate var isStall: Bool {
      switch self {
      case .stallBeforeRequest, .stallBeforeReply, .stallInReply: true
      default: false
      }
    }

    /// Whether the server gets all of the request.
    fileprivate var reachesServer: Bool {
      switch self {
      case .cutBeforeRequest, .cutInRequest, .stallBeforeRequest: false
      default: true
      }
    }
  }
#endif
