#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// Listings.
  extension S3Store {
    /// How many objects of a page are looked at at a time.
    private static let concurrency = 16
    /// How many pages in a row may have nothing on them, though there are more.
    private static let emptyPageLimit = 1_000
    /// How many names are asked for at a time: no more than S3 gives, and enough for a disorder to show.
    private static let pageLimits = 64...1_000

    /// Lists one page of keys: names from the server's listing, which says nothing of stamps, and a look at each.
    func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      let (entries, isEnd) = try await names(request, in: context)
      let looks = try await collected(entries.count, atATime: Self.concurrency) { number throws(DriverError) in
        // What the server refuses is listed as it is, in doubt.
        try await self.look(entries[number].key, isListed: true, in: context)
      }
      // Nothing that could be looked at: the server is to blame, and no object.
      if let error = looks.failureOfAll { throw error }
      var found: [Page.Entry] = []
      for (entry, look) in zip(entries, looks) {
        switch look {
        case .absent: continue
        case .damaged: found.append(entry)
        case .sound(let stat, _, _): found.append(Page.Entry(entry.key, stat))
        }
      }
      return Page(found, next: isEnd ? nil : entries.last.map { Cursor(after: $0.key) })
    }

    /// The keys of a page with the sizes of their objects, and whether there are no more.
    private func names(
      _ request: ListRequest, in context: Context
    ) async throws(DriverError) -> (entries: [Page.Entry], isEnd: Bool) {
      let place = try place.get()
      let prefix = place.prefix + S3Key.path(request.kind, prefix: request.prefix)
      guard prefix.utf8.count <= S3Key.maximumByteCount else { return ([], true) }
      // A name too long to be stored ranks behind its beginning, and what is between the two is left out below.
      var after = request.cursor.map { String((place.prefix + S3Key.path(of: $0.key)).prefix(S3Key.maximumByteCount)) }
      var entries: [Page.Entry] = []
      var token: String?
      var emptyPages = 0
      while true {
        let wanted = request.limit - entries.count + 1
        let page = try await page(
          prefix, after, token, min(max(wanted, Self.pageLimits.lowerBound), Self.pageLimits.upperBound), context)
        for object in page.objects {
          guard let key = S3Key.key(at: object.name.dropFirst(place.prefix.utf8.count)), request.includes(key) else {
            continue
          }
          guard entries.count < request.limit else { return (entries, false) }
          entries.append(Page.Entry(key, Stat(byteCount: object.byteCount)))
        }
        guard page.isTruncated else { return (entries, true) }
        guard let last = page.objects.last else {
          // There are servers that show a page without what was deleted on it.
          emptyPages += 1
          token = page.token
          guard token != nil, emptyPages <= Self.emptyPageLimit else {
            throw try unusable("list", "a page of a listing").with(effect: .unchanged)
          }
          continue
        }
        (after, token) = (last.name, nil)
      }
    }

    private func page(
      _ prefix: String, _ after: String?, _ token: String?, _ limit: Int, _ context: Context
    ) async throws(DriverError) -> S3Page {
      var query = [("list-type", "2"), ("max-keys", "\(limit)"), ("prefix", prefix)]
      if let token {
        query.append(("continuation-token", token))
      } else if let after {
        query.append(("start-after", after))
      }
      let response = try await send(Request(method: "GET", query: query, isRead: true), in: context)
      guard response.isSuccess else { throw try failed("list", response, context, isRead: true) }
      try response.checkEncoding("list", at: try place.get().endpoint)
      guard let page = S3Page(response.body), page.objects.count <= limit else {
        throw try unusable("list", "a page of a listing").with(effect: .unchanged)
      }
      guard page.isInOrder(after: after, prefix: prefix) else {
        throw DriverError(
          .unsupported,
          "list at \(try place.get().endpoint): the server lists objects out of order, or others than it was asked for, "
            + "so that pages could leave out keys: use a bucket whose objects are listed in the order of their names")
      }
      return page
    }
  }

  extension [S3Copy] {
    /// Why nothing could be looked at, if that is so of all, and there are several.
    fileprivate var failureOfAll: DriverError? {
      guard count > 1 else { return nil }
      var first: DriverError?
      for copy in self {
        guard case .damaged(let error, tag: "") = copy else { return nil }
        first = first ?? error
      }
      return first
    }
  }
#endif
