#if HTTP
  import CMetaDriverCurl
  import MetaDriver

  /// What libcurl asks and tells while it works.
  extension CurlHandle {
    /// A connection is to be made.
    func openSocket(to address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
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
    func beginSending(to address: String, _ port: Int) -> CInt {
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

    /// A line of the reply's head came.
    func readField(_ line: UnsafeRawBufferPointer) -> Int {
      hasMoved = true
      do throws(DriverError) {
        unsafe try head.take(line)
      } catch {
        return fail(error)
      }
      return line.count
    }

    /// Bytes of the reply's body came.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
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

    /// The connection takes bytes of the request's body.
    func read(_ room: UnsafeMutableRawBufferPointer) -> Int {
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

    /// The body is to be sent again from some place on.
    func seek(_ offset: Int, _ origin: CInt) -> CInt {
      guard origin == 0, offset >= 0, case .bytes(let bytes)? = request.body, offset <= bytes.count else {
        return CURL_SEEKFUNC_CANTSEEK
      }
      body = bytes.dropFirst(offset)
      return CURL_SEEKFUNC_OK
    }
  }
#endif
