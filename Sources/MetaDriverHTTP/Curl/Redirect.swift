#if HTTP
  private import CMetaDriverCurl
  import MetaDriver

  /// Where a reply sends a request. Pure.
  enum Redirect {
    /// The request to send next; `nil` when the reply is the answer.
    ///
    /// - Parameters:
    ///   - request: The request that was answered.
    ///   - count: How often it was sent elsewhere already.
    ///   - status: The status of the reply.
    ///   - location: Where the reply sends it.
    static func next(
      _ request: HTTPRequest, after count: Int, status: Int, location: String?
    ) throws(DriverError) -> HTTPRequest? {
      guard case .followed(let limit, _) = request.redirects, [301, 302, 303, 307, 308].contains(status), let location
      else { return nil }
      guard count < limit else {
        throw error(request, "was sent elsewhere more than \(limit) times: check the address, there may be a loop")
      }
      guard let url = resolve(location, against: request.url) else {
        throw error(request, "is sent to \(quoted(String(location.prefix(200)))), which is no address")
      }
      var next = request
      next.url = url.text
      guard next.scheme == request.scheme else {
        throw error(
          request,
          "is sent from \(request.scheme) to \(quoted(String(next.scheme.prefix(20)))), and does not go there: "
            + "check the address")
      }
      if status == 303, request.method != "HEAD" { (next.method, next.body, next.isRead) = ("GET", nil, true) }
      if case .stream? = next.body {
        throw error(
          request, "is sent elsewhere, and its body streams: it cannot be sent again, so give the final address")
      }
      if resolve("", against: request.url)?.place != url.place { next.headers.keep { !$0.isSecret } }
      try next.check()
      return next
    }

    /// The host of an address, as libcurl understands it.
    static func host(of url: String) -> String { resolve("", against: url)?.host ?? "" }

    private static func error(_ request: HTTPRequest, _ reason: String) -> DriverError {
      DriverError(.unavailable, "\(request.name) \(reason)", effect: .unchanged, isRetryable: false)
    }

    /// An address, absolute, without password and fragment; and where it leads, host and port.
    private static func resolve(_ location: String, against base: String) -> (
      text: String, host: String, place: String
    )? {
      guard let url = unsafe curl_url() else { return nil }
      defer { unsafe curl_url_cleanup(url) }
      let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE)
      guard unsafe curl_url_set(url, CURLUPART_URL, base, flags) == CURLUE_OK else { return nil }
      if !location.isEmpty, unsafe curl_url_set(url, CURLUPART_URL, location, flags) != CURLUE_OK { return nil }
      for part in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT] { unsafe curl_url_set(url, part, nil, 0) }
      func read(_ part: CURLUPart, _ flags: UInt32) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(url, part, &text, flags) == CURLUE_OK, let text = unsafe text else { return nil }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
      }
      guard let text = read(CURLUPART_URL, 0) else { return nil }
      let host = read(CURLUPART_HOST, 0)?.lowercased() ?? ""
      return (text, host, "\(host):\(read(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)) ?? "")")
    }
  }

  extension HTTPRequest {
    /// What stands before the first colon of the address, in lower case.
    fileprivate var scheme: String { url.prefix { $0 != ":" }.lowercased() }
  }
#endif
