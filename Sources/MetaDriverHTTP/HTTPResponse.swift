#if HTTP
  /// The reply to an ``HTTPRequest``.
  public struct HTTPResponse: Sendable {
    /// The status, such as 200.
    public var status: Int
    /// The fields.
    public var headers: HTTPHeaders
    /// The body; empty when the request's ``HTTPRequest/receive`` took it.
    public var body: [UInt8]
    /// The address that answered, after redirects.
    public var url: String
    /// Whether the body repeats a secret of the request, so that nothing of it is ever shown.
    package var repeatsSecret = false

    /// Makes a reply, for clients of your own.
    public init(_ status: Int, headers: HTTPHeaders = [:], body: [UInt8] = [], url: String = "") {
      self.status = status
      self.headers = headers
      self.body = body
      self.url = url
    }

    /// Whether the status is 2xx.
    public var isSuccess: Bool { (200..<300).contains(status) }
  }
#endif
