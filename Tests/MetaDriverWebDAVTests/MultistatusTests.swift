#if HTTP
  private import Foundation
  import MetaDriver
  import MetaDriverHTTP
  import MetaDriverTesting
  @testable import MetaDriverWebDAV
  import ServerSupport
  import Testing

  @Suite struct MultistatusTests {
    private static let samples = [
      """
      <?xml version="1.0" encoding="utf-8" ?>
      <D:multistatus xmlns:D="DAV:"><D:response><D:href>/dav/q/</D:href><D:propstat><D:prop>
      <D:getlastmodified>Mon, 23 Nov 2026 03:53:15 GMT</D:getlastmodified>
      <D:resourcetype><D:collection/></D:resourcetype></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>
      </D:response><D:response><D:href>/dav/q/a%3d2f</D:href><D:propstat><D:prop><D:resourcetype></D:resourcetype></D:prop>
      <D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>
      """,
      """
      <multistatus xmlns="DAV:" xmlns:x="urn:other"><response><href>http://h:1/q/</href><propstat><prop><resourcetype>
      <collection/></resourcetype><x:resourcetype><x:collection/></x:resourcetype></prop><status>HTTP/1.1 200 OK</status>
      </propstat><propstat><prop><getlastmodified></getlastmodified></prop><status>HTTP/1.1 404 Not Found</status></propstat>
      </response><response><href>/q/b</href><status>HTTP/1.1 507 Insufficient Storage</status></response></multistatus>
      """,
    ]

    @Test("Two servers' answers are read")
    func samples() throws {
      #expect(
        try Multistatus(decoding: Array(Self.samples[0].utf8)).resources == [
          Multistatus.Resource(href: "/dav/q/", isCollection: true, lastModified: "Mon, 23 Nov 2026 03:53:15 GMT"),
          Multistatus.Resource(href: "/dav/q/a%3d2f"),
        ])
      #expect(
        try Multistatus(decoding: Array(Self.samples[1].utf8)).resources == [
          Multistatus.Resource(href: "http://h:1/q/", isCollection: true),
          Multistatus.Resource(href: "/q/b", status: 507),
        ])
    }

    @Test(
      "What is no answer of WebDAV's is refused",
      arguments: [
        "", "nonsense", "<html><body>login</body></html>", "<multistatus/>", "<multistatus xmlns='urn:other'/>",
        "<multistatus xmlns='DAV:'>", "<multistatus xmlns='DAV:'><response><href>/a</href></response>",
        "<multistatus xmlns='DAV:'></multistatus>x", "<?xml?><multistatus xmlns='DAV:'></multistatus>",
        "<?xml version='1.0'?><multistatus xmlns='DAV:'><?a?></multistatus>",
        "<?xml version='1.0' encoding='utf-16'?><multistatus xmlns='DAV:'></multistatus>",
        "<!DOCTYPE m [<!ENTITY a 'b'>]><multistatus xmlns='DAV:'/>",
        "<?xml version='1.0'?><!doctype m SYSTEM 'file:///etc/passwd'><multistatus xmlns='DAV:'/>", "\u{0}",
        "<multistatus xmlns='DAV:'>" + String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100)
          + "</multistatus>",
        "<multistatus xmlns='DAV:'><response><href>" + String(repeating: "a", count: 100_000)
          + "</href></response></multistatus>",
      ])
    func refused(text: String) {
      let error = #expect(throws: DriverError.self) { try Multistatus(decoding: Array(text.utf8)) }
      #expect(error?.code == .unavailable)
      #expect(error?.effect == .unchanged)
    }

    @Test("Bytes that are no text are refused before the parser has them")
    func bytes() {
      for encoding in ["", " encoding='utf-8'", " encoding='iso-8859-1'"] {
        let body = Array("<?xml version='1.0'\(encoding)?><multistatus xmlns='DAV:'><r".utf8) + [0xe9]
        #expect(throws: DriverError.self) { try Multistatus(decoding: body + Array("/></multistatus>".utf8)) }
      }
    }

    @Test("An entity that stands for itself many times over expands to nothing")
    func entities() {
      let bomb = """
        <!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
        <multistatus xmlns="DAV:"><response><href>&c;</href></response></multistatus>
        """
      #expect(throws: DriverError.self) { try Multistatus(decoding: Array(bomb.utf8)) }
      let unknown = "<multistatus xmlns='DAV:'><response><href>/a&b;</href></response></multistatus>"
      #expect(throws: DriverError.self) { try Multistatus(decoding: Array(unknown.utf8)) }
      let known = "<multistatus xmlns='DAV:'><response><href>/a&amp;b&#x43;</href></response></multistatus>"
      #expect((try? Multistatus(decoding: Array(known.utf8)).resources.map(\.href)) == ["/a&bC"])
    }

    @Test(
      "An address of the answer leads back to a path, however it is written",
      arguments: [
        ("/dav/store/mutable/5b/a=2fb", "mutable/5b/a=2fb"), ("/dav/store/mutable/5b/a%3D2fb", "mutable/5b/a=2fb"),
        ("https://other:1/dav/store/mutable/5b/", "mutable/5b"), ("/dav%2Fstore/mutable", "mutable"),
        ("x", "mutable/x"),
        ("/dav/store/a+/b", "a+/b"), ("/dav/store/a%2B/b", "a+/b"), ("/dav/store/mutable?a#b", "mutable"),
        ("/dav/store", nil), ("/dav/stores/x", nil), ("/other/mutable", nil), ("/dav/store/%zz", nil), ("", nil),
        ("/dav/store/%ff", nil),
      ] as [(String, String?)])
    func addresses(href: String, path: String?) throws {
      let base = try HTTPAddress("http://host:8080/dav/store/")
      #expect(base.path(of: href, in: "mutable") == path)
    }

    @Test("No answer that a server could give is worse than one that is not understood")
    func fuzz() throws {
      let seed = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
      print("SEED=\(seed)")
      var generator = SeededGenerator(seed: seed)
      let base = try HTTPAddress("http://h:1/q")
      let fuzzer = AnswerFuzzer(
        samples: Self.samples.map { Array($0.utf8) },
        words: [
          "<", ">", "</", "/>", "&", "&amp;", "&#0;", "&#xd800;", "&a;", "<!--", "-->", "<![CDATA[", "]]>", "<?x ?>",
          "<!DOCTYPE a>", "xmlns:D=\"DAV:\"", "<D:response>", "</D:response>", "%", "%ff", "\u{feff}", "\"",
        ])
      var count = 0
      for _ in 0..<AnswerFuzzer.count {
        let body = fuzzer.next(using: &generator)
        do throws(DriverError) {
          let resources = try Multistatus(decoding: body).resources
          count += resources.count
          for resource in resources { _ = base.path(of: resource.href, in: "mutable") }
        } catch { if error.code != .unavailable { Issue.record("\(error)") } }
      }
      #expect(count > 0)
    }
  }
#endif
