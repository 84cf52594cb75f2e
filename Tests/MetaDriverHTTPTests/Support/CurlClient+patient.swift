#if HTTP
  @testable import MetaDriverHTTP

  extension CurlClient {
    /// A client that keeps its connections however long a busy machine lets a test wait for its turn.
    static var patient: CurlClient {
      CurlClient(engine: CurlEngine(Configuration(), lingering: .seconds(86_400)))
    }
  }
#endif
