import MetaDriver

/// Descriptions and listings.
extension CaseRun {
  func checkStats() async {
    await expectStat(at: key("never written"), "use an empty store")
    let records = [
      Record([]), Record(value(1)), Record(value(5_000)),
      Record(Record(value(40), stamp: runtime.nextStamp()).encoded(for: key("described 3"))),
      Record(value(700), stamp: runtime.nextStamp(), parent: runtime.nextStamp()),
      Record.tombstone(DeletionProof(value(20)), stamp: runtime.nextStamp()),
    ]
    for (number, record) in records.enumerated() {
      let key = key("described \(number)")
      guard await store(record, at: key) else { return }
      await expectStat(at: key, "put \(show(record)) at \(key)")
    }
    let key = key("described, then deleted")
    guard await store(Record(value(9)), at: key) else { return }
    await store(Record(value(3)), at: key)
    await expectStat(at: key, "put 9 bytes at \(key), put 3 bytes")
    guard facts.capabilities(for: .mutable).contains(.delete) else { return }
    _ = await delete(key)
    await expectStat(at: key, "put at \(key), delete it")
  }

  /// Finds fault with a description that is not that of the copy.
  private func expectStat(at key: Key, _ action: String) async {
    let copy = await get(key)
    guard case .success(let record) = copy else {
      return report("\(action), get \(key)", expected: "an answer", seen: show(copy))
    }
    let expected = record.map(Stat.init(of:))
    let reply = await stat(key)
    if case .success(let stat) = reply, stat == expected { return }
    report("\(action), stat \(key)", expected: "\(show(expected)), as get says", seen: show(reply))
  }

  /// The names of the listings. In the order of their bytes, which is neither the alphabet's nor a folder's.
  private var names: [String] {
    ["B", "a", "a-b", "a/", "a/b", "a/b/c", "a/c", "a0", "ab", "b", "e\u{301}", "z", "\u{e9}"]
  }

  private func fill() async -> Bool {
    for (number, name) in names.enumerated().reversed() {
      guard await store(Record(value(10 + number)), at: key(name)) else { return false }
    }
    return true
  }

  func checkListing() async {
    await expectListing([], limit: 10, "use an empty store")
    guard await fill() else { return }
    let action = "put \(names.count) keys"
    for limit in [1, 2, 3, names.count - 1, names.count, names.count + 1, 1_000] {
      guard let entries = await expectListing(names, limit: limit, action), limit == 1_000 else { continue }
      for (number, entry) in entries.enumerated() where entry.stat.byteCount != 10 + number {
        report("\(action), list", expected: "\(entry.key) with \(10 + number) bytes", seen: show(entry.stat))
      }
    }
    guard facts.capabilities(for: .mutable).contains(.delete) else { return }
    _ = await delete(key("a/b"))
    await expectListing(names.filter { $0 != "a/b" }, limit: 4, action + ", delete 'a/b'")
  }

  func checkListingPrefixes() async {
    guard await fill() else { return }
    for prefix in ["a", "a/", "a/b", "a/b/", "a/b/c", "ab", "A", "B", "e", "\u{e9}", "e\u{301}", "zz", "/", "b"] {
      // Strings would compare by characters.
      let expected = names.filter { $0.utf8.starts(with: prefix.utf8) }
      for limit in [2, 100] { await expectListing(expected, prefix: prefix, limit: limit, "put \(names.count) keys") }
    }
  }

  func checkListingKinds() async {
    let contents = (0..<3).map { value(30, $0) }
    let hashes = contents.map { ContentHash(of: $0).description }
    for (bytes, hash) in zip(contents, hashes) {
      guard await store(Record(bytes), at: .immutable(ContentHash(of: bytes))) else { return }
      guard await store(Record(bytes), at: key("m\(hash.prefix(4))")) else { return }
    }
    let action = "put 3 mutable keys and 3 immutable ones"
    await expectListing(hashes.map { "m\($0.prefix(4))" }.sorted(), limit: 2, action)
    await expectListing(hashes.sorted(), kind: .immutable, limit: 2, action)
    let prefix = String(hashes[0].prefix(6))
    await expectListing(
      hashes.sorted().filter { $0.hasPrefix(prefix) }, kind: .immutable, prefix: prefix, limit: 2, action)
  }

