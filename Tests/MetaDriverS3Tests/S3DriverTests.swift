#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  @testable import MetaDriverS3
  import MetaDriverTesting
  import ServerSupport
  import TestSupport
  import Testing
  private import Synchronization

  @Suite struct S3DriverTests {
    private let context = Context(.manual())
    private let key: Key = "alice"

    /// What comes of a call when the server always answers so.
    private func errors(_ response: HTTPResponse, of calls: Set<String> = ["get", "stat", "put", "list", "delete"])
      async
      -> [DriverError]
    {
      let driver = Bucket(.ignored) { _, _ throws(DriverError) in response }.driver()
      var errors: [DriverError] = []
      func expect(_ name: String, _ body: () async throws(DriverError) -> String) async {
        guard calls.contains(name) else { return }
        do throws(DriverError) { Issue.record("\(name) of \(response.status): \(try await body())") } catch {
          errors.append(error)
        }
      }
      await expect("get") { () throws(DriverError) in "\(try await driver.get(key, in: context) as Any)" }
      await expect("stat") { () throws(DriverError) in "\(try await driver.stat(key, in: context) as Any)" }
      await expect("put") { () throws(DriverError) in "\(try await driver.put(Record([1]), at: key, in: context))" }
      await expect("list") { () throws(DriverError) in "\(try await driver.list(ListRequest(), in: context))" }
      await expect("delete") { () throws(DriverError) in "\(try await driver.delete(key, proof: nil, in: context))" }
      return errors
    }

    @Test("A web page with status 200 is nobody's datum, and no acknowledgement")
    func webPages() async {
      let page = HTTPResponse(
        200, headers: ["Content-Type": "text/html; charset=utf-8", "ETag": "\"1\""], body: Array("<html></html>".utf8))
      let plain = HTTPResponse(200, body: Array("welcome".utf8))
      for response in [page, plain] {
        let errors = await errors(response)
        #expect(errors.count == 5)
        for error in errors { #expect(error.code == .unavailable && error.message.contains("check the endpoint")) }
        #expect(errors.map(\.effect) == [.unchanged, .unchanged, .unknown, .unchanged, .unchanged])
      }
    }

    @Test("A page that another program put into the bucket is a datum")
    func storedPages() async throws {
      let driver = Bucket(.ignored) { _, _ throws(DriverError) in
        HTTPResponse(
          200, headers: ["Content-Type": "text/html", "ETag": "\"1\"", "x-amz-request-id": "1"], body: [1, 2])
      }.driver()
      #expect(try await driver.get(key, in: context)?.bytes == [1, 2])
    }

    // R1
    @Test("Only a missing object is absence")
    func absence() async throws {
      let absent = Bucket().driver()
      #expect(try await absent.get(key, in: context) == nil)
      #expect(try await absent.stat(key, in: context) == nil)
      #expect(try await absent.delete(key, proof: nil, in: context).result.description == "already absent")
      for response in [
        Bucket.failure(404, "NoSuchBucket"), Bucket.failure(404, "NoSuchUpload"), HTTPResponse(404),
        HTTPResponse(404, body: Array("<html>not here</html>".utf8)), HTTPResponse(410),
        Bucket.failure(400, "NoSuchKey"),
      ] {
        let errors = await errors(response)
        #expect(errors.allSatisfy { $0.code == .unavailable })
        // Without a code of S3, somebody else may have answered a put that the server has made.
        let put: DriverError.Effect = S3Failure(response).code == nil ? .unknown : .unchanged
        #expect(errors.map(\.effect) == [.unchanged, .unchanged, put, .unchanged, .unchanged])
      }
    }

    @Test(
      "A refusal says what to check",
      arguments: [
        (403, "SignatureDoesNotMatch", "denied", "secret access key"),
        (403, "InvalidAccessKeyId", "denied", "access key id"),
        (403, "AccessDenied", "denied", "what the key allows"),
        (404, "NoSuchBucket", "unavailable", "name of the bucket"),
        (400, "AuthorizationHeaderMalformed", "denied", "'eu-west-1' there"),
        (301, "PermanentRedirect", "denied", "check the region"), (400, "EntityTooLarge", "tooLarge", "size"),
        (400, "ExpiredToken", "denied", "session"), (400, "KeyTooLongError", "invalidKey", "name"),
        (403, "RequestTimeTooSkewed", "denied", "clocks"), (403, "QuotaExceeded", "noSpace", "quota"),
        (400, "RequestTimeout", "timedOut", "waited"), (501, "NotImplemented", "unsupported", "does not do"),
      ])
    func refusals(status: Int, code: String, kind: String, advice: String) async {
      let response = Bucket.failure(status, code, "<Region>eu-west-1</Region><StringToSign>geheim</StringToSign>")
      for error in await errors(response) {
        #expect(error.code.description == kind && error.effect == .unchanged, "\(error)")
        #expect(error.message.contains(advice) && !"\(error)".contains("geheim"), "\(error)")
      }
    }

    @Test("A busy server's wish is passed on, and a failed one leaves the effect open")
    func busy() async {
      var response = Bucket.failure(503, "SlowDown")
      response.headers.add("Retry-After", "7")
      for error in await errors(response) { #expect(error.code == .throttled && error.retryAfter == .seconds(7)) }
      let failed = await errors(Bucket.failure(500, "InternalError"))
      #expect(failed.map(\.effect) == [.unchanged, .unchanged, .unknown, .unchanged, .unchanged])
      #expect(failed.allSatisfy { $0.code == .unavailable && $0.isRetryable })
    }

    // A47
    @Test("What was overtaken by a write is read again, so many times at most, and nothing is written again")
    func overtaken() async throws {
      for (failureCount, requestCount) in [(1, 2), (8, 9), (9, 9)] {
        let left = Mutex(failureCount)
        let bucket = Bucket(.ignored) { _, _ throws(DriverError) in
          let fails = left.withLock { left in
            defer { left = max(0, left - 1) }
            return left > 0
          }
          return fails ? Bucket.failure(500, "UnknownError") : nil
        }
        let client = bucket.client
        let driver = bucket.driver(client: client)
        do throws(DriverError) {
          #expect(try await driver.get(key, in: context) == nil)
          #expect(failureCount <= 8)
        } catch { #expect(failureCount == 9 && error.code == .unavailable && error.effect == .unchanged) }
        #expect(client.requests.count == requestCount)
        left.withLock { $0 = 1 }
        let error = await #expect(throws: DriverError.self) {
          try await driver.put(Record([1]), at: key, in: context)
        }
        #expect(error?.effect == .unknown && client.requests.count == requestCount + 1)
      }
    }

    @Test("A wrong clock is corrected by the server's, once for each request")
    func clockSkew() async throws {
      let wallTime = Duration.seconds(1_700_000_000)
      @Sendable func skewed(_ request: HTTPRequest, _ bucket: Bucket, isLearned: Bool) -> HTTPResponse? {
        // Two hours on.
        if isLearned, request.headers["x-amz-date"]?.hasPrefix("20231115T0013") == true { return nil }
        var response = Bucket.failure(403, "RequestTimeTooSkewed")
        response.headers.add("Date", "Wed, 15 Nov 2023 00:13:20 GMT")
        return response
      }
      let context = Context(.manual(wallStart: wallTime))
      let mended = Bucket(.ignored) { request, bucket throws(DriverError) in skewed(request, bucket, isLearned: true) }
      let client = mended.client
      let driver = mended.driver(client: client)
      _ = try await driver.put(Record([1]), at: key, in: context)
      #expect(client.requests.count == 2)
      #expect(try await driver.get(key, in: context)?.bytes == [1])
      #expect(client.requests.count == 3)
      let stubborn = Bucket(.ignored) { request, bucket throws(DriverError) in skewed(request, bucket, isLearned: false)
      }
      let other = stubborn.client
      let error = await #expect(throws: DriverError.self) {
        try await stubborn.driver(client: other).put(Record([1]), at: key, in: context)
      }
      #expect(error?.code == .denied && other.requests.count == 2)
    }

    @Test("Credentials whose session is over are asked for again, once for each request")
    func refresh() async throws {
      let asked = Mutex(0)
      let source = S3Driver.CredentialSource.refreshed { () throws(DriverError) in
        let number = asked.withLock { count in
          count += 1
          return count
        }
        return S3Credentials(
          accessKeyID: "ID\(number)", secretAccessKey: Secret("geheim"), sessionToken: Secret("token-\(number)"))
      }
      let bucket = Bucket(.ignored) { request, _ throws(DriverError) in
        request.headers["x-amz-security-token"] == "token-1" ? Bucket.failure(400, "ExpiredToken") : nil
      }
      let client = bucket.client
      let driver = bucket.driver(credentials: source, client: client)
      _ = try await driver.put(Record([1]), at: key, in: context)
      _ = try await driver.put(Record([2]), at: key, in: context)
      #expect(asked.withLock { $0 } == 2 && client.requests.count == 3)
      #expect(
        client.requests.allSatisfy { !"\($0.headers)".contains("token-") && !"\($0.headers)".contains("Signature=") })
      let never = Bucket(.ignored) { _, _ throws(DriverError) in Bucket.failure(400, "ExpiredToken") }
      let error = await #expect(throws: DriverError.self) {
        try await never.driver(credentials: source).get(key, in: context)
      }
      #expect(error?.code == .denied && asked.withLock { $0 } == 4)
    }

    @Test("A call brings its own credentials, or is told that it has none")
    func credentialsOfCalls() async throws {
      let driver = Bucket().driver(credentials: .ofCall)
      let without = await #expect(throws: DriverError.self) { try await driver.get(key, in: context) }
      #expect(without?.code == .denied && without?.message.contains("'s3'") == true)
      for text in ["geheim", "geheim ", " geheim", "id geheim ", "id geheim token more", "gé heim"] {
        var credentials = Credentials()
        credentials["s3"] = Secret(text)
        let call = Context(.manual(), options: CallOptions(credentials: credentials))
        let error = await #expect(throws: DriverError.self) { try await driver.get(key, in: call) }
        #expect(error?.code == .denied && "\(error!)".contains("heim") == false)
      }
      var credentials = Credentials()
      credentials["s3"] = Secret("te:st geheim:x token")
      let call = Context(.manual(), options: CallOptions(credentials: credentials))
      #expect(try await driver.get(key, in: call) == nil)
    }

    @Test("Neither outline nor errors nor addresses show a secret")
    func secrets() async throws {
      let driver = Bucket().driver(prefix: "p")
      let url = try #require(driver.url(for: key))
      #expect(url.string == "https://x/b/p/mutable/alice")
      #expect(!"\(driver.outline)\(driver)\(url)".contains("geheim"))
      let wrong = S3Driver(bucket: "b", endpoint: "https://user:geheim@x", client: Bucket().client)
      #expect(!"\(wrong.outline)\(wrong.outline.remarks)".contains("geheim"))
    }

    @Test("What is wrong with the place is found when the tree is composed")
    func composition() throws {
      let wrong = S3Driver(bucket: "a/b", name: "s3", client: Bucket().client)
      let error = #expect(throws: CompositionError.self) { try Strategy("t") { wrong } }
      #expect("\(error!)".contains("'a/b' is no name of a bucket"))
      let plain = S3Driver(bucket: "b", endpoint: "http://storage.example", client: Bucket().client)
      #expect(plain.outline.remarks.map(\.severity) == [.warning])
      let local = S3Driver(bucket: "b", endpoint: "http://127.0.0.1:9", client: Bucket().client)
      #expect(local.outline.remarks.isEmpty)
    }

    @Test("An id that S3 has no room for is refused before anything is sent")
    func longIDs() async throws {
      let bucket = Bucket()
      let client = bucket.client
      let driver = bucket.driver(client: client)
      let long = Key.mutable(try DataID(String(repeating: "é", count: 200)))
      let error = await #expect(throws: DriverError.self) { try await driver.put(Record([1]), at: long, in: context) }
      #expect(error?.code == .invalidKey && error?.effect == .unchanged && error?.message.contains("1024") == true)
      #expect(client.requests.isEmpty && driver.url(for: long) == nil)
      let large = S3Driver(bucket: "b", name: "s3", credentials: .ofCall, maximumByteCount: 3, client: client)
      let tooLarge = await #expect(throws: DriverError.self) {
        _ = try await large.put(Record([1, 2, 3, 4]), at: key, in: context)
      }
      #expect(tooLarge?.code == .tooLarge && client.requests.isEmpty)
    }

    // R2
    @Test("A damaged copy is corrupt to read, and can be overwritten and deleted")
    func damage() async throws {
      let bucket = Bucket()
      let driver = bucket.driver()
      let record = Record([1, 2, 3], stamp: Stamp(time: 5, writer: 6))
      _ = try await driver.put(record, at: key, in: context)
      #expect(try await driver.get(key, in: context) == record)
      bucket["mutable/alice"]?.bytes = [1, 2, 4]
      #expect(await #expect(throws: DriverError.self) { try await driver.get(key, in: context) }?.code == .corrupt)
      bucket["mutable/alice"]?.bytes = [1, 2]
      #expect(await #expect(throws: DriverError.self) { try await driver.stat(key, in: context) }?.code == .corrupt)
      #expect(try await driver.delete(key, proof: nil, in: context).result.description == "deleted")
      _ = try await driver.put(record, at: key, in: context)
      #expect(try await driver.get(key, in: context) == record)
    }

    // R15: a server that forgets metadata, and a copy made by a tool that drops it, bring nothing back.
    @Test("A tombstone that lost its metadata is a tombstone")
    func forgetfulness() async throws {
      let bucket = Bucket()
      let driver = bucket.driver()
      let tombstone = Record.tombstone(stamp: Stamp(time: 5, writer: 6))
      _ = try await driver.put(tombstone, at: key, in: context)
      bucket["mutable/alice"]?.fields = []
      #expect(try await driver.get(key, in: context) == tombstone)
      #expect(try await driver.stat(key, in: context)?.isTombstone == true)
      let careful = bucket.driver(stamps: .envelope)
      let record = Record([1, 2, 3], stamp: Stamp(time: 7, writer: 6))
      _ = try await careful.put(record, at: key, in: context)
      #expect(bucket["mutable/alice"]?.fields.isEmpty == true)
      #expect(try await driver.get(key, in: context) == record)
    }

    @Test("A record carries the tag and the time of its object")
    func facts() async throws {
      let driver = Bucket(.ignored) { _, _ throws(DriverError) in
        HTTPResponse(200, headers: ["ETag": "\"5d41\"", "Last-Modified": "Mon, 23 Nov 2026 03:59:22 GMT"], body: [1])
      }.driver()
      let facts = try await driver.get(key, in: context)?.facts
      #expect(facts == StoreFacts(entityTag: "\"5d41\"", lastModified: .seconds(1_795_406_362)))
    }
  }
#endif
