#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  @testable import MetaDriverS3
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

    private static func name(_ key: Key) -> String { "p/\(S3Key.path(of: key))" }

    private static func object(_ record: Record, of key: Key) -> ModelBucket.Object {
      let content = S3Content(record, of: key, stamps: .metadata)
      return ModelBucket.Object(
        bytes: Array(content.body),
        fields: content.headers.filter { $0.0.hasPrefix("x-amz-meta-") }.map { "\($0.0): \($0.1)" })
    }

    private static func bucket(_ change: (inout ModelBucket.State) -> Void = { _ in }) -> ModelBucket {
      ModelBucket { state in
        for (key, record) in stored { state.objects[name(key)] = object(record, of: key) }
        change(&state)
      }
    }

    private func driver(_ client: any HTTPClient, multipartThreshold: Int = 16 << 20) -> S3Driver {
      S3Driver(
        bucket: "b", name: "s3", region: "us-east-1", endpoint: "https://x", prefix: "p/",
        credentials: .fixed(
          S3Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret(HostileReply.secret))),
        multipartThreshold: multipartThreshold, client: client)
    }

    /// Replies by which an S3 server says what would be untrue here: nobody could tell.
    private static func isKnown(_ request: HTTPRequest, _ reply: HostileReply) -> Bool {
      request.method == "DELETE" && reply.status == 204
        || reply.description == "no bytes" && request.headers["range"] == nil
    }

    private static let codes: [HostileReply] = [
      (400, "InvalidRequest"), (400, "InvalidArgument"), (400, "ExpiredToken"), (403, "AccessDenied"),
      (403, "InvalidObjectState"), (403, "RequestTimeTooSkewed"), (403, "SignatureDoesNotMatch"),
      (409, "OperationAborted"),
      (411, "MissingContentLength"), (412, "PreconditionFailed"), (500, "InternalError"), (500, "UnknownError"),
      (501, "NotImplemented"), (503, "SlowDown"), (507, "QuotaExceeded"),
    ].map { (status: Int, code: String) in
      HostileReply("\(status) \(code)", isRefusal: status != 500 && status != 503, status: status, words: code) {
        _, _ in
        HTTPResponse(
          status,
          headers: [
            "Content-Type": "application/xml", "x-amz-request-id": "1", "Date": "Thu, 01 Jan 2026 00:00:00 GMT",
          ],
          body: Array("<Error><Code>\(code)</Code><Message>no</Message></Error>".utf8))
      }
    }

    private static let listings: [HostileReply] = [
      HostileReply("an empty page of more", isLegal: true) { request, own in
        guard request.url.contains("list-type=2"), !request.url.contains("continuation-token") else { return own }
        let after =
          request.url.firstMatch(of: /start-after=([^&]*)/).flatMap { PercentEncoding.decode($0.output.1) } ?? "!"
        return HTTPResponse(
          200, headers: own.headers,
          body: Array(
            "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>\(after)</NextContinuationToken></ListBucketResult>"
              .utf8))
      }
    ]

    @Test func `Whatever one reply is, what the driver says is true`() async throws {
      let context = Context(.leaping())
      var matrix = HostileMatrix(
        HostileReply.pages
          + HostileReply.changes.filter { $0.description != "no entity tag" && !$0.description.contains("length") }
          + Self.codes + Self.listings + HostileReply.ranges { Self.bucket().bytes($0) },
        server: { Self.bucket() }, answer: { $0.answer($1) }, data: \.objects)
      for key in ["alice", "bob", "dead", "none"] as [Key] {
        await matrix.run("get of \(key)", isKnown: Self.isKnown) { client, _ throws(DriverError) in
          var record = try await driver(client).get(key, in: context)
          record?.facts = nil
          return record == Self.stored[key] ? nil : "it gave \(String(describing: record))"
        }
        await matrix.run("stat of \(key)", isKnown: Self.isKnown) { client, _ throws(DriverError) in
          let stat = try await driver(client).stat(key, in: context)
          return stat == Self.stored[key].map(Stat.init(of:)) ? nil : "it gave \(String(describing: stat))"
        }
        let record = Record([UInt8](repeating: 9, count: 100), stamp: Stamp(time: 9, writer: 1))
        for threshold in [1 << 20, 50] {
          await matrix.run("put of \(key), \(threshold)", isKnown: Self.isKnown) { client, bucket throws(DriverError) in
            let receipt = try await driver(client, multipartThreshold: threshold).put(record, at: key, in: context)
            return bucket.objects[Self.name(key)] == Self.object(record, of: key)
              ? nil : "\(receipt), and it is not held"
          }
        }
        await matrix.run("delete of \(key)", isKnown: Self.isKnown) { client, bucket throws(DriverError) in
          let receipt = try await driver(client).delete(key, proof: nil, in: context)
          return bucket.objects[Self.name(key)] == nil ? nil : "\(receipt), and it is still there"
        }
      }
      await matrix.run("list", isKnown: Self.isKnown) { client, _ throws(DriverError) in
        let page = try await driver(client).list(ListRequest(), in: context)
        return page.entries.map(\.key) == Self.stored.keys.sorted() || !page.isComplete ? nil : "it listed \(page)"
      }
      print("S3: \(matrix.count) cells, \(matrix.wrong.count) wrong")
      #expect(matrix.count > 5_000)
      for problem in matrix.wrong.prefix(20) { Issue.record("\(problem)") }
      #expect(matrix.wrong.isEmpty)
    }

    @Test func `A server that forgets what an upload was begun with is found out`() async throws {
      let bucket = Self.bucket { $0.forgetsFields = true }
      let client = HostileClient { bucket.answer($0) }
      let record = Record([UInt8](repeating: 9, count: 100), stamp: Stamp(time: 9, writer: 1))
      let error = await #expect(throws: DriverError.self) {
        try await driver(client, multipartThreshold: 50).put(record, at: "new", in: Context(.leaping()))
      }
      #expect(error?.code == .unsupported && error?.effect == .unknown)
      #expect(error?.message.contains("stamps: .envelope") == true)
    }

    @Test(
      "A bucket that wants a checksum gets one, and a server that knows none is asked without",
      arguments: [1 << 20, 50])
    func checksums(threshold: Int) async throws {
      let isWanted = { @Sendable (request: HTTPRequest) -> Bool in
        let isUpload = request.method == "PUT" || request.method == "POST" && request.url.hasSuffix("?uploads=")
        return isUpload
      }
      for demands in [true, false] {
        let bucket = Self.bucket { state in
          state.oddity = { request in
            let has = request.headers.fields.contains { $0.name.hasPrefix("x-amz-checksum-") }
            guard isWanted(request), has != demands else { return nil }
            return HTTPResponse(
              400, body: Array("<Error><Code>Invalid\(demands ? "Request" : "Argument")</Code></Error>".utf8))
          }
        }
        let client = HostileClient { bucket.answer($0) }
        let driver = driver(client, multipartThreshold: threshold)
        let record = Record([UInt8](repeating: 9, count: 100), stamp: Stamp(time: 9, writer: 1))
        for key in ["one", "two"] as [Key] {
          _ = try await driver.put(record, at: key, in: Context(.leaping()))
          #expect(bucket.objects[Self.name(key)] == Self.object(record, of: key))
        }
      }
    }
  }
#endif
