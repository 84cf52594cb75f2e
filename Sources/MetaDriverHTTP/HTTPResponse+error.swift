#if HTTP
  package import MetaDriver

  extension HTTPResponse {
    /// What a status that is no success means, in the words that all drivers over HTTP use. Absence is no error: whoever
    /// reads looks for 404 and 410 first.
    ///
    /// - Parameters:
    ///   - operation: What was asked, such as `put of 'alice'`.
    ///   - place: Where, such as the address without secrets.
    ///   - isRead: Whether nothing can have changed.
    ///   - detail: What the server's own format says of the reason, if it could be read. Never the body as it is, which may
    ///     repeat what was sent.
    ///   - runtime: Whose clock tells how long a date of `Retry-After` is away.
    package func error(
      _ operation: String, at place: String, isRead: Bool, detail: String? = nil, on runtime: Runtime
    ) -> DriverError {
      let (code, advice, mayHaveEffect, isRetryable) = meaning
      let said = detail.map { ", '\($0.prefix(200))'" } ?? ""
      return DriverError(
        code, "\(operation) at \(place) was answered with status \(status)\(said): \(advice)",
        effect: mayHaveEffect && !isRead ? .unknown : .unchanged, isRetryable: isRetryable,
        retryAfter: code == .throttled ? retryAfter(on: runtime) : nil)
    }

    private var meaning: (DriverError.Code, advice: String, mayHaveEffect: Bool, isRetryable: Bool) {
      switch status {
      case 300..<400: (.unavailable, "it is elsewhere; check the address, and the region", false, false)
      case 401: (.denied, "check the credentials", false, false)
      case 403: (.denied, "check the credentials, and what they allow", false, false)
      case 404, 410: (.unavailable, "check the address", false, false)
      case 405, 501: (.unsupported, "the server does not do that", false, false)
      case 407: (.denied, "the proxy asks for credentials", false, false)
      case 408: (.timedOut, "the server waited too long for the request", true, true)
      case 409, 412: (.conflict, "what is stored there is not what was expected", false, false)
      case 413: (.tooLarge, "the server takes no datum of that size", false, false)
      case 414, 431: (.invalidKey, "the name is too long for the server", false, false)
      case 423: (.unavailable, "somebody holds a lock on it", false, true)
      case 429: (.throttled, "the server asks for less", false, true)
      case 503: (.throttled, "the server is busy, or being looked after", true, true)
      case 507: (.noSpace, "the server is full", false, false)
      case 500..<600: (.unavailable, "the server failed", true, true)
      default:
        (
          .unavailable, "the server does not understand the request; check that the address is that of such a server",
          false, false
        )
      }
    }

    /// How long the server asked to be left alone: seconds, or a date.
    private func retryAfter(on runtime: Runtime) -> Duration? {
      guard let text = headers["Retry-After"] else { return nil }
      let limit = 86_400
      if let seconds = Int(text) { return .seconds(min(max(0, seconds), limit)) }
      guard let date = HTTPDate.parse(text) else { return nil }
      return min(max(.zero, date - runtime.wallTime), .seconds(limit))
    }
  }
#endif
