#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  import ServerSupport
  import TestSupport
  import Testing
  private import Synchronization

  @Suite struct RepeatingClientTests {
    private static let failed = Bucket.failure(500, "InternalError")

    private func statuses(
      _ method: String, _ replies: [HTTPResponse]
    ) async throws -> (answer: Int, requestCount: Int) {
      let left = Mutex(replies)
      let scripted = ScriptedClient { _ in left.withLock { $0.isEmpty ? Self.failed : $0.removeFirst() } }
      let request = HTTPRequest(method, "https://x/b/k", body: .bytes([1]))
      let response = try await RepeatingClient(client: scripted).send(request, in: Context(.leaping()))
      return (response.status, scripted.requests.count)
    }

    @Test("A put that the server failed by itself is sent again, and not for ever")
    func puts() async throws {
      #expect(try await statuses("PUT", [Self.failed, Self.failed, HTTPResponse(200)]) == (200, 3))
      #expect(try await statuses("PUT", []) == (500, RepeatingClient.limit))
    }

    @Test("Nothing else is sent again")
    func others() async throws {
      #expect(try await statuses("DELETE", [Self.failed, HTTPResponse(204)]) == (500, 1))
      for reply in [
        Bucket.failure(500, "UnknownError"), Bucket.failure(503, "InternalError"), Bucket.failure(404, "NoSuchKey"),
        HTTPResponse(500),
      ] { #expect(try await statuses("PUT", [reply, HTTPResponse(200)]) == (reply.status, 1)) }
    }
  }
#endif
