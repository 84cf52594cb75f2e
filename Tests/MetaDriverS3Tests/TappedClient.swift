#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  private import Synchronization

  /// A client of one call, which keeps what was asked and what became of it.
  final class TappedClient: HTTPClient {
    struct Exchange {
      let request: HTTPRequest
      /// Why there was no reply; `nil` where there was one.
      let error: DriverError?

      /// Whether the request is the one that makes the write be seen: no part of an object, and nothing that only looks.
      var isCommit: Bool {
        switch request.method {
        case "PUT", "DELETE": !request.url.contains("uploadId=")
        case "POST": request.url.contains("uploadId=")
        default: false
        }
      }
    }

    private let client = CurlClient()
    private let log = Mutex<[Exchange]>([])

    /// What was asked so far.
    var exchanges: [Exchange] { log.withLock { $0 } }

    func close() async { await client.close() }

    func send(_ request: HTTPRequest, in context: Context) async throws(DriverError) -> HTTPResponse {
      do throws(DriverError) {
        let response = try await client.send(request, in: context)
        log.withLock { $0.append(Exchange(request: request, error: nil)) }
        return response
      } catch {
        log.withLock { $0.append(Exchange(request: request, error: error)) }
        throw error
      }
    }
  }
#endif
