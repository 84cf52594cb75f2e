#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  import MetaDriverTesting
  @testable import MetaDriverS3
  import ServerSupport
  import Testing

  @Suite struct S3DocumentTests {
    static let page = """
      <?xml version="1.0" encoding="UTF-8"?>
      <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>mutable/</Prefix>
      <KeyCount>2</KeyCount><MaxKeys>2</MaxKeys><IsTruncated>true</IsTruncated><Contents><Key>mutable/a</Key>
      <LastModified>2026-11-23T03:59:22.000Z</LastModified><ETag>&quot;5d41&quot;</ETag><Size>5</Size></Contents>
      <Contents><Key>mutable/b&#x26;</Key><Size> 7 </Size></Contents></ListBucketResult>
      """
    static let error = """
      <?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>geheim</Message><Key>k</Key><Region>eu-west-1</Region>
      <RequestId>1</RequestId><StringToSign>geheim</StringToSign></Error>
      """
    static let begun = "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"

    @Test("A page of a listing is read")
    func listing() throws {
      let page = try #require(S3Page(Array(Self.page.utf8)))
      #expect(page.isTruncated)
      #expect(page.objects == [.init(name: "mutable/a", byteCount: 5), .init(name: "mutable/b&", byteCount: 7)])
    }

    @Test("A page out of order, or of other objects, is found out")
    func order() {
      func page(_ names: String...) -> S3Page {
        var page = S3Page(Array(Self.page.utf8))!
        page.objects = names.map { S3Page.Object(name: $0, byteCount: 0) }
        return page
      }
      #expect(page("a1", "a2").isInOrder(after: "a0", prefix: "a"))
      #expect(page().isInOrder(after: nil, prefix: "a"))
      #expect(!page("a2", "a1").isInOrder(after: nil, prefix: "a"))
      #expect(!page("a1", "a1").isInOrder(after: nil, prefix: "a"))
      #expect(!page("a1").isInOrder(after: "a1", prefix: "a"))
      #expect(!page("b1").isInOrder(after: nil, prefix: "a"))
    }

    @Test(
      "What is no page of a listing is not read",
      arguments: [
        "", " ", "hello", "<html></html>", "<ListBucketResult/>",
        "<ListBucketResult><IsTruncated>maybe</IsTruncated></ListBucketResult>",
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Size>1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents></ListBucketResult>",
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><IsTruncated>false</IsTruncated>", "<Error><Code>x</Code></Error>",
      ])
    func noPage(text: String) { #expect(S3Page(Array(text.utf8)) == nil) }

    @Test("Entities, document types and depths without bound are refused")
    func attacks() {
      let laughs = (1...9).map { "<!ENTITY e\($0) \"&e\($0 - 1);&e\($0 - 1);&e\($0 - 1);&e\($0 - 1);&e\($0 - 1);\">" }
      for text in [
        "<!DOCTYPE Error [<!ENTITY e0 \"ha\">\(laughs.joined())]><Error><Code>&e9;</Code></Error>",
        "<!DOCTYPE Error [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Error><Code>&x;</Code></Error>",
        "<!DOCTYPE Error [<!ENTITY x \"NoSuchKey\">]><Error><Code>&x;</Code></Error>",
        "<!DOCTYPE Error [<!ELEMENT Error ANY>]><Error><Code>NoSuchKey</Code></Error>",
        "<Error><Code>&x;</Code></Error>",
        String(repeating: "<a>", count: 9) + String(repeating: "</a>", count: 9),
        String(repeating: "<a>", count: 100_000),
        "<a>" + String(repeating: "<b/>", count: 100_001) + "</a>",
      ] { #expect(S3Document.read(Array(text.utf8)) == nil, "\(text.prefix(60))") }
      let deep = String(repeating: "<a>", count: 8) + String(repeating: "</a>", count: 8)
      #expect(S3Document.read(Array(deep.utf8)) != nil)
    }

    @Test("Of an error's text only its code and region are taken, and only if they are words")
    func failures() {
      let failure = S3Failure(HTTPResponse(404, body: Array(Self.error.utf8)))
      #expect(failure.code == "NoSuchKey" && failure.region == "eu-west-1")
      let odd = "<Error><Code>No Such\nKey</Code><Region>\(String(repeating: "x", count: 65))</Region></Error>"
      let other = S3Failure(HTTPResponse(404, body: Array(odd.utf8)))
      #expect(other.code == nil && other.region == nil)
    }

    @Test("Whatever a server sends, it is read or refused, and every failure has an error")
    func fuzz() throws {
      let place = try S3Place(bucket: "b", region: "r", endpoint: "https://x", prefix: "", addressing: .path)
      var generator = SeededGenerator(seed: seed)
      let fuzzer = AnswerFuzzer(
        samples: [Self.page, Self.error, Self.begun].map { Array($0.utf8) },
        words: [
          "<", ">", "</", "/>", "&", "&amp;", "&#0;", "&#x10ffff;", "<!--", "-->", "<![CDATA[", "]]>", "<?xml?>",
          "<!DOCTYPE a [", "]>", "<!ENTITY a \"b\">", "<Error>", "<Code>", "\0", "\u{feff}", "xmlns:a='b'",
          "<?xml version=\"1.0\" encoding=\"UTF-16\"?>", "<?xml version=\"1.0\" encoding=\"EBCDIC\"?>",
        ])
      for number in 0..<AnswerFuzzer.count {
        let bytes = fuzzer.next(using: &generator)
        if let page = S3Page(bytes) { _ = page.isInOrder(after: nil, prefix: "mutable/") }
        let response = HTTPResponse([400, 403, 404, 412, 500, 503][number % 6], body: bytes)
        let error = S3Failure(response).error("get of 'a'", response, at: place, isRead: true, on: .shared)
        #expect(error.effect == .unchanged, "SEED=\(seed)")
      }
    }
  }
#endif
