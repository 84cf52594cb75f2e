#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  @testable import MetaDriverS3

  /// A client that sends a put again to which the server answered that it failed by itself: status 500 with the code
  /// `InternalError`, which S3 has its users send again.
  ///
  /// It is for rclone, which fails some of several puts of new keys that come at the same time. The driver is held to what
  /// it always is: it sees one reply to each of its requests. Whoever puts the same key waits its turn until then, so that
  /// nothing newer is replaced.
  struct RepeatingClient: HTTPClient {
    /// How often one put is sent at most.
    static let limit = 20

    let client: any HTTPClient

    func send(_ request: HTTPRequest, in context: Context) async throws(DriverError) -> HTTPResponse {
      var sent = 0
      while true {
        let response = try await client.send(request, in: context)
        sent += 1
        guard request.method == "PUT", sent < Self.limit, response.status == 500,
          S3Failure(response).code == "InternalError"
        else { return response }
        let pause = context.runtime.withRandom { Int.random(in: 1...(10 * sent), using: &$0) }
        try await context.runtime.sleep(for: .milliseconds(pause))
      }
    }
  }
#endif
