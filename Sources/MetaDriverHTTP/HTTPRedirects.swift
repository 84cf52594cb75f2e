#if HTTP
  /// Whether a client goes where a reply of status 3xx sends it.
  ///
  /// It never goes to another scheme, and takes no secret field to another host.
  public enum HTTPRedirects: Hashable, Sendable {
    /// The reply is the answer.
    case refused
    /// Up to so many times. An address of a private network (RFC 1918, loopback, link-local and their siblings in IPv6)
    /// is refused unless it is allowed: an outsider's server could have the client ask what only it can reach.
    case followed(atMost: Int, toPrivateAddresses: Bool = false)
  }
#endif
