#if HTTP
  public import MetaDriver
  public import MetaDriverHTTP
  private import Synchronization

  /// An HTTP client before a server in the same process, of which one reply is replaced.
  public final class HostileClient: HTTPClient {
    private struct State {
      var count = 0
      var replaced: HTTPResponse?
    }

    private let server: @Sendable (HTTPRequest) async throws(DriverError) -> HTTPResponse
    private let index: Int?
    private let reply: HostileReply?
    private let time: HostileReply.Time
    private let state = Mutex(State())

    /// Makes a client that replaces the reply to the request of that number, from 0.
    public init(
      replacing index: Int? = nil, by reply: HostileReply? = nil, _ time: HostileReply.Time = .after,
      _ server: @escaping @Sendable (HTTPRequest) async throws(DriverError) -> HTTPResponse
    ) {
      (self.index, self.reply, self.time, self.server) = (index, reply, time, server)
    }

    /// How many requests there were.
    public var count: Int { state.withLock(\.count) }
    /// The reply that was given instead of the server's.
    public var replaced: HTTPResponse? { state.withLock(\.replaced) }

    /// Asks the server, or answers in its place.
    public func send(_ request: HTTPRequest, in context: Context) async throws(DriverError) -> HTTPResponse {
      let number = state.withLock { state in
        defer { state.count += 1 }
        return state.count
      }
      guard number == index, let reply else { return try await taken(try await server(request), request) }
      let own = time == .after || request.isRead && request.body == nil ? try await server(request) : HTTPResponse(200)
      let answer = reply(request, own)
      state.withLock { $0.replaced = answer }
      return try await taken(answer, request)
    }

    /// Hands the body of a success to who takes it piece by piece.
    private func taken(_ response: HTTPResponse, _ request: HTTPRequest) async throws(DriverError) -> HTTPResponse {
      guard let receive = request.receive, response.isSuccess else { return response }
      if !response.body.isEmpty { try await receive(response.body) }
      var response = response
      response.body = []
      return response
    }
  }
#endif
