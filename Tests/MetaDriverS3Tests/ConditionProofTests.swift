#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  @testable import MetaDriverS3
  import ServerSupport
  import TestSupport
  import Testing
  private import Synchronization

  @Suite struct ConditionProofTests {
    private let context = Context(.manual())
    private let key: Key = "alice"

    @Test(
      "A server is relied on for what it was seen to refuse, and for no more",
      arguments: [
        (Bucket.Conditions.ignored, S3Driver.Conditions.unused), (.honoured, .putsAndDeletes),
        (.wantedUnquoted, .putsAndDeletes), (.honouredForCreation, .unused), (.unknown, .unused),
        (.honouredForPuts, .puts),
      ])
    func proof(behaviour: Bucket.Conditions, expected: S3Driver.Conditions) async throws {
      let bucket = Bucket(behaviour)
      let driver = try await bucket.driver().proven(in: context)
      #expect(driver.conditions == expected && bucket.names.isEmpty)
      #expect(driver.leaf?.ordering == (expected == .unused ? .fifo : .newestWins))
      #expect(driver.outline.capabilities.contains(.compareAndPut) == (expected != .unused))
      #expect(driver.outline.capabilities.contains(.compareAndDelete) == (expected == .putsAndDeletes))
      _ = try await driver.put(Record([1], stamp: Stamp(time: 1, writer: 1)), at: key, in: context)
      #expect(try await driver.get(key, in: context)?.bytes == [1])
    }

    @Test("Nothing is written where a server ignores what is relied on")
    func refusal() async throws {
      let bucket = Bucket(.ignored)
      let driver = bucket.driver(conditions: .puts)
      let opened = await #expect(throws: DriverError.self) { try await driver.open(in: context) }
      #expect(opened?.code == .unsupported && opened?.message.contains("did it when asked to create") == true)
      for _ in 0..<2 {
        let error = await #expect(throws: DriverError.self) { try await driver.put(Record([1]), at: key, in: context) }
        #expect(error?.code == .unsupported && error?.effect == .unchanged)
      }
      #expect(bucket.names.isEmpty)
      #expect(try await driver.get(key, in: context) == nil)
    }

    @Test("A server that cannot be asked proves nothing, and is asked again")
    func outage() async throws {
      let isDown = Mutex(true)
      let bucket = Bucket(.honoured) { _, _ throws(DriverError) in
        isDown.withLock { $0 } ? Bucket.failure(503, "SlowDown") : nil
      }
      let driver = bucket.driver(conditions: .puts)
      let error = await #expect(throws: DriverError.self) { try await driver.open(in: context) }
      #expect(error?.code == .throttled && error?.effect == .unchanged)
      isDown.withLock { $0 = false }
      _ = try await driver.open(in: context)
      _ = try await driver.put(Record([1]), at: key, in: context)
    }

    @Test("An older stamp never replaces a newer one, although another writer comes in between")
    func races() async throws {
      let newer = Record([9], stamp: Stamp(time: 9, writer: 1))
      let mayInterfere = Mutex(true)
      let bucket = Bucket(.honoured) { [key] request, bucket throws(DriverError) in
        // Behind the look, before the put.
        guard request.method == "PUT", request.url.hasSuffix("mutable/alice"),
          mayInterfere.withLock({ flag in
            defer { flag = false }
            return flag
          })
        else { return nil }
        bucket["mutable/alice"] = Bucket.Object(bytes: newer.encoded(for: key), fields: [], tag: "\"other\"")
        return nil
      }
      let driver = bucket.driver(conditions: .puts)
      let receipt = try await driver.put(Record([1], stamp: Stamp(time: 5, writer: 1)), at: key, in: context)
      #expect(receipt.result.description == "superseded by \(newer.stamp!)")
      #expect(try await driver.get(key, in: context) == newer)
      let bare = await #expect(throws: DriverError.self) { try await driver.put(Record([1]), at: key, in: context) }
      #expect(bare?.code == .conflict)
    }

    // The tag is of the bytes alone, so the same bytes under another stamp must not have the same tag.
    @Test("The same bytes under another stamp are another version")
    func stampsAreInTheTag() async throws {
      let bucket = Bucket(.honoured)
      let driver = bucket.driver(stamps: .metadata, conditions: .puts)
      var tags: Set<String> = []
      for time in 1...3 as ClosedRange<UInt64> {
        _ = try await driver.put(Record([7], stamp: Stamp(time: time, writer: 1)), at: key, in: context)
        tags.insert(try #require(bucket["mutable/alice"]).tag)
      }
      #expect(tags.count == 3)
    }

    // B10, R26
    @Test(
      "A put that landed although the server failed is recognised, with a stamp or without", arguments: [false, true])
    func landed(isStamped: Bool) async throws {
      let bucket = Bucket(.honoured) { request, bucket throws(DriverError) in
        guard request.method == "PUT", request.url.hasSuffix("mutable/alice") else { return nil }
        _ = bucket.answer(request)
        return Bucket.failure(500, "InternalError")
      }
      let record = Record([1], stamp: isStamped ? Stamp(time: 5, writer: 1) : nil)
      let driver = bucket.driver(conditions: .puts)
      let receipt = try await driver.put(record, at: key, if: .absent, in: context)
      #expect(receipt.result.description == "stored")
      #expect(try await driver.get(key, in: context) == record)
    }

    @Test("A put that the server failed to make, and nobody else did, stays uncertain")
    func uncertain() async throws {
      let bucket = Bucket(.honoured) { request, _ throws(DriverError) in
        request.method == "PUT" && request.url.hasSuffix("mutable/alice") ? Bucket.failure(500, "InternalError") : nil
      }
      let driver = bucket.driver(conditions: .puts)
      let error = await #expect(throws: DriverError.self) {
        _ = try await driver.put(Record([1]), at: key, if: .absent, in: context)
      }
      #expect(error?.code == .unavailable && error?.effect == .unknown)
    }

    @Test("A put that lost a race to the same bytes is no success of its own")
    func lostToATwin() async throws {
      let bucket = Bucket(.honoured) { request, bucket throws(DriverError) in
        guard request.method == "PUT", request.url.hasSuffix("mutable/alice") else { return nil }
        bucket["mutable/alice"] = Bucket.Object(bytes: [1], fields: [], tag: "\"other\"")
        return Bucket.failure(500, "UnknownError")
      }
      let error = await #expect(throws: DriverError.self) {
        try await bucket.driver(conditions: .puts).put(Record([1]), at: key, if: .absent, in: context)
      }
      #expect(error?.code == .conflict && error?.effect == .unchanged)
    }

    @Test(
      "rclone ignores conditions, and is not relied on",
      .enabled(if: Server.isThere("rclone-s3"), "needs rclone-s3: Tests/run starts it"))
    func rclone() async throws {
      let driver = try Server("rclone-s3").driver()
      #expect(try await driver.proven().conditions == .unused)
    }

    @Test(
      "Swift knows one condition of two, and is not relied on",
      .enabled(if: Server.isThere("swift"), "needs swift: Tests/run starts it"))
    func swift() async throws {
      let driver = try Server("swift").driver()
      #expect(try await driver.proven().conditions == .unused)
    }

    @Test("Ceph is relied on for puts", .enabled(if: Server.isThere("ceph"), "needs ceph: Tests/run --all starts it"))
    func ceph() async throws {
      let driver = try Server("ceph").driver()
      #expect(try await driver.proven().conditions == .puts)
    }
  }
#endif
