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
    private static let pathByteLimit = 3_072

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

    private static func mistake(in base: String) -> String? {
      do throws(DriverError) {
        try HTTPRequest("GET", base).check()
        if base.contains("?") || base.contains("#") { return "the base address has a query or a fragment" }
        return base.pathSegments.contains(where: \.isDots) ? "the base address has a segment of dots" : nil
      } catch {
        return error.message
      }
    }

    // MARK: Addresses

    /// The address of a key.
    func url(of key: Key) throws(DriverError) -> String {
      if let mistake { throw DriverError(.unroutable, mistake) }
      guard let path = layout.path(of: key) else {
        throw DriverError(.invalidKey, "\(key) has no place below \(place), as the driver's layout has it")
      }
      guard path.utf8.count <= Self.pathByteLimit else {
        throw DriverError(
          .invalidKey,
          "\(key) has a path of \(path.utf8.count) bytes below \(place): beyond \(Self.pathByteLimit), servers "
            + "say of what is there that it is not")
      }
      return "\(base)/\(path)"
    }

    /// Whether a URL is below the base, also when libcurl and the server have understood its dots.
    func isBelow(_ url: StorageURL) -> Bool {
      let start = "\(base)/"
      guard url.string.utf8.count > start.utf8.count, !url.string.contains("#"), url.string.isASCIIText else {
        return false
      }
      let origin = HTTPRequest("GET", base).origin
      let isSamePlace =
        url.string.prefix(origin.count).lowercased() == origin
        && url.string.dropFirst(origin.count).hasPrefix(start.dropFirst(origin.count))
      return isSamePlace && !url.string.pathSegments.contains(where: \.isDots)
    }

    /// The key that a URL below the base is of; `nil` when none can be told.
    func key(of url: StorageURL) -> Key? {
      layout.key(at: String(url.string.dropFirst(base.count + 1)))
    }

    // MARK: Asking

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
      let response = try await client.send(request, in: context)
      switch response.status {
      case 200, 203: break
      case 206 where range != nil: break
      case 416 where range != nil && response.wholeByteCount == 0: break
      case 404, 410: return nil
      case 200..<300:
        throw DriverError(
          .unavailable,
          "\(operation) at \(shown(url)) was answered with status \(response.status), which has no datum: "
            + "check the address", effect: .unchanged, isRetryable: false)
      default: throw response.error(operation, at: shown(url), isRead: true, on: context.runtime)
      }
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
    var wholeByteCount: Int? {
      guard status == 206 || status == 416 else { return body.count }
      guard let range = headers["Content-Range"], let slash = range.firstIndex(of: "/"),
        let count = Int(range[range.index(after: slash)...]), count >= 0
      else { return nil }
      if status == 416 { return count }
      guard range.hasPrefix("bytes 0-"), Int(range[..<slash].dropFirst("bytes 0-".count)) == body.count - 1,
        count >= body.count
      else { return nil }
      return count
    }
  }

  extension StorageURL {
    /// Whether the scheme is http or https.
    var isWeb: Bool { scheme == "http" || scheme == "https" }

    /// The URL without its query, which may hold a secret of somebody's.
    var shown: String { String(string.prefix { $0 != "?" }.prefix(300)) }
  }

  extension String {
    fileprivate var isASCIIText: Bool { utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") } }

    /// The segments behind the host, up to the query.
    fileprivate var pathSegments: ArraySlice<Substring> {
      prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false).dropFirst(3)
    }

    /// Whether a value of `Content-Type` is of a media type, whatever its parameters.
    fileprivate func isMediaType(_ type: String) -> Bool {
      prefix { $0 != ";" && $0 != " " }.lowercased() == type.lowercased()
    }
  }

  extension Substring {
    /// Whether servers take the segment for `.` or `..`.
    fileprivate var isDots: Bool {
      let text = lowercased().split(separator: "%2e", omittingEmptySubsequences: false).joined(separator: ".")
      return text == "." || text == ".."
    }
  }
#endif
