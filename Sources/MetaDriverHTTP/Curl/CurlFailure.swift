#if HTTP
  private import CMetaDriverCurl
  import MetaDriver

  /// What libcurl's codes mean, in the package's words: the one place.
  enum CurlFailure {
    /// The error of a transfer that ended badly.
    ///
    /// - Parameters:
    ///   - code: What libcurl says.
    ///   - detail: What it says in words; may be empty.
    ///   - exchange: The request.
    static func error(_ code: UInt32, _ detail: String, _ exchange: Exchange) -> DriverError {
      let (errorCode, advice, isRetryable) = meaning(CURLcode(rawValue: code))
      let words = detail.isEmpty ? unsafe String(cString: curl_easy_strerror(CURLcode(rawValue: code))) : detail
      return DriverError(
        errorCode, "\(exchange.request.name) failed: \(clean(words)): \(advice)", effect: exchange.effect,
        isRetryable: isRetryable)
    }

    private static func meaning(_ code: CURLcode) -> (DriverError.Code, advice: String, isRetryable: Bool) {
      switch code {
      case CURLE_COULDNT_RESOLVE_HOST: (.unavailable, "check the name of the host, and the network", true)
      case CURLE_COULDNT_RESOLVE_PROXY: (.unavailable, "check the proxy that the environment names", true)
      case CURLE_COULDNT_CONNECT: (.unavailable, "check the host and the port, and whether the server runs", true)
      case CURLE_PROXY: (.unavailable, "check the proxy that the environment names", true)
      case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
        (.unavailable, "check that this is the server, and trust its certificate with .verified(certificates:)", false)
      case CURLE_SSL_CACERT_BADFILE:
        (.unavailable, "check the file of certificates that .verified(certificates:) names", false)
      case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED:
        (
          .unavailable, "what answers does not agree on TLS: check the port, and whether it is http instead of https",
          true
        )
      case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CLIENTCERT:
        (.denied, "the server asks for a certificate of the client's", false)
      case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
        (.unavailable, "what answers there is not an HTTP server: check the host and the port", false)
      case CURLE_URL_MALFORMAT: (.unroutable, "check the address", false)
      case CURLE_GOT_NOTHING: (.unavailable, "the connection was closed before a reply: check the port", true)
      case CURLE_PARTIAL_FILE: (.unavailable, "only a part of the reply came", true)
      case CURLE_HTTP2, CURLE_HTTP2_STREAM: (.unavailable, "the server ended the exchange before it was complete", true)
      case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND:
        (.unavailable, "the connection broke", true)
      case CURLE_OPERATION_TIMEDOUT: (.timedOut, "it took too long", true)
      case CURLE_OUT_OF_MEMORY: (.throttled, "there is no memory for it", true)
      case CURLE_BAD_CONTENT_ENCODING: (.unavailable, "the server sends what was not asked for", false)
      default: (.unavailable, "libcurl's code \(code.rawValue)", true)
      }
    }

    /// One line, of bounded length: the words may repeat what a server sent.
    private static func clean(_ words: String) -> String {
      String(String.UnicodeScalarView(words.unicodeScalars.prefix(300).map { $0.value < 0x20 ? " " : $0 }))
    }
  }
#endif
