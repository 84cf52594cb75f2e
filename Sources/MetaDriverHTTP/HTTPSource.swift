#if HTTP
  import MetaDriver

  /// What an ``HTTPDriver`` asks, and what it makes of the answers.
  struct HTTPSource: Sendable {
    /// The base address, without a slash at the end.
    let base: String
    let name: String?
    let layout: HTTPLayout
    let headers: HTTPHeaders
    let credential: Secret?
    let contentType: String?
    let claimsEveryURL: Bool
    let followsToPrivateAddresses: Bool
    let maximumByteCount: Int
    let client: any HTTPClient
    /// What is wrong with the way the driver was made; `nil` when nothing is.
    let mistake: String?
    /// The base address, to show.
    let place: String

    private static let redirectLimit = 5
    /// Servers look for files, whose paths have 4,096 bytes at most, and answer 404 for longer ones.
    static let pathByteLimit = 3_072

    init(
      base: String, name: String?, layout: HTTPLayout, headers: HTTPHeaders, credential: Secret?, contentType: String?,
      claimsEveryURL: Bool, followsToPrivateAddresses: Bool, maximumByteCount: Int, client: any HTTPClient
    ) {
      self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
      self.name = name
      self.layout = layout
      self.headers = headers
      self.credential = credential
      self.contentType = contentType
      self.claimsEveryURL = claimsEveryURL
      self.followsToPrivateAddresses = followsToPrivateAddresses
      self.maximumByteCount = maximumByteCount
      self.client = client
      mistake = layout.mistake ?? Self.mistake(in: self.base)
      place = mistake == nil ? self.base : "no address"
    }

    /// Asks for an address; `nil` when nothing is there.
    ///
    /// - Parameters:
    ///   - url: The address.
    ///   - operation: What for, in words.
    ///   - range: How many of the first bytes are enough; `nil` for all.
    ///   - isOwn: Whether it is below the base.
    func fetch(
      _ url: String, _ operation: String, range: Int? = nil, isOwn: Bool = true, in context: Context
    ) async throws(DriverError) -> HTTPResponse? {
      let stored = maximumByteCount.addingReportingOverflow(Record.envelopeByteCount)
      var request = HTTPRequest(
        "GET", url, headers: isOwn ? try fields(context) : [:],
        maximumByteCount: stored.overflow ? .max : stored.partialValue,
        redirects: .followed(atMost: Self.redirectLimit, toPrivateAddresses: isOwn && followsToPrivateAddresses))
      request.refusesPrivateAddress = !isOwn
      if let range { request.headers.add("Range", "bytes=0-\(range - 1)") }
      request.headers.add("Accept-Encoding", "identity")
      let response = try await client.send(request, in: context).hidingSecrets(of: request)
      switch response.status {
      case 200, 203: break
      case 206 where range != nil: break
      // What else it says of a range is no word on the datum: it is asked for whole then.
      case 416 where range != nil: return response
      case 404, 410: return nil
      case 200..<300:
        throw DriverError(
          .unavailable,
          "\(operation) at \(shown(url)) was answered with status \(response.status), which has no datum: "
            + "check the address", effect: .unchanged, isRetryable: false)
      default: throw response.error(operation, at: shown(url), isRead: true, on: context.runtime)
      }
      try response.checkEncoding(operation, at: shown(url))
      if let contentType, let type = response.headers["Content-Type"], !type.isMediaType(contentType) {
        throw DriverError(
          .unavailable,
          "\(operation) at \(shown(url)) was answered with \(quoted(String(type.prefix(80)))) instead of "
            + "\(contentType): check the address, and whether somebody on the way asks for a login",
          effect: .unchanged, isRetryable: false)
      }
      return response
    }

    private func shown(_ url: String) -> String { String(url.prefix { $0 != "?" }.prefix(300)) }

    /// The fields of a request, with the secret in its place.
    private func fields(_ context: Context) throws(DriverError) -> HTTPHeaders {
      let placeholder = "{credential}"
      guard headers.fields.contains(where: { $0.value.contains(placeholder) }) else { return headers }
      guard let secret = name.flatMap({ context.credentials[$0] }) ?? credential else {
        throw DriverError(
          .denied,
          "there is no credential for \(name.map { "'\($0)'" } ?? "the HTTPDriver"): give one to the call, or to "
            + "the driver")
      }
      var filled: HTTPHeaders = [:]
      for field in headers.fields {
        if field.value.contains(placeholder) {
          let pieces = field.value.split(separator: placeholder, omittingEmptySubsequences: false)
          filled.add(field.name, secret: Secret(pieces.joined(separator: secret.value)))
        } else if field.isSecret {
          filled.add(field.name, secret: Secret(field.value))
        } else {
          filled.add(field.name, field.value)
        }
      }
      return filled
    }

    /// The record that a reply holds.
    func record(_ response: HTTPResponse, _ key: Key?) throws(DriverError) -> Record {
      // Without a key, bytes in an envelope cannot be told from another key's, and are refused as those are.
      var record = try Record(decoding: response.body, for: key ?? Self.nobody)
      guard record.bytes.count <= maximumByteCount else {
        throw DriverError(
          .tooLarge,
          "the datum at \(shown(response.url)) has \(record.bytes.count) bytes, this HTTPDriver takes "
            + "\(maximumByteCount)")
      }
      let lastModified = response.headers["Last-Modified"].flatMap(HTTPDate.parse)
      let tag = response.headers["ETag"]
      if tag != nil || lastModified != nil { record.facts = StoreFacts(entityTag: tag, lastModified: lastModified) }
      return record
    }

    private static let nobody = Key.mutable("\u{0}")
  }

  extension HTTPResponse {
    /// How long the whole datum is of which this reply has the beginning, or all; `nil` when it does not say.
    ///
    /// - Parameter range: How many bytes were asked for.
    func wholeByteCount(askedFor range: Int) -> Int? {
      let field = headers["Content-Range"]
      let total = field.flatMap { field in
        field.firstIndex(of: "/").flatMap { Int(field[field.index(after: $0)...]) }
      }
      switch status {
      // Nothing can be sent of what has no bytes.
      case 416: return total == 0 ? 0 : nil
      case _ where status == 206 || field != nil:
        guard let field, let total, field.hasPrefix("bytes 0-"), body.count == min(range, total) else { return nil }
        return total
      // A part may come with the status of the whole, and without a word.
      default: return body.count != range ? body.count : nil
      }
    }
  }

  extension String {
    /// Whether a value of `Content-Type` is of a media type, whatever its parameters.
    fileprivate func isMediaType(_ type: String) -> Bool {
      prefix { $0 != ";" && $0 != " " }.lowercased() == type.lowercased()
    }
  }
#endif
