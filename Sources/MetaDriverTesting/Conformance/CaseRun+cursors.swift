import MetaDriver

/// Places in a listing.
extension CaseRun {
  func checkListingCursors() async {
    for name in ["a/1", "a/2", "a/3", "b/1"] {
      guard await store(Record(value(10)), at: key(name)) else { return }
    }
    let action = "list 'a/', 2 a page"
    guard let page = await page(ListRequest(prefix: "a/", limit: 2), action) else { return }
    guard let cursor = page.next else {
      return report(action, expected: "a cursor after 2 of 3 keys", seen: "the end of the listing")
    }
    await expectRest(["a/3"], after: cursor, "\(action), go on")
    // A cursor lasts as long as the data: it can be written down, and read again.
    if let copy = try? Cursor(cursor.description) {
      await expectRest(["a/3"], after: copy, "\(action), go on with the text of the cursor")
    } else {
      report("\(action), read the text of the cursor", expected: "the cursor", seen: "\(cursor)")
    }
    if facts.capabilities(for: .mutable).contains(.delete) {
      _ = await delete(cursor.key)
      await expectRest(["a/3"], after: cursor, "\(action), delete the key at which the page ended, go on")
    }
    for request in [ListRequest(prefix: "b/", after: cursor), ListRequest(.immutable, after: cursor)] {
      let reply = await list(request)
      if case .failure(let error) = reply, error.says(.invalidKey) { continue }
      report(
        "\(action), go on with that cursor in the \(request.kind) listing of '\(request.prefix)'",
        expected: "invalidKey", seen: show(reply))
    }
  }

  private func expectRest(_ names: [String], after cursor: Cursor, _ action: String) async {
    guard let page = await page(ListRequest(prefix: "a/", after: cursor, limit: 2), action) else { return }
    let isEnd = page.entries.filter { !$0.stat.isTombstone }.map(\.key) == names.map(key)
    if !isEnd { report(action, expected: names.joined(separator: ", "), seen: show(.success(page))) }
  }

  /// Keys that are there from the first page to the last are listed once, whatever becomes of the others.
  func checkListingChanges() async {
    let stable = (0..<8).map { key("k\($0) stays") }
    let leaving = (0..<8).map { key("k\($0) goes") }
    for key in stable + leaving { guard await store(Record(value(10)), at: key) else { return } }
    let canDelete = facts.capabilities(for: .mutable).contains(.delete)
    let action = "list 16 keys, 3 a page, while others come and go between the pages"
    var seen: [Key] = []
    var cursor: Cursor?
    var pageCount = 0
    repeat {
      guard let page = await page(ListRequest(after: cursor, limit: 3), action) else { return }
      seen += page.entries.map(\.key)
      pageCount += 1
      guard pageCount <= 64 else { return report(action, expected: "an end", seen: "\(pageCount) pages, and no end") }
      // One before the place where the listing stands, and one behind it.
      if canDelete, pageCount <= 4 {
        _ = await delete(leaving[pageCount - 1])
        _ = await delete(leaving[8 - pageCount])
      }
      if pageCount <= 4 {
        await store(Record(value(10)), at: key("k0 comes \(pageCount)"))
        await store(Record(value(10)), at: key("k9 comes \(pageCount)"))
      }
      cursor = page.next
    } while cursor != nil
    for key in stable where !seen.contains(key) {
      report(action, expected: "\(key), which was there all the time", seen: "it is on no page")
    }
    for (key, next) in zip(seen, seen.dropFirst()) where next <= key {
      report(action, expected: "keys in order, each once", seen: "\(next) after \(key)")
    }
  }
}
