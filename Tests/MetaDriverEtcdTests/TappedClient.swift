#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  private import Synchronization

  /// A client that keeps who was asked, and whether there was an answer.
  final class TappedClient: HTTPClient {
    struct Exchange {
      let url: String
      /// Whether the member did what it was asked.
      let isAnswered: Bool
    }

    private let client = CurlClient()
    private let log = Mutex<[Exchange]>([])

    /// What was asked so far.
    var exchanges: [Exchange] { log.withLock { $0 } }

    func send(_ request: HTTPRequest, in context: Context) async throws(DriverError) -> HTTPResponse {
      do throws(DriverError) {
        let response = try await client.send(request, in: context)
        log.withLock { $0.append(Exchange(url: request.url, isAnswered: response.isSuccess)) }
        return response
      } catch {
        log.withLock { $0.append(Exchange(url: request.url, isAnswered: false)) }
        throw error
      }
    }
  }
#endif
