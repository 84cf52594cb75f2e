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
      guard let response = try await fetch(key, "get of \(key)", in: context) else { return nil }
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

    /// Reads a whole object.
    private func fetch(
      _ key: Key, _ operation: String, in context: Context
    ) async throws(DriverError) -> HTTPResponse? {
      try found(try await send(try whole(key), in: context), [200], operation, context)
    }

    private func whole(_ key: Key) throws(DriverError) -> Request {
      Request(
        method: "GET", object: try object(of: key), isRead: true,
        maximumByteCount: min(setting.maximumByteCount, .max - Record.envelopeByteCount) + Record.envelopeByteCount)
    }

    /// Looks at the first bytes of an object, which is all that describing it takes.
    ///
    /// A `HEAD` would do for most objects, but its reply cannot say whether it is the object that is missing, or the bucket.
    /// It is asked where the server makes nothing of the range, or does not hand out the object; and all of the object where
    /// that does not do either.
    ///
    /// - Parameter isListed: Whether an answer that refuses the object is a copy in doubt, and no failure.
    func look(_ key: Key, isListed: Bool = false, in context: Context) async throws(DriverError) -> S3Copy {
      let (operation, count) = ("stat of \(key)", Record.envelopeByteCount)
      var request = Request(method: "GET", object: try object(of: key), isRead: true, maximumByteCount: 1 << 16)
      request.headers = [("range", "bytes=0-\(count - 1)")]
      let response: HTTPResponse
      do throws(DriverError) { response = try await send(request, in: context) } catch {
        // Sent whole, and more than a look is worth.
        guard error.code == .tooLarge else { throw error }
        return try await lookAtAll(key, operation, isListed, in: context)
      }
      if response.status == 416 || S3Failure(response).isArchived {
        return try await lookAtAll(key, operation, isListed, in: context)
      }
      let object: HTTPResponse?
      do throws(DriverError) { object = try found(response, [200, 206], operation, context) } catch {
        guard isListed else { throw error }
        return .damaged(error, tag: "")
      }
      guard let object else { return .absent }
      guard let byteCount = Self.wholeByteCount(object, askedFor: count) else {
        return try await lookAtAll(key, operation, isListed, in: context)
      }
      return copy(key, object, byteCount: byteCount)
    }

    private func lookAtAll(
      _ key: Key, _ operation: String, _ isListed: Bool, in context: Context
    ) async throws(DriverError) -> S3Copy {
      let request = Request(method: "HEAD", object: try object(of: key), isRead: true)
      let head = try await send(request, in: context)
      if head.status == 200, head.headers[S3Fields.name] != nil, head.headers["ETag"] != nil,
        let byteCount = head.headers["Content-Length"].flatMap({ Int($0) })
      {
        return copy(key, head, byteCount: byteCount)
      }
      let response = try await send(try whole(key), in: context)
      do throws(DriverError) {
        guard let object = try found(response, [200], operation, context) else { return .absent }
        return copy(key, object, byteCount: object.body.count)
      } catch {
        guard isListed else { throw error }
        return .damaged(error, tag: "")
      }
    }

    private func copy(_ key: Key, _ response: HTTPResponse, byteCount: Int) -> S3Copy {
      let tag = response.headers["ETag"] ?? ""
      do throws(DriverError) {
        let stat = try stat(of: key, response, byteCount: byteCount)
        return .sound(stat, tag: tag, token: response.headers[Self.tokenField])
      } catch {
        return .damaged(error, tag: tag)
      }
    }

    /// How long an object is of which so many bytes were asked for; `nil` where the reply does not fit that.
    private static func wholeByteCount(_ response: HTTPResponse, askedFor count: Int) -> Int? {
      let field = response.headers["Content-Range"]
      let total = field.flatMap { $0.split(separator: "/").last.flatMap { Int($0) } }
      guard response.status == 206 || field != nil else {
        // A part may come with the status of the whole, and without a word.
        return response.body.count != count ? response.body.count : nil
      }
      guard let field, let total, field.hasPrefix("bytes 0-"), response.body.count == min(count, total) else {
        return nil
      }
      return total
    }

    private func stat(of key: Key, _ response: HTTPResponse, byteCount: Int) throws(DriverError) -> Stat {
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
      _ response: HTTPResponse, _ statuses: Set<Int>, _ operation: String, _ context: Context
    ) throws(DriverError) -> HTTPResponse? {
      guard statuses.contains(response.status) else {
        let failure = S3Failure(response)
        if failure.isAbsence(response) { return nil }
        throw failure.error(operation, response, at: try place.get(), isRead: true, on: context.runtime)
      }
      try response.checkEncoding(operation, at: try place.get().endpoint)
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
