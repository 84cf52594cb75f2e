#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// Listings: what the collections have, sorted.
  extension WebDAVStore {
    /// How many collections, or resources, are asked about at once.
    private static let concurrency = 8
    /// The longest answer about one collection.
    private static let collectionByteLimit = 64 << 20
    /// Deeper than any key's resource lies.
    private static let depthLimit = 3 + DataID.maximumByteCount * 3 / (StoredName.segmentLimit - 2)
    private static let question = """
      <?xml version="1.0" encoding="utf-8"?>
      <propfind xmlns="DAV:"><prop><resourcetype/><getlastmodified/></prop></propfind>
      """

    /// What is in a collection.
    struct Member: Sendable {
      /// Its path below the store.
      let path: String
      let isCollection: Bool
      let lastModified: String?
    }

    func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      try await ready(in: context)
      var keys = SmallestKeys(limit: request.limit + 1)
      var collections = [request.kind.rawValue]
      var depth = 0
      var isAnyMissing = false
      while !collections.isEmpty, depth <= Self.depthLimit {
        let found = try await concurrently(collections) { path throws(DriverError) in
          try await self.members(of: path, in: context)
        }
        collections = []
        for members in found {
          guard let members else {
            isAnyMissing = true
            continue
          }
          for member in members {
            if member.isCollection {
              if depth == 0 || member.path.utf8.last == UInt8(ascii: "+") { collections.append(member.path) }
            } else if let key = StoredName.key(at: member.path), request.includes(key) {
              keys.insert(key)
            }
          }
        }
        depth += 1
      }
      if isAnyMissing { try await confirm(in: context) }
      let found = keys.sorted
      let stats = try await concurrently(Array(found.prefix(request.limit))) { key throws(DriverError) in
        try await self.stat(listing: key, in: context)
      }
      return Page(
        zip(found, stats).compactMap { key, stat in stat.map { Page.Entry(key, $0) } },
        next: found.count > request.limit ? Cursor(after: found[request.limit - 1]) : nil)
    }

    /// What a listing says of a key. A damaged copy is listed too, with the bytes it takes: reading it says what is wrong.
    private func stat(listing key: Key, in context: Context) async throws(DriverError) -> Stat? {
      guard let head = try await head(key, in: context) else { return nil }
      return (try? Record.stat(decoding: head.bytes, storedByteCount: head.byteCount, for: key))
        ?? Stat(byteCount: head.byteCount)
    }

    /// Asks what is in a collection.
    ///
    /// - Returns: `nil` when the server says that there is no such collection.
    func members(of collection: String, in context: Context) async throws(DriverError) -> [Member]? {
      let operation = "list of \(collection)"
      let response = try await send(
        "PROPFIND", "\(collection)/", headers: ["Depth": "1", "Content-Type": "application/xml"],
        body: .bytes(Array(Self.question.utf8)), byteLimit: Self.collectionByteLimit, in: context)
      if response.isAbsence { return nil }
      guard response.status == 207 else {
        throw try error(operation, collection, response, isRead: true, in: context)
      }
      let resources = try Multistatus(decoding: response.body).resources
      let address = try address.get()
      var members: [Member] = []
      var isAboutIt = false
      for resource in resources {
        guard let path = address.path(of: resource.href, in: collection) else { continue }
        if path == collection { isAboutIt = true }
        guard path.utf8.starts(with: "\(collection)/".utf8) || path == collection else { continue }
        if let status = resource.status, status != 200, status != 404 {
          throw DriverError(
            .unavailable, "\(operation) at \(try url(collection)): the server has status \(status) for \(quoted(path))",
            effect: .unchanged)
        }
        guard path != collection, resource.status != 404 else { continue }
        members.append(
          Member(path: path, isCollection: resource.isCollection, lastModified: resource.lastModified))
      }
      // An answer about other addresses would read as a collection that is empty.
      guard isAboutIt else {
        throw DriverError(
          .unavailable,
          "\(operation) at \(try url(collection)) was answered for other addresses, such as "
            + "\(quoted(resources.first?.href ?? "none")): give WebDAVDriver the path that the server itself knows",
          effect: .unchanged, isRetryable: false)
      }
      return members
    }

    /// Removes what writers left behind a day ago and more, by the server's own clock.
    func sweep(in context: Context) async throws(DriverError) {
      let response = try await send("HEAD", Self.marker, in: context)
      guard let now = response.headers["Date"].flatMap(HTTPDate.parse) else { return }
      let old = try await members(of: Self.temporary, in: context)?.filter { member in
        guard !member.isCollection, let date = member.lastModified.flatMap(HTTPDate.parse) else { return false }
        return now - date > .seconds(86_400)
      }
      _ = try await concurrently(Array((old ?? []).prefix(1_000))) { member throws(DriverError) in
        _ = try await self.send("DELETE", member.path, isRead: true, in: context)
      }
    }

    /// Does something with each item, a few at once, and ends at the first failure.
    ///
    /// - Returns: The answers, in the order of the items.
    private func concurrently<Item: Sendable, Answer: Sendable>(
      _ items: [Item], _ body: @escaping @Sendable (Item) async throws(DriverError) -> Answer
    ) async throws(DriverError) -> [Answer] {
      let results = await withTaskGroup(of: (Int, Result<Answer, DriverError>).self) { group in
        var next = 0
        func begin() {
          guard next < items.count else { return }
          let (index, item) = (next, items[next])
          next += 1
          group.addTask {
            do throws(DriverError) { return (index, .success(try await body(item))) } catch {
              return (index, .failure(error))
            }
          }
        }
        for _ in 0..<Self.concurrency { begin() }
        var answers: [Result<Answer, DriverError>?] = Array(repeating: nil, count: items.count)
        while let (index, result) = await group.next() {
          answers[index] = result
          if case .failure = result {
            group.cancelAll()
            return [result]
          }
          begin()
        }
        return answers.compactMap(\.self)
      }
      return try results.map { result throws(DriverError) in try result.get() }
    }
  }

  extension HTTPAddress {
    /// The path below this address that a server speaks of; `nil` for one that is not below it. Servers behind a proxy may
    /// give themselves another scheme and host, so that only the path counts.
    ///
    /// - Parameter collection: Where a relative address begins.
    func path(of href: String, in collection: String) -> String? {
      var rest = href.prefix { $0 != "?" && $0 != "#" }
      if let scheme = rest.firstRange(of: "://") {
        rest = rest[scheme.upperBound...].drop { $0 != "/" }
      }
      let isRelative = rest.utf8.first != UInt8(ascii: "/")
      // Segments that lead nowhere else: servers and proxies write them, and mean the same (RFC 3986, section 5.2.4).
      let segments = rest.split(separator: "/").filter { $0 != "." }
      let plain = (isRelative ? "" : "/") + segments.joined(separator: "/")
      guard !segments.contains(".."), let decoded = HTTPAddress.decoded(plain[...]) else { return nil }
      var path = decoded[...]
      while path.utf8.last == UInt8(ascii: "/") { path = path.dropLast() }
      guard decoded.utf8.first == UInt8(ascii: "/") else { return path.isEmpty ? nil : "\(collection)/\(path)" }
      guard path.utf8.starts(with: "\(self.path)/".utf8) else { return nil }
      return String(decoding: path.utf8.dropFirst(self.path.utf8.count + 1), as: UTF8.self)
    }
  }
#endif
