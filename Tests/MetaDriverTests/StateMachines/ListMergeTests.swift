import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

@Suite struct ListMergeTests {
  /// A child with gaps: it lists as far as it likes, and may list nothing of a stretch in which it has keys later.
  private struct Child {
    let stats: [Key: Stat]

    /// A page that ends at a key drawn at random, whether the child holds that key or not.
    func page(_ request: ListRequest, of universe: [Key], _ generator: inout SeededGenerator) -> Page {
      let rest = universe.filter { request.includes($0) }
      let end = Bool.random(using: &generator) ? rest.randomElement(using: &generator) : nil
      let mine = rest.filter { stats[$0] != nil }
      var page = Page(of: mine.filter { end == nil || $0 <= end! }.map { Page.Entry($0, stats[$0]!) }, for: request)
      if page.next == nil, let end, mine.contains(where: { $0 > end }) { page.next = Cursor(after: end) }
      return page
    }
  }

  private static func universe() throws -> [Key] {
    try (0..<24).map { try Key(.mutable, name: ["a/", "a0", "b", "ä"][$0 % 4] + String($0 / 4)) }.sorted()
  }

  // A49, B1, R30
  @Test(
    "Paging gives what the children that answered hold, sorted, each key once, and names the others", arguments: 1...60)
  func paging(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let universe = try Self.universe()
    let children = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
      let held = universe.filter { _ in Bool.random(using: &generator) }
      return Child(
        stats: Dictionary(
          uniqueKeysWithValues: held.map { key in
            (key, Stat(byteCount: 1, stamp: Stamp(time: .random(in: 0...3, using: &generator), writer: 1)))
          }))
    }
    let prefix = ["", "a", "a/", "b"].randomElement(using: &generator) ?? ""
    let limit = Int.random(in: 1...8, using: &generator)
    let failures = Bool.random(using: &generator)
    var listed: [Key] = []
    var cursor: Cursor?
    var wasComplete = true
    for _ in 0...universe.count * 2 {
      let request = ListRequest(prefix: prefix, after: cursor, limit: limit)
      var merge = ListMerge(request)
      var answering: [Child] = []
      var silent: [String] = []
      var ends: [Key] = []
      for (index, child) in children.enumerated().shuffled(using: &generator) {
        if failures, Int.random(in: 0..<4, using: &generator) == 0 {
          merge.addFailure(of: "\(index)")
          silent.append("\(index)")
        } else {
          let page = child.page(request, of: universe, &generator)
          merge.add(page, from: "\(index)")
          answering.append(child)
          if let next = page.next { ends.append(next.key) }
        }
      }
      let page = merge.page()
      #expect(page.unanswered == silent, "seed \(seed)")
      #expect(page.entries.count <= limit, "seed \(seed)")
      if let next = page.next {
        // The horizon: nobody may have more to say of what lies before the next page.
        for end in ends { #expect(next.key <= end, "seed \(seed)") }
        if let cursor { #expect(next.key > cursor.key, "seed \(seed): the listing goes back") }
      } else {
        #expect(ends.isEmpty, "seed \(seed): a child had more")
      }
      // Everything that those who answered hold between the two cursors, and nothing else.
      let stretch = universe.filter { key in request.includes(key) && (page.next.map { key <= $0.key } ?? true) }
      let expected = stretch.compactMap { key -> Page.Entry? in
        let stats = answering.compactMap { $0.stats[key] }
        return stats.max { $0.stamp! < $1.stamp! }.map { Page.Entry(key, $0) }
      }
      #expect(page.entries == expected, "seed \(seed)")
      listed += page.entries.map(\.key)
      wasComplete = wasComplete && page.isComplete
      guard let next = page.next else { break }
      cursor = next
    }
    if wasComplete {
      let held = universe.filter { key in
        key.name.utf8.starts(with: prefix.utf8) && children.contains { $0.stats[key] != nil }
      }
      #expect(listed == held, "seed \(seed)")
    }
  }

  // B1
  @Test("What a child says of its own children is handed on, and makes the page incomplete")
  func nested() {
    var merge = ListMerge(ListRequest())
    merge.add(Page([], next: nil, unanswered: ["disk"]), from: "inner")
    merge.add(Page([], next: nil), from: "other")
    #expect(merge.page().unanswered == ["inner/disk"])
  }

  // A36
  @Test("The newest description of a key wins, a tombstone over data of the same stamp, in every order")
  func newest() throws {
    let key = try Key(.mutable, name: "a")
    let stamp = Stamp(time: 2, writer: 1)
    let stats = [
      Stat(byteCount: 3, stamp: Stamp(time: 1, writer: 1)), Stat(byteCount: 4), Stat(byteCount: 5, stamp: stamp),
      Stat(byteCount: 0, stamp: stamp, isTombstone: true),
    ]
    for order in permutations(Array(stats.indices)) {
      var merge = ListMerge(ListRequest())
      for index in order { merge.add(Page([Page.Entry(key, stats[index])], next: nil), from: "\(index)") }
      #expect(merge.page().entries == [Page.Entry(key, stats[3])], "in the order \(order)")
    }
  }
}
