#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// Large objects, which are sent in parts.
  extension S3Store {
    /// How many parts of one object are under way at a time.
    private static let concurrency = 4

    /// Writes an object in parts. Until the last request nothing of it is to be seen, and what was sent is given up when
    /// that request is not reached.
    func putInParts(
      _ content: S3Content, at name: String, _ operation: String, in context: Context
    ) async throws(DriverError) {
      let upload: String
      do throws(DriverError) { upload = try await begin(content, name, operation, context) } catch {
        throw error.with(effect: .unchanged)
      }
      do throws(DriverError) {
        let tags: [Part]
        do throws(DriverError) { tags = try await send(content.body, name, upload, operation, context) } catch {
          throw error.with(effect: .unchanged)
        }
        try await complete(tags, name, upload, operation, context)
        try await confirm(content, name, operation, context)
      } catch {
        // Not in the caller's task, which may be cancelled or out of time: parts that stay cost money.
        let aside = Context(
          context.runtime, options: CallOptions(timeout: .seconds(30), credentials: context.credentials))
        context.runtime.start { try? await self.giveUp(upload, of: name, in: aside) }
        throw error
      }
    }

    private func begin(
      _ content: S3Content, _ name: String, _ operation: String, _ context: Context
    ) async throws(DriverError) -> String {
      let response = try await send(
        Request(
          method: "POST", object: name, query: [("uploads", "")], headers: content.headers, hasChecksum: true,
          isRead: false), in: context)
      guard response.isSuccess else { throw try failed(operation, response, context) }
      guard let document = S3Document.read(response.body), document.name.hasPrefix("InitiateMultipartUpload"),
        let upload = document["UploadId"], !upload.isEmpty, upload.utf8.count <= 1_024
      else { throw try unusable(operation, "the beginning of an upload") }
      return upload
    }

    /// What a server says of a part, and what it was told of it.
    private struct Part: Sendable {
      let tag: String
      /// `nil` where it was told none.
      let checksum: String?
    }

    /// Sends the parts, a few at a time, from where the bytes are.
    private func send(
      _ body: ArraySlice<UInt8>, _ name: String, _ upload: String, _ operation: String, _ context: Context
    ) async throws(DriverError) -> [Part] {
      let sizes = PartSizes(byteCount: body.count, partByteCount: setting.partByteCount)
      return try await collected(sizes.count, atATime: Self.concurrency) { number throws(DriverError) in
        let range = sizes.range(of: number)
        let part = body[body.startIndex + range.lowerBound..<body.startIndex + range.upperBound]
        return try await self.send(part, number + 1, name, upload, operation, context)
      }
    }

    private func send(
      _ part: ArraySlice<UInt8>, _ number: Int, _ name: String, _ upload: String, _ operation: String,
      _ context: Context
    ) async throws(DriverError) -> Part {
      let hash = hexString(Digest.sha256(part))
      let response = try await send(
        Request(
          method: "PUT", object: name, query: [("partNumber", "\(number)"), ("uploadId", upload)], body: part,
          payloadHash: hash, hasChecksum: true, isRead: false), in: context)
      guard response.isSuccess else { throw try failed("\(operation), part \(number),", response, context) }
      try checkIsObject(response, "\(operation), part \(number),", isRead: false)
      return Part(tag: response.headers["ETag"] ?? "", checksum: sendsChecksums ? Digest.base64(hash) : nil)
    }

    /// Makes an object of the parts. The server may answer 200 before it knows, and say in the body that it failed.
    private func complete(
      _ parts: [Part], _ name: String, _ upload: String, _ operation: String, _ context: Context
    ) async throws(DriverError) {
      let parts = parts.enumerated().map { number, part in
        "<Part><PartNumber>\(number + 1)</PartNumber><ETag>\(Self.escaped(part.tag))</ETag>"
          + (part.checksum.map { "<ChecksumSHA256>\($0)</ChecksumSHA256>" } ?? "") + "</Part>"
      }
      let body =
        "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(parts.joined())"
        + "</CompleteMultipartUpload>"
      let response = try await send(
        Request(
          method: "POST", object: name, query: [("uploadId", upload)], headers: [("content-type", "application/xml")],
          body: Array(body.utf8)[...], isRead: false), in: context)
      guard response.isSuccess else { throw try failed(operation, response, context) }
      guard let document = S3Document.read(response.body) else { throw try unusable(operation, "the end of an upload") }
      if document.name == "CompleteMultipartUploadResult" { return }
      let failure = S3Failure(response, document: document)
      guard let code = failure.code else { throw try unusable(operation, "the end of an upload") }
      // The status says nothing of the failure; the code alone has to.
      var inner = response
      inner.status = code == "SlowDown" || code == "ServiceUnavailable" ? 503 : 500
      throw failure.error(operation, inner, at: try place.get(), isRead: false, on: context.runtime)
    }

    /// Sees to it that the object says of itself what the upload was begun with: there are servers that forget that, and then
    /// the copy ranks below every other.
    private func confirm(
      _ content: S3Content, _ name: String, _ operation: String, _ context: Context
    ) async throws(DriverError) {
      guard content.headers.contains(where: { $0.0 == S3Fields.name }) else { return }
      let response: HTTPResponse
      do throws(DriverError) {
        response = try await send(Request(method: "HEAD", object: name, isRead: true), in: context)
      } catch { throw error.with(effect: .unknown) }
      guard response.status == 200 else {
        throw try failed("\(operation), a look at what was stored,", response, context).with(effect: .unknown)
      }
      // Another write may have come meanwhile: its fields say so.
      guard response.headers[S3Fields.name] == nil else { return }
      throw DriverError(
        .unsupported,
        "\(operation) at \(try place.get().endpoint): the object is stored, and the server has forgotten its metadata, which "
          + "were sent when the upload in parts began: make the driver with stamps: .envelope", effect: .unknown)
    }

    private static func escaped(_ text: String) -> String {
      var escaped = ""
      for scalar in text.unicodeScalars {
        switch scalar {
        case "&": escaped += "&amp;"
        case "<": escaped += "&lt;"
        case ">": escaped += "&gt;"
        case "\"": escaped += "&quot;"
        default: escaped.unicodeScalars.append(scalar)
        }
      }
      return escaped
    }

    /// Has the server forget the parts of an upload.
    func giveUp(_ upload: String, of name: String, in context: Context) async throws(DriverError) {
      let response = try await send(
        Request(method: "DELETE", object: name, query: [("uploadId", upload)], isRead: false), in: context)
      guard response.isSuccess || response.status == 404 else {
        throw try failed("the end of an upload to \(quoted(name))", response, context)
      }
    }

    /// Has the server forget uploads below the prefix that began long ago: their writers are dead.
    func giveUpAbandoned(olderThan age: Duration, in context: Context) async throws(DriverError) {
      let prefix = try place.get().prefix
      var markers: [(String, String)] = []
      let operation = "clean-up of uploads"
      for _ in 0..<100 {
        let response = try await send(
          Request(
            method: "GET", query: [("uploads", ""), ("prefix", prefix)] + markers, isRead: true), in: context)
        guard response.isSuccess else { throw try failed(operation, response, context, isRead: true) }
        guard let document = S3Document.read(response.body), document.name == "ListMultipartUploadsResult" else {
          throw try unusable(operation, "a list of uploads").with(effect: .unchanged)
        }
        for upload in document.all("Upload") {
          guard let name = upload["Key"], let id = upload["UploadId"], name.hasPrefix(prefix),
            let begun = upload["Initiated"].flatMap(S3Time.parse), context.runtime.wallTime - begun > age
          else { continue }
          try await giveUp(id, of: name, in: context)
        }
        guard document["IsTruncated"] == "true", let key = document["NextKeyMarker"], !key.isEmpty else { return }
        markers = [("key-marker", key), ("upload-id-marker", document["NextUploadIdMarker"] ?? "")]
      }
    }

    func failed(
      _ operation: String, _ response: HTTPResponse, _ context: Context, isRead: Bool = false
    ) throws(DriverError) -> DriverError {
      S3Failure(response).error(operation, response, at: try place.get(), isRead: isRead, on: context.runtime)
    }

    func unusable(_ operation: String, _ what: String) throws(DriverError) -> DriverError {
      DriverError(
        .unavailable,
        "\(operation) at \(try place.get().endpoint): the reply is not \(what) as S3 has it; check the endpoint")
    }
  }
#endif
