#if HTTP
  import CMetaDriverCurl
  import MetaDriver

  /// What libcurl is told.
  extension CurlHandle {
    func set(_ option: CURLoption, _ value: Int) { unsafe _ = metadriver_set_long(easy, option, value) }
    func set(_ option: CURLoption, _ text: String?) { unsafe _ = metadriver_set_text(easy, option, text) }
    func set(_ option: CURLoption, _ pointer: UnsafeMutableRawPointer?) {
      unsafe _ = metadriver_set_pointer(easy, option, pointer)
    }

    /// What is the same for all requests.
    func setUp(_ configuration: CurlClient.Configuration) {
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

    static func of(_ pointer: UnsafeMutableRawPointer?) -> CurlHandle {
      unsafe Unmanaged<CurlHandle>.fromOpaque(pointer!).takeUnretainedValue()
    }

    /// What is sent, and by which method.
    func setBody(_ request: HTTPRequest) {
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

    /// The fields, in their order.
    func setFields(_ headers: HTTPHeaders) {
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
  }
#endif
