#if HTTP
  import MetaDriver
  @testable import MetaDriverHTTP
  import ServerSupport
  import Testing

  @Suite(.enabled(if: Server.isThere("nginx"), "needs nginx: Tests/run starts it"), .timeLimit(.minutes(5)))
  struct CurlClientTests {
    private let server: Server
    private let authorization: Secret
    private let client = CurlClient()

    init() throws {
      server = try Server("nginx")
      authorization = Secret("Basic \(base64("\(server.fact("user")):\(server.fact("password"))"))")
    }

    private func request(_ method: String, _ name: String, body: HTTPBody? = nil) -> HTTPRequest {
      var request = HTTPRequest(method, "\(server.url)/dav/\(name)", body: body)
      request.headers.add("Authorization", secret: authorization)
      return request
    }

    @Test("What was put comes back, whatever its size", arguments: [0, 1, 1_024, 40_000, 1 << 20, 9 << 20])
    func sizes(count: Int) async throws {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
      let name = "curl-size-\(count)"
      #expect(try await client.send(request("PUT", name, body: .bytes(bytes)), in: Context()).isSuccess)
      let response = try await client.send(request("GET", name), in: Context())
      #expect(response.status == 200)
      #expect(response.body == bytes)
      #expect(response.headers["content-length"] == "\(count)")
      #expect(try await client.send(request("DELETE", name), in: Context()).status == 204)
      #expect(try await client.send(request("GET", name), in: Context()).status == 404)
    }
  }

  private func base64(_ text: String) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var (written, bytes) = ("", Array(text.utf8)[...])
    while !bytes.isEmpty {
      let group = bytes.prefix(3)
      bytes = bytes.dropFirst(3)
      let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0...3 { written.append(place <= group.count ? digits[word >> (18 - 6 * place) & 63] : "=") }
    }
    return written
  }
#endif
