#if HTTP
  public import MetaDriver

  /// What sends HTTP requests for the drivers that speak HTTP: ``CurlClient``, or one of your own.
  ///
  /// ```swift
  /// struct Logged: HTTPClient {
  ///   let base: any HTTPClient
  ///   var remarks: [Remark] { base.remarks }
  ///   func send(_ request: HTTPRequest, in context: Context) async throws(DriverError) -> HTTPResponse {
  ///     let response = try await base.send(request, in: context)
  ///     print("\(request) \(response.status)")
  ///     return response
  ///   }
  /// }
  /// ```
  ///
  /// ## The law
  ///
  /// - Every status is an answer; what is thrown says why there is none.
  /// - An error's effect is `unchanged` when the request is a read, or when none of it was sent.
  /// - The deadline of the context, and cancellation of the task, end the call, and let go of the connection.
  /// - A reply is handed over whole: one that is cut short throws.
  /// - A request that is not a read is never sent twice.
  /// - What a request says of redirects and private addresses holds.
  public protocol HTTPClient: Sendable {
    /// Sends a request, and waits for the reply.
    ///
    /// - Throws: `unavailable` when there is no connection or no usable reply, `timedOut`, `cancelled`; `tooLarge` when the
    ///   reply is longer than the request allows; `throttled` when too many requests wait already; `closed`.
    func send(_ request: HTTPRequest, in context: Context) async throws(DriverError) -> HTTPResponse

    /// What a strategy should warn of in the way the client is set up: that it takes any certificate, say.
    var remarks: [Remark] { get }
  }

  extension HTTPClient {
    /// Nothing to warn of.
    public var remarks: [Remark] { [] }
  }
#endif