  func checkListingTombstones() async {
    let (buried, alive) = (key("buried"), key("alive"))
    guard await store(Record(value(10), stamp: runtime.nextStamp()), at: alive) else { return }
    guard await store(.tombstone(DeletionProof(value(4)), stamp: runtime.nextStamp()), at: buried) else { return }
    let reply = await list(ListRequest())
    if case .success(let page) = reply, page.entries.map(\.key) == [alive, buried],
      page.entries.map(\.stat.isTombstone) == [false, true]
    {
      return
    }
    report(
      "put a value at \(alive) and a tombstone at \(buried), then list",
      expected: "\(alive), \(buried) as a tombstone", seen: show(reply))
  }

  /// Reads a whole listing page by page, and finds fault with any other keys than these, in this order.
  ///
  /// - Returns: The entries, tombstones left out, unless something was wrong with them.
  @discardableResult
  func expectListing(
    _ expected: [String], kind: Key.Kind = .mutable, prefix: String = "", limit: Int, _ action: String
  ) async -> [Page.Entry]? {
    let action =
      "\(action), list \(kind) keys" + (prefix.isEmpty ? "" : " that begin with '\(prefix)'") + ", \(limit) a page"
    var entries: [Page.Entry] = []
    var cursor: Cursor?
    var pageCount = 0
    repeat {
      let request = ListRequest(kind, prefix: prefix, after: cursor, limit: limit)
      guard let page = await self.page(request, action) else { return nil }
      if let last = entries.last, let first = page.entries.first, first.key <= last.key {
        report(action, expected: "a page that begins behind \(last.key)", seen: show(.success(page)))
        return nil
      }
      entries += page.entries
      pageCount += 1
      guard pageCount <= 4 * (expected.count + 4) else {
        report(action, expected: "an end of the listing", seen: "\(pageCount) pages, and no end")
        return nil
      }
      cursor = page.next
    } while cursor != nil
    let alive = entries.filter { !$0.stat.isTombstone }
    guard alive.map(\.key.name).elementsEqual(expected, by: { $0.utf8.elementsEqual($1.utf8) }),
      alive.allSatisfy({ $0.key.kind == kind })
    else {
      let names = expected.map { "'\($0)'" }.joined(separator: ", ")
      report(action, expected: names.isEmpty ? "no key" : names, seen: show(.success(Page(alive, next: nil))))
      return nil
    }
    return alive
  }

  /// Reads a page, and finds fault with one that is not sorted, too long, or incomplete.
  func page(_ request: ListRequest, _ action: String) async -> Page? {
    let reply = await list(request)
    guard case .success(let page) = reply else {
      report(action, expected: "a page", seen: show(reply))
      return nil
    }
    func expect(_ expected: String, _ isSo: Bool) -> Bool {
      if !isSo { report(action, expected: expected, seen: show(reply)) }
      return isSo
    }
    guard expect("at most \(request.limit) entries", page.entries.count <= request.limit),
      expect("a sorted page", zip(page.entries, page.entries.dropFirst()).allSatisfy { $0.key < $1.key }),
      expect("a complete page", page.isComplete || !facts.listsAll)
    else { return nil }
    return page
  }

  func show(_ reply: Result<Page, DriverError>) -> String {
    switch reply {
    case .failure(let error): return "\(error)"
    case .success(let page):
      let keys = page.entries.map { "\($0.key)" + ($0.stat.isTombstone ? " as a tombstone" : "") }
      return (keys.isEmpty ? "no key" : keys.joined(separator: ", "))
        + (page.isComplete ? "" : "; no answer from \(page.unanswered.joined(separator: ", "))")
    }
  }
}
