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
    ///   - detail: What the server's own format says of the reason, if it could be read. Without it, the first words of
    ///     the body are shown: see ``hidingSecrets(of:)``.
    ///   - runtime: Whose clock tells how long a date of `Retry-After` is away.
    package func error(
      _ operation: String, at place: String, isRead: Bool, detail: String? = nil, on runtime: Runtime
    ) -> DriverError {
      let (code, advice, mayHaveEffect, isRetryable) = meaning
      let said = (detail ?? words).map { ", \(quoted(String($0.prefix(200))))" } ?? ""
      return DriverError(
        code, "\(operation) at \(place) was answered with status \(status)\(said): \(advice)",
        effect: mayHaveEffect && !isRead ? .unknown : .unchanged, isRetryable: isRetryable,
        retryAfter: code == .throttled ? retryAfter(on: runtime) : nil)
    }

    /// What a status means. Its advice is no more than the status says; the server's own words are there beside it.
    private var meaning: (DriverError.Code, advice: String, mayHaveEffect: Bool, isRetryable: Bool) {
      switch status {
      case 200..<300: (.unavailable, "that is no answer to the request; check who answers there", true, false)
      case 300..<400: (.unavailable, "it is elsewhere; check the address, and the region", false, false)
      case 401: (.denied, authentication, false, false)
      case 403: (.denied, "the server does not allow it, to these credentials or at all", false, false)
      case 404, 410: (.unavailable, "check the address", false, false)
      case 405, 501: (.unsupported, "the server does not do that", false, false)
      case 407: (.denied, "the proxy asks for credentials", false, false)
      case 408: (.timedOut, "the server waited too long for the request", true, true)
      case 409, 412: (.conflict, "what is stored there is not what was expected", false, false)
      case 411: (.unavailable, "somebody in between needs the length, or has lost it", false, false)
      case 413: (.tooLarge, "the server takes no datum of that size", false, false)
      case 414, 431: (.invalidKey, "the name is too long for the server", false, false)
      case 423: (.unavailable, "somebody holds a lock on it", false, true)
      case 425: (.unavailable, "the server does not take it yet", false, true)
      case 429: (.throttled, "the server asks for less", false, true)
      case 503: (.throttled, "the server is busy, or being looked after", true, true)
      case 507: (.noSpace, "the server is full", false, false)
      case 500..<600: (.unavailable, "the server failed", true, true)
      case 400: (.unavailable, "the server does not understand the request; check who answers there", false, false)
      default: (.unavailable, "the server does not take the request as it is", false, false)
      }
    }

    /// What to do about status 401: which ways of authentication the server knows.
    private var authentication: String {
      let asked = headers.fields.filter { $0.name.lowercased() == "www-authenticate" }.compactMap {
        $0.value.split(separator: " ").first.map(String.init)
      }
      let unknown = asked.filter { !["basic", "bearer"].contains($0.lowercased()) }
      guard !asked.isEmpty, unknown.count == asked.count else { return "check the credentials" }
      let names = unknown.prefix(3).map { quoted(String($0.prefix(40))) }.joined(separator: ", ")
      return "the server asks for authentication by \(names), and this driver knows Basic and Bearer"
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
