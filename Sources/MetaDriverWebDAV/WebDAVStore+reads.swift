#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// Reads.
  extension WebDAVStore {
    /// Reads a key.
    func read(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      try await ready(in: context)
      let (path, operation) = (StoredName(key).path, "get of \(key)")
      let response = try await send("GET", path, byteLimit: storedByteLimit, in: context)
      if response.isAbsence {
        try await confirm(in: context)
        return nil
      }
      guard response.status == 200 else { throw try error(operation, path, response, isRead: true, in: context) }
      guard response.body.count <= storedByteLimit else { throw tooLarge(key, response.body.count) }
      var record = try Record(decoding: response.body, for: key)
      // Whoever stands in between, and asks for a login, does so with status 200.
      if record.stamp == nil, response.headers["Content-Type"]?.lowercased().hasPrefix("text/html") == true {
        try await confirm(in: context)
      }
      record.facts = StoreFacts(
        entityTag: response.headers["ETag"], lastModified: response.headers["Last-Modified"].flatMap(HTTPDate.parse))
      return record
    }

    /// The first bytes of a resource, and how many there are in all.
    struct Head {
      let bytes: [UInt8]
      let byteCount: Int
    }

    /// Reads the first bytes of what is stored under a key: as many as tell its size and stamp.
    ///
    /// - Returns: `nil` when the server says that nothing is there, which is to be confirmed.
    func head(_ key: Key, in context: Context) async throws(DriverError) -> Head? {
      let (path, operation) = (StoredName(key).path, "stat of \(key)")
      let response = try await send(
        "GET", path, headers: ["Range": "bytes=0-\(Record.envelopeByteCount - 1)"], byteLimit: storedByteLimit,
        in: context)
      if response.isAbsence { return nil }
      switch response.status {
      case 200: return Head(bytes: response.body, byteCount: response.body.count)
      case 206:
        guard let total = Self.total(response.headers["Content-Range"]), response.body.count <= total else {
          throw DriverError(
            .unavailable, "\(operation) at \(try url(path)): the server sends a part, and does not say of how much",
            effect: .unchanged)
        }
        return Head(bytes: response.body, byteCount: total)
      // Nothing can be sent of what has no bytes.
      case 416 where Self.total(response.headers["Content-Range"]) == 0: return Head(bytes: [], byteCount: 0)
      default: throw try error(operation, path, response, isRead: true, in: context)
      }
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
#endif
