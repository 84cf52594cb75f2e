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
  @Test("Of what is known for certain the newest wins, a tombstone over data of the same stamp, in every order")
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

  /// What a child may list of a key, damaged copies included, which are listed without a stamp.
  private static let described: [Stat] =
    [Stat(byteCount: 65)]
    + ([1, 2] as [UInt64]).flatMap { time in
      let stamp = Stamp(time: time, writer: 1)
      return [
        Stat(byteCount: 3, stamp: stamp), Stat(byteCount: 7, stamp: stamp),
        Stat(byteCount: 0, stamp: stamp, isTombstone: true), Stat(byteCount: 2, stamp: stamp, isTombstone: true),
      ]
    }

  // R2: all 1,000 worlds of three children.
  @Test("No key is left out, and nothing called settled, while copies contradict each other, in any order")
  func doubt() throws {
    let key = try Key(.mutable, name: "a")
    let choices = Self.described.map { $0 as Stat? } + [nil]
    for world in choices.flatMap({ a in choices.flatMap { b in choices.map { c in [a, b, c] } } }) {
      let pages = permutations([0, 1, 2]).map { order in
        var merge = ListMerge(ListRequest())
        for index in order {
          merge.addCopies(Page(world[index].map { [Page.Entry(key, $0)] } ?? [], next: nil), from: "\(index)")
        }
        return merge.page()
      }
      #expect(Set(pages).count == 1, "\(world)")
      let copies = world.compactMap(\.self)
      guard let listed = pages[0].entries.first?.stat, let newest = copies.max(by: { $1.ranksAbove($0) }) else {
        #expect(copies.isEmpty, "\(world)")
        continue
      }
      let peers = copies.filter { $0.stamp == newest.stamp }
      let live = peers.filter { !$0.isTombstone }
      // Nobody knows what a copy without a stamp was, so it may be newer than a tombstone.
      let isDoubtful = live.isEmpty ? copies.contains { $0.stamp == nil } : Set(peers).count > 1
      if isDoubtful {
        let sizes = live.isEmpty ? copies.filter { $0.stamp == nil }.map(\.byteCount) : live.map(\.byteCount)
        #expect(listed == Stat(byteCount: sizes.max() ?? -1), "\(world)")
      } else if live.isEmpty {
        #expect(listed.isTombstone && listed.stamp == newest.stamp, "\(world)")
      } else {
        #expect(listed == newest, "\(world)")
      }
    }
  }
}
