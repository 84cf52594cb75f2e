import MetaDriver
import Testing

@Suite struct StorageURLTests {
  private func error(_ text: String) -> DriverError? {
    do throws(DriverError) {
      _ = try StorageURL(text)
      return nil
    } catch { return error }
  }

  @Test(
    "A URL is kept as it was given, and its scheme is lowered",
    arguments: [
      ("https://alice.example/profile", "https"), ("HTTPS://Alice.example/a?b#c", "https"), ("urn:isbn:1", "urn"),
      ("a+b-c.1:x", "a+b-c.1"), ("s3:", "s3"), ("https://é.example/%2F", "https"),
    ])
  func accepted(text: String, scheme: String) throws {
    let url = try StorageURL(text)
    #expect(url.string == text)
    #expect(url.scheme == scheme)
    #expect("\(url)" == text)
  }

  @Test(
    "Text without a scheme, or with a space or a control character, is unroutable",
    arguments: [
      "", ":", "://x", "alice", "alice/profile", "1a:x", "-a:x", "é:x", "a b:x", "https://a b", "https://a\n",
      "https://\0", "https://\u{7f}", "a_b:x", "\u{ff41}:x",
    ])
  func refused(text: String) {
    #expect(error(text)?.code == .unroutable)
    #expect(error(text)?.message.contains("is not a URL") == true)
  }

  @Test("A URL has at most 16384 bytes, and one with more is told so")
  func limit() {
    #expect(error("a:" + String(repeating: "x", count: 16_382)) == nil)
    let long = error("a:" + String(repeating: "x", count: 16_383))
    #expect(long?.code == .unroutable)
    #expect(long?.message.hasSuffix("has 16385 bytes, the limit is 16384") == true)
    #expect((long?.message.count ?? .max) < 200)
  }

  @Test("URLs are equal only when their bytes are")
  func equality() throws {
    let urls = try ["a:x", "A:x", "a:X", "a:\u{e9}", "a:e\u{301}", "a:%78"].map { try StorageURL($0) }
    #expect(Set(urls).count == urls.count)
    #expect(try Set(urls).contains(StorageURL("a:\u{e9}")))
  }
}
