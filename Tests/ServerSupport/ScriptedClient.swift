#if HTTP
  public import MetaDriver
  public import MetaDriverHTTP
  private import Synchronization

  /// An HTTP client that asks a closure instead of a network, and keeps what was asked.
  public final class ScriptedClient: HTTPClient {
    private let answer: @Sendable (HTTPRequest) async throws(DriverError) -> HTTPResponse
    private let sent = Mutex<[HTTPRequest]>([])

    /// Makes a client of what answers.
    public init(_ answer: @escaping @Sendable (HTTPRequest) async throws(DriverError) -> HTTPResponse) {
      self.answer = answer
    }

    /// The requests so far.
    public var requests: [HTTPRequest] { sent.withLock { $0 } }

    /// Asks the closure.
    public func send(_ request: HTTPRequest, in context: Context) async throws(DriverError) -> HTTPResponse {
      sent.withLock { $0.append(request) }
      return try await answer(request)
    }
  }
#endif
