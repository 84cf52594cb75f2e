#if HTTP
  import MetaDriver
  @testable import MetaDriverHTTP
  import Testing

  struct RedirectTests {
    private func request(_ method: String = "GET", body: HTTPBody? = nil) -> HTTPRequest {
      var request = HTTPRequest(
        method, "https://a.example/x/y?q=1", headers: ["Accept": "*/*"], body: body, redirects: .followed(atMost: 3))
      request.headers.add("Authorization", secret: Secret("s3cret"))
      return request
    }

    private func next(_ request: HTTPRequest, _ location: String?, status: Int = 302, count: Int = 0)
      throws(DriverError)
      -> HTTPRequest?
    { try Redirect.next(request, after: count, status: status, location: location) }

    @Test(
      "Relative addresses are resolved as RFC 3986 says",
      arguments: [
        ("z", "https://a.example/x/z"), ("../z", "https://a.example/z"), ("/z", "https://a.example/z"),
        ("?r", "https://a.example/x/y?r"), ("//b.example/z", "https://b.example/z"),
        ("/a b", "https://a.example/a%20b"),
        ("https://b.example/z#part", "https://b.example/z"), ("https://user:pw@b.example/z", "https://b.example/z"),
      ])
    func addresses(location: String, url: String) throws { #expect(try next(request(), location)?.url == url) }

    @Test("Secrets stay with the host and port they were meant for")
    func secrets() throws {
      for location in ["/z", "https://A.example/z", "https://a.example:443/z"] {
        #expect(try next(request(), location)?.headers["Authorization"] == "s3cret", "\(location)")
      }
      for location in ["https://b.example/z", "https://a.example:8443/z", "https://a.example.evil.example/"] {
        let next = try next(request(), location)
        #expect(next?.headers["Authorization"] == nil, "\(location)")
        #expect(next?.headers["Accept"] == "*/*")
      }
    }

    @Test(
      "Another scheme is refused",
      arguments: [
        "http://a.example/z", "file:///etc/passwd", "ftp://a.example/z", "gopher://a.example/_x", "javascript:1",
      ])
    func schemes(location: String) throws {
      let error = try #require(throws: DriverError.self) { try next(request(), location) }
      #expect(error.code == .unavailable && error.effect == .unchanged && !error.isRetryable, "\(error)")
      #expect(!error.description.contains("s3cret"))
    }

    @Test("Statuses and replies that lead nowhere are the answer")
    func answers() throws {
      for status in [200, 300, 304, 305, 404] { #expect(try next(request(), "/z", status: status) == nil) }
      #expect(try next(request(), nil) == nil)
      var refusing = request()
      refusing.redirects = .refused
      #expect(try next(refusing, "/z") == nil)
    }

    @Test("The method and the body stay, but for 303")
    func methods() throws {
      for status in [301, 302, 307, 308] {
        let next = try #require(try next(request("PUT", body: .bytes([1])), "/z", status: status))
        #expect(next.method == "PUT" && next.body != nil && !next.isRead)
      }
      let other = try #require(try next(request("PUT", body: .bytes([1])), "/z", status: 303))
      #expect(other.method == "GET" && other.body == nil && other.isRead)
      #expect(try next(request("HEAD"), "/z", status: 303)?.method == "HEAD")
    }

    @Test("A streamed body is not sent twice")
    func streams() {
      let streaming = request("PUT", body: .stream(byteCount: 1, next: { () throws(DriverError) in nil }))
      #expect(throws: DriverError.self) { try next(streaming, "/z", status: 307) }
    }

    @Test("There are only so many")
    func limit() throws {
      #expect(try next(request(), "/z", count: 2) != nil)
      let error = try #require(throws: DriverError.self) { try next(request(), "/z", count: 3) }
      #expect(error.message.contains("3 times"))
    }
  }
#endif
