#if HTTP
  public import MetaDriver

  /// An HTTP client over libcurl: connections that are kept and shared, bodies that stream both ways, limits on everything.
  ///
  /// ```swift
  /// let response = try await CurlClient.shared.send(HTTPRequest("GET", "https://cdn.example/logo"), in: Context())
  /// print(response.status, response.body.count)
  /// ```
  ///
  /// All requests of a client run on one thread of its own, which begins with the first of them, ends when there was
  /// nothing to do for 30 s, and never runs code of yours: the closures of a request run in the task that sent it. HTTP/2
  /// is used where a server offers it over TLS. Nothing is taken from files of the user's, no proxy unless
  /// ``Configuration/usesProxiesOfEnvironment`` says so, and no compression is asked for.
  ///
  /// ## Errors
  ///
  /// - `unavailable`: no address, no connection, no agreement on TLS, something that is not HTTP, or half a reply.
  /// - `timedOut`: the context's deadline, or one of the configuration's, passed.
  /// - `cancelled`: the task was. The caller goes on at once; the connection is closed behind its back.
  /// - `tooLarge`: the reply is longer than the request allows. The rest of it is not read.
  /// - `throttled`: too many requests wait already. `closed`: the client was, or belongs to a process that this one was
  ///   forked from. `denied`: a reply leads to a private address. `unroutable`: the address is not one.
  ///
  /// The effect is `unchanged` for reads, and for all that fails before a connection is there to send on. A request that
  /// is not a read is never sent twice: where a kept connection turns out to be dead after the request went out on it,
  /// the answer is `unavailable` with unknown effect.
  ///
  /// ## Cost
  ///
  /// A request costs two switches of threads, to the client's and back. A reply is collected into one array.
  public final class CurlClient: HTTPClient {
    /// The client that drivers use when they are given none.
    public static let shared = CurlClient()

    /// How the client behaves.
    public let configuration: Configuration
    private let engine: CurlEngine

    /// Makes a client, which has no connection and no thread before its first request.
    public init(_ configuration: Configuration = Configuration()) {
      self.configuration = configuration
      engine = CurlEngine(configuration)
    }

    /// One over an engine of the caller's, such as one that takes itself for another process's.
    init(engine: CurlEngine) {
      configuration = engine.configuration
      self.engine = engine
    }

    deinit { engine.stop() }

    /// A warning when any certificate is taken.
    public var remarks: [Remark] {
      guard configuration.tls == .unverified else { return [] }
      return [
        Remark(
          .warning, "certificates are not verified: anybody on the way to the server can read and change everything",
          mend: "trust the server's own certificate with .verified(certificates: \"…/certificate.pem\")")
      ]
    }

    /// Sends a request, and waits for the reply.
    public func send(_ request: HTTPRequest, in context: Context) async throws(DriverError) -> HTTPResponse {
      let exchange = try Exchange(request, context)
      return try await engine.perform(exchange)
    }

    /// Ends the requests under way with `closed`, closes the connections, and waits until the thread is gone. Idempotent;
    /// later requests throw `closed`.
    public func close() async { await engine.close() }

    /// How many requests wait or are under way.
    var requestCount: Int { engine.requestCount }
  }
#endif
