#if HTTP
  import CMetaDriverCurl
  import MetaDriver

  /// One of libcurl's easy handles, and the request that it carries at the moment. It stays on the thread of its engine.
  @safe final class CurlHandle {
    let easy: UnsafeMutableRawPointer
    let errorText: UnsafeMutablePointer<CChar>
    var fields: UnsafeMutablePointer<curl_slist>?
    private(set) var exchange: Exchange?
    var deadlines = TransferDeadlines(total: nil, connectTimeout: .zero, idleTimeout: .zero)

    // The request, as redirects changed it.
    var request = HTTPRequest("GET", "")
    var redirectCount = 0
    var firstPeer: String?
    var isRepeatable = false
    var isSent = false

    // What goes out.
    var body: ArraySlice<UInt8> = []
    var piece: ArraySlice<UInt8> = []
    var pieceByteCount = 0
    var isSendingPaused = false

    // What comes in.
    var head = ReplyHead()
    var reply: [UInt8] = []
    var replyByteCount = 0
    var isReceivingPaused = false

    /// What a callback found out, which explains libcurl's code.
    var failure: DriverError?
    /// Why an address was not connected to, if there was no other.
    var refusal: DriverError?
    var hasMoved = false

    /// Bodies up to this size go out together with the fields.
    static let joinedByteCount = 32 << 10
    /// How long an unexpected reply may be, which nobody asked for: an error page.
    static let errorByteLimit = 1 << 20

    /// `nil` when there is no memory.
    init?(_ configuration: CurlClient.Configuration) {
      guard let easy = unsafe curl_easy_init() else { return nil }
      unsafe self.easy = unsafe easy
      unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
      unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
      setUp(configuration)
    }

    deinit {
      unsafe curl_easy_cleanup(easy)
      unsafe curl_slist_free_all(fields)
      unsafe errorText.deallocate()
    }

    /// Gets ready for a request.
    func begin(_ exchange: Exchange, _ configuration: CurlClient.Configuration) {
      self.exchange = exchange
      deadlines = TransferDeadlines(
        total: exchange.context.deadline, connectTimeout: configuration.connectTimeout,
        idleTimeout: configuration.idleTimeout)
      (redirectCount, firstPeer) = (0, nil)
      prepare(exchange.request)
    }

    private func prepare(_ request: HTTPRequest) {
      guard let exchange else { return }
      self.request = request
      isRepeatable = request.isRead
      isSent = false
      (body, piece, pieceByteCount, isSendingPaused) = ([], [], 0, false)
      (head, reply, replyByteCount, isReceivingPaused) = (ReplyHead(), [], 0, false)
      (failure, refusal, hasMoved) = (nil, nil, false)
      unsafe errorText.pointee = 0
      deadlines.beginConnecting(at: exchange.context.runtime.now)

      set(CURLOPT_URL, request.url)
      setBody(request)
      setFields(request.headers)
    }

    /// The transfer has ended: the result, or `nil` when it goes on elsewhere and is to be added again.
    func end(_ code: CURLcode) -> Result<HTTPResponse, DriverError>? {
      guard let exchange else { return nil }
      if let failure { return .failure(failure) }
      // A server that refuses a body in the middle closes the connection behind its answer.
      let isRefusal = code == CURLE_SEND_ERROR && head.status >= 400
      guard code == CURLE_OK || isRefusal else {
        if let refusal { return .failure(refusal) }
        let detail = unsafe String(cString: errorText)
        return .failure(CurlFailure.error(code.rawValue, detail, exchange))
      }
      // libcurl takes fields that are cut off for a reply without a body.
      guard head.isComplete else {
        let code = head.status == 0 ? CURLE_WEIRD_SERVER_REPLY : CURLE_PARTIAL_FILE
        return .failure(CurlFailure.error(code.rawValue, "", exchange))
      }
      do throws(DriverError) {
        if let next = try Redirect.next(
          request, after: redirectCount, status: head.status, location: head.headers["Location"])
        {
          redirectCount += 1
          prepare(next)
          return nil
        }
      } catch {
        return .failure(error)
      }
      return .success(HTTPResponse(head.status, headers: head.headers, body: reply, url: request.url))
    }

    /// Lets go of the request.
    func release() {
      exchange = nil
      request = HTTPRequest("GET", "")
      (body, piece, reply, failure) = ([], [], [], nil)
    }

    /// The error of a transfer that took too long; `nil` when it did not.
    func expiry(at now: Duration) -> DriverError? {
      guard let exchange else { return nil }
      if isSendingPaused || isReceivingPaused {
        deadlines.waitForCaller()
      } else if hasMoved {
        deadlines.progress(at: now)
      }
      hasMoved = false
      let reason: String
      switch deadlines.expiry(at: now) {
      case .total: reason = "had no answer when the deadline passed"
      case .connecting: reason = "found no connection in \(deadlines.connectTimeout): check the host and the port"
      case .idle: reason = "moved no byte for \(deadlines.idleTimeout): the server does not answer"
      case nil: return nil
      }
      return DriverError(.timedOut, "\(exchange.request.name) \(reason)", effect: exchange.effect)
    }

    /// The caller has caught up, or made the next piece.
    func goOn() {
      guard isSendingPaused || isReceivingPaused else { return }
      (isSendingPaused, isReceivingPaused, hasMoved) = (false, false, true)
      unsafe curl_easy_pause(easy, CURLPAUSE_CONT)
    }
  }
#endif
