#if HTTP
  public import MetaDriver

  /// One HTTP request.
  ///
  /// ```swift
  /// let request = HTTPRequest("GET", "https://cdn.example/logo", headers: ["Accept": "image/png"])
  /// ```
  public struct HTTPRequest: Sendable {
    /// The method, such as `GET` or `PROPFIND`.
    public var method: String
    /// The address: `http` or `https`, percent-encoded, without secrets.
    public var url: String
    /// The fields. Those that follow from the address and the body are added by the client.
    public var headers: HTTPHeaders
    /// What is sent; `nil` for nothing.
    public var body: HTTPBody?
    /// Whether it changes nothing at the server, so that a failure leaves everything as it was.
    public var isRead: Bool
    /// The longest reply that is taken, in bytes of its body.
    public var maximumByteCount: Int
    /// Whether the client goes where a reply sends it.
    public var redirects: HTTPRedirects
    /// Whether the client refuses to send it to an address of a private network: for addresses that strangers give. No.
    public var refusesPrivateAddress = false
    /// Takes the body of a reply of status 2xx piece by piece; the next piece is read from the connection when it returns.
    /// `nil` collects the body in ``HTTPResponse/body``.
    public var receive: (@Sendable ([UInt8]) async throws(DriverError) -> Void)?

    /// Describes a request.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - url: The address.
    ///   - headers: The fields.
    ///   - body: What is sent.
    ///   - isRead: Whether it changes nothing; by default what the method says: `GET`, `HEAD`, `OPTIONS` and `PROPFIND` do not.
    ///   - maximumByteCount: The longest reply that is taken, in bytes.
    ///   - redirects: Whether the client goes where a reply sends it.
    ///   - receive: Takes the body of a reply of status 2xx piece by piece.
    public init(
      _ method: String, _ url: String, headers: HTTPHeaders = [:], body: HTTPBody? = nil, isRead: Bool? = nil,
      maximumByteCount: Int = 1 << 30, redirects: HTTPRedirects = .refused,
      receive: (@Sendable ([UInt8]) async throws(DriverError) -> Void)? = nil
    ) {
      self.method = method
      self.url = url
      self.headers = headers
      self.body = body
      self.isRead = isRead ?? ["GET", "HEAD", "OPTIONS", "PROPFIND"].contains(method)
      self.maximumByteCount = maximumByteCount
      self.redirects = redirects
      self.receive = receive
    }
  }

  extension HTTPRequest: CustomStringConvertible {
    /// The method and the address.
    public var description: String { "\(method) \(url)" }
  }
#endif
