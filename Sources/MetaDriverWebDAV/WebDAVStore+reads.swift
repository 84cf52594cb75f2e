#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// Reads.
  extension WebDAVStore {
    /// Reads a key.
    func read(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      try await ready(in: context)
      guard let response = try await content(key, "get of \(key)", in: context) else {
        try await confirm(in: context)
        return nil
      }
      var record = try Record(decoding: response.body, for: key)
      record.facts = StoreFacts(
        entityTag: response.headers["ETag"], lastModified: response.headers["Last-Modified"].flatMap(HTTPDate.parse))
      return record
    }

    /// All that is stored under a key, asked for twice where it may be somebody else's answer: whoever stands in between,
    /// and asks for a login, does so with status 200.
    private func content(
      _ key: Key, _ operation: String, in context: Context
    ) async throws(DriverError) -> HTTPResponse? {
      let response = try await fetch(key, operation, in: context)
      guard let response, response.isDoubtful else { return response }
      try await confirm(in: context)
      guard let again = try await fetch(key, operation, in: context), again.body == response.body else {
        throw DriverError(
          .unavailable,
          "\(operation) at \(try url(StoredName(key).path)) was answered with status 200 and "
            + (response.words.map { quoted($0) } ?? "no bytes")
            + ", and then with something else: check who answers there",
          effect: .unchanged)
      }
      return again
    }

    /// Asks for all that is stored under a key; `nil` when the server says that nothing is there, which is to be confirmed.
    private func fetch(
      _ key: Key, _ operation: String, in context: Context
    ) async throws(DriverError) -> HTTPResponse? {
      let path = StoredName(key).path
      let response = try await send("GET", path, byteLimit: storedByteLimit, in: context)
      if response.isAbsence { return nil }
      guard response.status == 200 else { throw try error(operation, path, response, isRead: true, in: context) }
      guard response.body.count <= storedByteLimit else { throw tooLarge(key, response.body.count) }
      return response
    }

    /// The first bytes of a resource, and how many there are in all.
    struct Head {
      let bytes: [UInt8]
      let byteCount: Int
    }

    /// Reads the first bytes of what is stored under a key: as many as tell its size and stamp. All of it is read where the
    /// server makes nothing of the range, or where its answer may be somebody else's.
    ///
    /// - Returns: `nil` when the server says that nothing is there, which is to be confirmed.
    func head(_ key: Key, in context: Context) async throws(DriverError) -> Head? {
      let (path, operation) = (StoredName(key).path, "stat of \(key)")
      let count = Record.envelopeByteCount
      let response = try await send(
        "GET", path, headers: ["Range": "bytes=0-\(count - 1)"], byteLimit: storedByteLimit, in: context)
      if response.isAbsence { return nil }
      switch response.status {
      case 200 where response.headers["Content-Range"] == nil:
        // A part may come with the status of the whole, and without a word.
        let isWhole = response.body.count != count
        if isWhole, !response.isDoubtful { return Head(bytes: response.body, byteCount: response.body.count) }
      case 200, 206:
        let total = Self.total(response.headers["Content-Range"])
        if let total, response.body.count == min(count, total) { return Head(bytes: response.body, byteCount: total) }
      // Nothing can be sent of what has no bytes.
      case 416 where Self.total(response.headers["Content-Range"]) == 0: return Head(bytes: [], byteCount: 0)
      case 416: break
      default: throw try error(operation, path, response, isRead: true, in: context)
      }
      guard let whole = try await content(key, operation, in: context) else { return nil }
      return Head(bytes: whole.body, byteCount: whole.body.count)
    }

    /// How many bytes there are in all, by a field such as `bytes 0-61/1234` or `bytes */0`.
    private static func total(_ range: String?) -> Int? {
      guard let range, range.hasPrefix("bytes 0-") || range.hasPrefix("bytes */"), let slash = range.lastIndex(of: "/")
      else { return nil }
      return Int(range[range.index(after: slash)...]).flatMap { $0 >= 0 ? $0 : nil }
    }

    func tooLarge(_ key: Key, _ byteCount: Int) -> DriverError {
      DriverError(.tooLarge, "\(key) has \(byteCount) bytes, this WebDAVDriver takes \(maximumByteCount)")
    }
  }

  extension HTTPResponse {
    /// Whether a success may be somebody else's: a page, or nothing at all.
    fileprivate var isDoubtful: Bool {
      body.isEmpty || headers["Content-Type"]?.lowercased().hasPrefix("text/html") == true
    }
  }
#endif
