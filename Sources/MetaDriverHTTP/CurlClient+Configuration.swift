#if HTTP
  extension CurlClient {
    /// How a ``CurlClient`` behaves.
    ///
    /// ```swift
    /// var configuration = CurlClient.Configuration()
    /// configuration.idleTimeout = .seconds(5)
    /// configuration.maximumConnectionsPerHost = 16
    /// let client = CurlClient(configuration)
    /// ```
    public struct Configuration: Hashable, Sendable {
      /// Whom a client trusts.
      public enum TLS: Hashable, Sendable {
        /// A server whose certificate is for the host that was asked for, and signed by an authority the system trusts, or
        /// by one of those in a PEM file, which then replace the system's.
        case verified(certificates: String? = nil)
        /// Whoever answers: anybody on the way can read and change everything, the credentials too. A strategy warns of it.
        case unverified
      }

      /// How long finding the host, connecting and agreeing on TLS may take together; 10 s. More than zero.
      public var connectTimeout: Duration = .seconds(10) {
        didSet { precondition(connectTimeout > .zero, "a connection cannot be made in \(connectTimeout)") }
      }
      /// How long a request may go on without a byte in either direction; 30 s. More than zero. Time in which the request's
      /// own closures work does not count.
      public var idleTimeout: Duration = .seconds(30) {
        didSet { precondition(idleTimeout > .zero, "a request that may idle for \(idleTimeout) always fails") }
      }
      /// How many requests are under way to one host and port at once, each on a connection of its own unless HTTP/2 carries
      /// several; 64. At least 1.
      public var maximumConnectionsPerHost = 64 {
        didSet { precondition(maximumConnectionsPerHost >= 1, "no request can be sent without a connection") }
      }
      /// How many requests are under way at once, and how many connections are kept; 256. At least 1.
      public var maximumConnections = 256 {
        didSet { precondition(maximumConnections >= 1, "no request can be sent without a connection") }
      }
      /// How many requests wait for a connection, beyond those under way; one more is `throttled`. 4,096. At least 0.
      public var maximumWaitingRequests = 4_096 {
        didSet { precondition(maximumWaitingRequests >= 0, "\(maximumWaitingRequests) requests cannot wait") }
      }
      /// Whom the client trusts; by default, whom the system does.
      public var tls = TLS.verified()
      /// Whether the proxies that the environment names (`https_proxy`, `no_proxy` and their siblings) are used; no. What is
      /// behind a proxy is the proxy's to judge: private addresses can then only be told by a URL that spells them out.
      public var usesProxiesOfEnvironment = false
      /// How the client introduces itself. Without control characters.
      public var userAgent = "MetaDriver" {
        didSet { precondition(userAgent.isFieldValue, "the user agent has a control character") }
      }

      /// The defaults.
      public init() {}
    }
  }

  extension String {
    /// Whether a field of HTTP can have this value.
    fileprivate var isFieldValue: Bool { utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }
  }
#endif
