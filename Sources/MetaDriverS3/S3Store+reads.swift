#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// Requests that read an object.
  extension S3Store {
    /// The name of a key's object.
    ///
    /// - Throws: `invalidKey` when it would be longer than S3 takes.
    func object(of key: Key) throws(DriverError) -> String {
      let name = try place.get().prefix + S3Key.path(of: key)
      guard name.utf8.count <= S3Key.maximumByteCount else {
        throw DriverError(
          .invalidKey,
          "the object of \(key) would have a name of \(name.utf8.count) bytes, S3 takes \(S3Key.maximumByteCount): "
            + "a letter, a digit or '-' takes one, any other byte of an id three, the prefix its length")
      }
      return name
    }

    /// Reads a datum.
    func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      let request = Request(
        method: "GET", object: try object(of: key), isRead: true,
        maximumByteCount: min(setting.maximumByteCount, .max - Record.envelopeByteCount) + Record.envelopeByteCount)
      let response = try await send(request, in: context)
      guard let response = try found(response, "get of \(key)", context) else { return nil }
      var record: Record
      if let text = response.headers[S3Fields.name] {
        record = try S3Fields(text, for: key).record(response.body, of: key)
      } else {
        record = try Record(decoding: response.body, for: key)
      }
      record.facts = StoreFacts(
        entityTag: response.headers["ETag"], lastModified: response.headers["Last-Modified"].flatMap(HTTPDate.parse))
      return record
    }

    /// Looks at the first bytes of an object, which is all that describing it takes.
    ///
    /// A `HEAD` would do for most objects, but its reply cannot say whether it is the object that is missing, or the bucket.
    func look(_ key: Key, in context: Context) async throws(DriverError) -> S3Copy {
      var request = Request(method: "GET", object: try object(of: key), isRead: true, maximumByteCount: 1 << 16)
      request.headers = [("range", "bytes=0-\(Record.envelopeByteCount - 1)")]
      var response = try await send(request, in: context)
      if response.status == 416 {
        // Of no bytes there are no first ones.
        request.headers = []
        response = try await send(request, in: context)
      }
      guard let response = try found(response, "stat of \(key)", context) else { return .absent }
      let tag = response.headers["ETag"] ?? ""
      do throws(DriverError) {
        return .sound(try stat(of: key, response), tag: tag, token: response.headers[Self.tokenField])
      } catch {
        return .damaged(error, tag: tag)
      }
    }

    private func stat(of key: Key, _ response: HTTPResponse) throws(DriverError) -> Stat {
      // The length of the whole stands behind the slash, if only a part was sent.
      let total = response.headers["Content-Range"].map { $0.split(separator: "/").last.flatMap { Int($0) } }
      guard let byteCount = total ?? response.body.count, byteCount >= response.body.count else {
        throw DriverError(
          .unavailable, "stat of \(key): the reply does not say how long the object is", effect: .unchanged)
      }
      guard let text = response.headers[S3Fields.name] else {
        return try Record.stat(decoding: response.body, storedByteCount: byteCount, for: key)
      }
      let fields = try S3Fields(text, for: key)
      guard fields.byteCount == byteCount else {
        throw DriverError(
          .corrupt,
          "\(byteCount) bytes of \(key) are stored, its metadata speak of \(fields.byteCount): torn or changed")
      }
      return Stat(byteCount: byteCount, stamp: fields.stamp)
    }

    /// The reply of an S3 server that has the object; `nil` when it says that there is none.
    private func found(
      _ response: HTTPResponse, _ operation: String, _ context: Context
    ) throws(DriverError) -> HTTPResponse? {
      guard response.status == 200 || response.status == 206 else {
        let failure = S3Failure(response)
        if failure.isAbsence(response) { return nil }
        throw failure.error(operation, response, at: try place.get(), isRead: true, on: context.runtime)
      }
      try checkIsObject(response, operation, isRead: true)
      return response
    }

    /// Refuses what is no reply of an S3 server about an object: a page of whoever sits in between, say.
    func checkIsObject(_ response: HTTPResponse, _ operation: String, isRead: Bool) throws(DriverError) {
      if response.headers["ETag"] != nil, !isPage(response) { return }
      throw DriverError(
        .unavailable,
        "\(operation) at \(try place.get().endpoint) was answered with status \(response.status), but not by an S3 "
          + "server: check the endpoint, and whether a proxy or a login page is in between",
        effect: isRead ? .unchanged : .unknown)
    }

    /// Whether the reply is a web page that no S3 server sent. Those set fields of their own beside every object.
    func isPage(_ response: HTTPResponse) -> Bool {
      guard response.headers["Content-Type"]?.lowercased().hasPrefix("text/html") == true else { return false }
      return !response.headers.fields.contains { $0.name.lowercased().hasPrefix("x-amz-") }
    }
  }
#endif
