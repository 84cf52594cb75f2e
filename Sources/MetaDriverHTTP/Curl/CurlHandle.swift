#if HTTP
  import CMetaDriverCurl
  import MetaDriver

  /// One of libcurl's easy handles, and the request that it carries at the moment. It stays on the thread of its engine.
  @safe final class CurlHandle {
    let easy: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var fields: UnsafeMutablePointer<curl_slist>?
    private(set) var exchange: Exchange?
    var deadlines = TransferDeadlines(total: nil, connectTimeout: .zero, idleTimeout: .zero)

    // The request, as redirects changed it.
    private var request = HTTPRequest("GET", "")
    private var redirectCount = 0
    private var firstPeer: String?
    private var isRepeatable = false
    private var isSent = false

    // What goes out.
    private var body: ArraySlice<UInt8> = []
    private var piece: ArraySlice<UInt8> = []
    private var pieceByteCount = 0
    private var isSendingPaused = false

    // What comes in.
    private var head = ReplyHead()
    private var reply: [UInt8] = []
    private var replyByteCount = 0
    private var isReceivingPaused = false

    /// What a callback found out, which explains libcurl's code.
    private var failure: DriverError?
    /// Why an address was not connected to, if there was no other.
    private var refusal: DriverError?
    private var hasMoved = false

    /// Bodies up to this size go out together with the fields.
    private static let joinedByteCount = 32 << 10
    /// How long an unexpected reply may be, which nobody asked for: an error page.
    private static let errorByteLimit = 1 << 20

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

    private func set(_ option: CURLoption, _ value: Int) { unsafe _ = metadriver_set_long(easy, option, value) }
    private func set(_ option: CURLoption, _ text: String?) { unsafe _ = metadriver_set_text(easy, option, text) }
    private func set(_ option: CURLoption, _ pointer: UnsafeMutableRawPointer?) {
      unsafe _ = metadriver_set_pointer(easy, option, pointer)
    }

    /// What is the same for all requests.
    private func setUp(_ configuration: CurlClient.Configuration) {
      let this = unsafe Unmanaged.passUnretained(self).toOpaque()
      for option in [
        CURLOPT_PRIVATE, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA, CURLOPT_PREREQDATA,
        CURLOPT_OPENSOCKETDATA,
      ] { unsafe set(option, this) }
      unsafe set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorText))
      unsafe metadriver_set_transfer(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, handle in
        unsafe CurlHandle.of(handle).write(UnsafeRawBufferPointer(start: bytes, count: size * count))
      }
      unsafe metadriver_set_transfer(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, handle in
        unsafe CurlHandle.of(handle).readField(UnsafeRawBufferPointer(start: bytes, count: size * count))
      }
      unsafe metadriver_set_transfer(easy, CURLOPT_READFUNCTION) { bytes, size, count, handle in
        unsafe CurlHandle.of(handle).read(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
      }
      unsafe metadriver_set_seek(easy) { handle, offset, origin in
        unsafe CurlHandle.of(handle).seek(Int(offset), origin)
      }
      unsafe metadriver_set_prerequest(easy) { handle, address, _, port, _ in
        unsafe CurlHandle.of(handle).beginSending(to: address.map { unsafe String(cString: $0) } ?? "", Int(port))
      }
      unsafe metadriver_set_open(easy) { handle, _, address in
        guard let address = unsafe address else { return CURL_SOCKET_BAD }
        return unsafe CurlHandle.of(handle).openSocket(to: address)
      }
      set(CURLOPT_NOSIGNAL, 1)
      unsafe metadriver_restrict_protocols(easy)
      unsafe metadriver_never_wait_for_resolver(easy)
      set(CURLOPT_FOLLOWLOCATION, 0)
      set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
      set(CURLOPT_PIPEWAIT, 1)
      set(CURLOPT_HTTP09_ALLOWED, 0)
      set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
      set(CURLOPT_BUFFERSIZE, 128 << 10)
      set(CURLOPT_UPLOAD_BUFFERSIZE, 128 << 10)
      set(CURLOPT_USERAGENT, configuration.userAgent)
      // The engine has limits of its own, by the clock of each request.
      set(CURLOPT_CONNECTTIMEOUT, 86_400)
      if !configuration.usesProxiesOfEnvironment { set(CURLOPT_PROXY, "") }
      switch configuration.tls {
      case .verified(let certificates):
        if let certificates { set(CURLOPT_CAINFO, certificates) }
      case .unverified:
        set(CURLOPT_SSL_VERIFYPEER, 0)
        set(CURLOPT_SSL_VERIFYHOST, 0)
      }
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> CurlHandle {
      unsafe Unmanaged<CurlHandle>.fromOpaque(pointer!).takeUnretainedValue()
    }

    // MARK: Beginning and ending

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

    private func setBody(_ request: HTTPRequest) {
      set(CURLOPT_CUSTOMREQUEST, nil as String?)
      set(CURLOPT_NOBODY, 0)
      set(CURLOPT_HTTPGET, 1)
      let needsLength = ["POST", "PUT", "PATCH"].contains(request.method)
      switch request.body ?? (needsLength ? .bytes([]) : nil) {
      case nil:
        if request.method == "HEAD" { set(CURLOPT_NOBODY, 1) } else { set(CURLOPT_CUSTOMREQUEST, request.method) }
      case .bytes(let bytes) where bytes.count <= Self.joinedByteCount:
        set(CURLOPT_POST, 1)
        unsafe _ = metadriver_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        unsafe bytes.withUnsafeBytes { bytes in
          // An empty array may have no address, which would mean that there is no body.
          unsafe set(CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress) ?? easy)
        }
        set(CURLOPT_CUSTOMREQUEST, request.method)
      case .bytes(let bytes):
        body = bytes
        setUpload(byteCount: bytes.count, request.method)
      case .stream(let byteCount, _):
        isRepeatable = false
        setUpload(byteCount: byteCount ?? -1, request.method)
      }
    }

    private func setUpload(byteCount: Int, _ method: String) {
      set(CURLOPT_UPLOAD, 1)
      unsafe _ = metadriver_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(byteCount))
      set(CURLOPT_CUSTOMREQUEST, method)
    }

    private func setFields(_ headers: HTTPHeaders) {
      unsafe curl_slist_free_all(fields)
      unsafe fields = nil
      func append(_ line: String) {
        if let longer = unsafe curl_slist_append(fields, line) { unsafe fields = unsafe longer }
      }
      for field in headers.fields { append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)") }
      // What libcurl would add by itself: a type that nobody said, and a question that costs a second where it is ignored.
      if headers["Content-Type"] == nil { append("Content-Type:") }
      if headers["Expect"] == nil { append("Expect:") }
      unsafe set(CURLOPT_HTTPHEADER, UnsafeMutableRawPointer(fields))
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

    // MARK: What libcurl calls

    /// A connection is to be made.
    private func openSocket(to address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
      let text = UnsafeMutablePointer<CChar>.allocate(capacity: Int(NI_MAXHOST))
      defer { unsafe text.deallocate() }
      unsafe text.pointee = 0
      let port = unsafe metadriver_describe(address, text)
      let host = unsafe String(cString: text)
      let peer = "\(host) port \(port)"
      if refuses(host, peer) {
        refusal = refusal(of: peer)
        return CURL_SOCKET_BAD
      }
      return unsafe metadriver_socket(address)
    }

    private func refusal(of peer: String) -> DriverError {
      DriverError(
        .denied, "\(exchange?.request.name ?? "") leads to \(peer), which is a private address: check it, or allow it",
        effect: .unchanged)
    }

    /// There is a connection, and the request goes out next.
    private func beginSending(to address: String, _ port: Int) -> CInt {
      guard let exchange else { return CURL_PREREQFUNC_ABORT }
      hasMoved = true
      let peer = "\(address) port \(port)"
      if redirectCount == 0 { firstPeer = peer }
      // A connection that was there before is not opened again.
      if refuses(address, peer) {
        failure = refusal(of: peer)
        return CURL_PREREQFUNC_ABORT
      }
      // libcurl sends again what seems to have reached nobody on a connection that was kept; but it cannot know.
      if isSent, !isRepeatable {
        failure = DriverError(
          .unavailable,
          "\(exchange.request.name) went out on a connection that was closed before a reply: "
            + "the server may have carried it out", effect: exchange.effect)
        return CURL_PREREQFUNC_ABORT
      }
      guard exchange.markSent() else { return CURL_PREREQFUNC_ABORT }
      isSent = true
      return CURL_PREREQFUNC_OK
    }

    /// Whether the request must not go to a peer because it is a private one. The peer that the request itself went to
    /// is not, unless it is now called by another, private name: behind a proxy every peer is the proxy.
    private func refuses(_ address: String, _ peer: String) -> Bool {
      if request.refusesPrivateAddress, PrivateAddress.contains(address) { return true }
      guard redirectCount > 0, case .followed(_, toPrivateAddresses: false) = request.redirects, let exchange
      else { return false }
      if peer != firstPeer, PrivateAddress.contains(address) { return true }
      let host = Redirect.host(of: request.url)
      return PrivateAddress.isSpelled(host) && host != Redirect.host(of: exchange.request.url)
    }

    private func readField(_ line: UnsafeRawBufferPointer) -> Int {
      hasMoved = true
      do throws(DriverError) {
        unsafe try head.take(line)
      } catch {
        return fail(error)
      }
      return line.count
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
      guard let exchange else { return 0 }
      hasMoved = true
      let isSuccess = (200..<300).contains(head.status)
      let limit = isSuccess ? request.maximumByteCount : max(request.maximumByteCount, Self.errorByteLimit)
      let expected = replyByteCount == 0 ? head.contentLength ?? 0 : 0
      guard max(replyByteCount + bytes.count, expected) <= limit else {
        return fail(
          DriverError(
            .tooLarge,
            "the reply to \(exchange.request.name) has \(expected > limit ? "\(expected)" : "more than \(limit)") bytes, "
              + "\(limit) are taken", effect: exchange.effect))
      }
      if isSuccess, request.receive != nil {
        guard unsafe exchange.receive(bytes) else {
          isReceivingPaused = true
          return Int(CURL_WRITEFUNC_PAUSE)
        }
      } else {
        if replyByteCount == 0 { reply.reserveCapacity(expected) }
        unsafe reply.append(contentsOf: bytes)
      }
      replyByteCount += bytes.count
      return bytes.count
    }

    private func fail(_ error: DriverError) -> Int {
      failure = error.with(effect: exchange?.effect ?? error.effect)
      return 0
    }

    private func read(_ room: UnsafeMutableRawBufferPointer) -> Int {
      hasMoved = true
      if case .stream(let byteCount, _)? = request.body {
        while piece.isEmpty {
          switch exchange?.takePiece() {
          case .bytes(let bytes):
            piece = bytes[...]
            pieceByteCount += bytes.count
            if let byteCount, pieceByteCount > byteCount { return failStream("goes on", against: byteCount) }
          case .end:
            if let byteCount, pieceByteCount < byteCount { return failStream("ended", against: byteCount) }
            return 0
          case nil:
            isSendingPaused = true
            return Int(CURL_READFUNC_PAUSE)
          }
        }
      }
      return if piece.isEmpty { unsafe Self.move(&body, to: room) } else { unsafe Self.move(&piece, to: room) }
    }

    /// A body of another length than was announced would be cut, or waited for.
    private func failStream(_ what: String, against byteCount: Int) -> Int {
      guard let exchange else { return Int(CURL_READFUNC_ABORT) }
      failure = DriverError(
        .corrupt,
        "the body of \(exchange.request.name) \(what) with \(pieceByteCount) bytes, \(byteCount) were announced",
        effect: exchange.effect)
      return Int(CURL_READFUNC_ABORT)
    }

    private static func move(_ bytes: inout ArraySlice<UInt8>, to room: UnsafeMutableRawBufferPointer) -> Int {
      let count = min(bytes.count, room.count)
      unsafe bytes.withUnsafeBytes { unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      bytes.removeFirst(count)
      return count
    }

    private func seek(_ offset: Int, _ origin: CInt) -> CInt {
      guard origin == 0, offset >= 0, case .bytes(let bytes)? = request.body, offset <= bytes.count else {
        return CURL_SEEKFUNC_CANTSEEK
      }
      body = bytes.dropFirst(offset)
      return CURL_SEEKFUNC_OK
    }
  }
#endif
