#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  @testable import MetaDriverS3
  import ServerSupport
  import TestSupport
  import Testing
  private import Synchronization

  @Suite struct S3ListingTests {
    private let context = Context(.manual())

    /// A driver of a bucket that has one byte in every object, and lists its names in this order.
    private func driver(listing names: [String], pageLimit: Int = 1_000, ignoresPlace: Bool = false) -> S3Driver {
      Bucket(.ignored) { request, _ throws(DriverError) in
        guard request.url.contains("list-type=2") else {
          return HTTPResponse(206, headers: ["ETag": "\"1\"", "Content-Range": "bytes 0-0/1"], body: [1])
        }
        func value(_ name: String) -> String? {
          request.url.split(separator: "?")[1].split(separator: "&").first { $0.hasPrefix("\(name)=") }
            .map { String($0.dropFirst(name.count + 1)).replacing("%2F", with: "/") }
        }
        let prefix = value("prefix") ?? ""
        let after = ignoresPlace ? nil : value("start-after")
        let rest = names.filter { $0.hasPrefix(prefix) && $0 > after ?? "" }
        let limit = min(pageLimit, value("max-keys").flatMap { Int($0) } ?? 1_000)
        let contents = rest.prefix(limit).map { "<Contents><Key>\($0)</Key><Size>1</Size></Contents>" }.joined()
        let isTruncated = "<IsTruncated>\(rest.count > limit)</IsTruncated>"
        return HTTPResponse(200, body: Array("<ListBucketResult>\(isTruncated)\(contents)</ListBucketResult>".utf8))
      }.driver(prefix: "p")
    }

    private func keys(_ driver: S3Driver, limit: Int) async throws -> [String] {
      var names: [String] = []
      var cursor: Cursor?
      repeat {
        let page = try await driver.list(ListRequest(after: cursor, limit: limit), in: context)
        names += page.entries.map(\.key.name)
        cursor = page.next
      } while cursor != nil
      return names
    }

    // A49, R30
    @Test("Foreign objects are left out, however the pages fall", arguments: [1, 2, 3, 1_000], [1, 2, 7, 1_000])
    func foreign(limit: Int, pageLimit: Int) async throws {
      let names = ["!", "a", "a.2fb", "a/b", "b", "b!", "c/", "d"].map { "p/mutable/\($0)" }
      let driver = driver(listing: (names + ["p/probe/1", "q"]).sorted(), pageLimit: pageLimit)
      #expect(try await keys(driver, limit: limit) == ["a", "a/b", "b", "d"])
    }

    // B1: never a listing that is short without a word.
    @Test("A server that lists out of order is found out")
    func disorder() async throws {
      for driver in [
        driver(listing: ["p/mutable/b", "p/mutable/a"]),
        driver(listing: ["p/mutable/a", "p/mutable/b"], ignoresPlace: true),
      ] {
        let error = await #expect(throws: DriverError.self) { try await keys(driver, limit: 1) }
        #expect(error?.code == .unsupported && error?.message.contains("out of order") == true)
      }
    }

    @Test(
      "A page that is no page, or says that it goes on with nothing, is an error",
      arguments: [
        "<html></html>", "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>", "",
      ])
    func unusable(body: String) async throws {
      let driver = Bucket(.ignored) { _, _ throws(DriverError) in HTTPResponse(200, body: Array(body.utf8)) }.driver()
      let error = await #expect(throws: DriverError.self) { try await driver.list(ListRequest(), in: context) }
      #expect(error?.code == .unavailable && error?.effect == .unchanged)
    }

    @Test("One entry that cannot be looked at is listed in doubt, one that is gone is not, and a damaged one is")
    func entries() async throws {
      let answers = Mutex<HTTPResponse>(HTTPResponse(200))
      let list =
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>mutable/a</Key><Size>9</Size></Contents></ListBucketResult>"
      let driver = Bucket(.ignored) { request, _ throws(DriverError) in
        request.url.contains("list-type") ? HTTPResponse(200, body: Array(list.utf8)) : answers.withLock { $0 }
      }.driver()
      for (status, code) in [(500, "InternalError"), (403, "AccessDenied"), (403, "InvalidObjectState")] {
        answers.withLock { $0 = Bucket.failure(status, code) }
        #expect(
          try await driver.list(ListRequest(), in: context).entries == [.init("a", Stat(byteCount: 9))], "\(code)")
      }
      answers.withLock { $0 = Bucket.failure(404, "NoSuchKey") }
      #expect(try await driver.list(ListRequest(), in: context) == Page([], next: nil))
      answers.withLock { $0 = HTTPResponse(200, headers: ["ETag": "\"1\"", S3Fields.name: "torn"], body: [1]) }
      #expect(try await driver.list(ListRequest(), in: context).entries == [.init("a", Stat(byteCount: 9))])
    }

    @Test("Where nothing can be looked at, the server is to blame, and the page fails")
    func nothing() async throws {
      let list =
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>mutable/a</Key><Size>9</Size></Contents>"
        + "<Contents><Key>mutable/b</Key><Size>9</Size></Contents></ListBucketResult>"
      let driver = Bucket(.ignored) { request, _ throws(DriverError) in
        request.url.contains("list-type")
          ? HTTPResponse(200, body: Array(list.utf8)) : Bucket.failure(500, "InternalError")
      }.driver()
      let error = await #expect(throws: DriverError.self) { try await driver.list(ListRequest(), in: context) }
      #expect(error?.code == .unavailable && error?.effect == .unchanged)
    }

    @Test("An archived object is described by its metadata, and a get says what to do")
    func archived() async throws {
      let content = S3Content(Record([1, 2, 3], stamp: Stamp(time: 5, writer: 1)), of: "a", stamps: .metadata)
      let fields = try #require(content.headers.first { $0.0 == S3Fields.name })
      let driver = Bucket(.ignored) { request, _ throws(DriverError) in
        request.method == "HEAD"
          ? HTTPResponse(200, headers: ["ETag": "\"1\"", "Content-Length": "3", fields.0: fields.1])
          : Bucket.failure(403, "InvalidObjectState")
      }.driver()
      #expect(try await driver.stat("a", in: context) == Stat(byteCount: 3, stamp: Stamp(time: 5, writer: 1)))
      let error = await #expect(throws: DriverError.self) { try await driver.get("a", in: context) }
      #expect(error?.code == .unavailable && error?.message.contains("restore it") == true)
    }
  }
#endif
