import Testing

@testable import MetaDriver

@Suite struct ListingWalkTests {
  private static let keys: [Key] = ["a", "b", "c"]

  /// Every store holds some of three keys, lists so many to a page, and fails at a page or never.
  private struct World: Sendable, CustomTestStringConvertible {
    let held: [Int]
    let failing: Int?
    let limit: Int

    var testDescription: String {
      "\(held), \(failing.map { "page \($0) of the first fails" } ?? "all answer"), \(limit)"
    }

    static let all: [World] = (0..<512).flatMap { number in
      [nil, 0, 1].flatMap { failing in
        [1, 3].map { World(held: [number & 7, number >> 3 & 7, number >> 6], failing: failing, limit: $0) }
      }
    }

    func entries(_ store: Int) -> [Page.Entry] {
      keys.indices.filter { held[store] & 1 << $0 != 0 }.map {
        Page.Entry(keys[$0], Stat(byteCount: store * 10 + $0))
      }
    }
  }

  // B1, B18: all 8 choices of 3 keys at 3 stores, with failures at each page.
  @Test("Every key is met once, in order, and a store that failed is never said to lack one")
  func exhaustive() {
    for world in World.all {
      var walk = ListingWalk(ListRequest(limit: world.limit), stores: 3)
      var rows: [ListingWalk.Row] = []
      var pages = [0, 0, 0]
      var listed = [[Page.Entry]](repeating: [], count: 3)
      var hasFailed = false
      loop: while true {
        switch walk.next() {
        case .end: break loop
        case .row(let row): rows.append(row)
        case .fetch(let stores):
          for store in stores {
            defer { pages[store] += 1 }
            if store == 0, pages[0] == world.failing {
              walk.fail(0)
              hasFailed = true
              continue
            }
            let page = Page(of: world.entries(store), for: walk.request(for: store))
            listed[store] += page.entries
            #expect(walk.add(page, from: store) == nil)
          }
        }
      }
      let expected = Self.keys.compactMap { key -> ListingWalk.Row? in
        let findings = (0..<3).map { store -> ListingWalk.Finding in
          if let entry = listed[store].first(where: { $0.key == key }) { return .listed(entry.stat) }
          // What the first said before it failed ends with its last page.
          return store == 0 && hasFailed ? .unknown : .missing
        }
        return findings.contains { $0.stat != nil } ? ListingWalk.Row(key: key, findings: findings) : nil
      }
      // A key that is met before the failing page is asked for may be called missing where the listing had passed it.
      #expect(rows.map(\.key) == expected.map(\.key), "\(world)")
      for (row, model) in zip(rows, expected) {
        for store in 0..<3 where row.findings[store] != model.findings[store] {
          let passed = listed[0].last.map { row.key < $0.key } ?? false
          #expect(store == 0 && passed && row.findings[0] == .missing, "\(world)")
        }
      }
    }
  }

  // B1, R30
  @Test("A store whose page is incomplete may hold more than it lists, from then on")
  func incomplete() {
    var walk = ListingWalk(ListRequest(limit: 1), stores: 2)
    #expect(walk.next() == .fetch([0, 1]))
    let stat = Stat(byteCount: 1)
    let silence = walk.add(
      Page([Page.Entry("b", stat)], next: Cursor(after: "b"), unanswered: ["eu/inner"]), from: 0)
    #expect(silence == "its listing is incomplete: eu/inner did not answer")
    #expect(walk.add(Page([Page.Entry("a", stat), Page.Entry("c", stat)], next: nil), from: 1) == nil)
    #expect(walk.next() == .row(.init(key: "a", findings: [.unknown, .listed(stat)])))
    #expect(walk.next() == .row(.init(key: "b", findings: [.listed(stat), .missing])))
    #expect(walk.next() == .fetch([0]))
    #expect(walk.add(Page([], next: nil), from: 0) == nil)
    #expect(walk.next() == .row(.init(key: "c", findings: [.unknown, .listed(stat)])))
    #expect(walk.next() == .end)
  }

  @Test(
    "A listing that is out of order, or does not go on, is not believed",
    arguments: [
      (Page([Page.Entry("b", Stat(byteCount: 1)), Page.Entry("a", Stat(byteCount: 1))], next: nil), "order"),
      (Page([Page.Entry("b", Stat(byteCount: 1)), Page.Entry("b", Stat(byteCount: 1))], next: nil), "order"),
      (Page([Page.Entry("b", Stat(byteCount: 1))], next: Cursor(after: "a")), "does not go on"),
    ])
  func disorder(page: Page, message: String) {
    var walk = ListingWalk(ListRequest(), stores: 2)
    #expect(walk.add(page, from: 0)?.contains(message) == true)
    #expect(walk.add(Page([Page.Entry("a", Stat(byteCount: 1))], next: nil), from: 1) == nil)
    #expect(walk.next() == .row(.init(key: "a", findings: [.unknown, .listed(Stat(byteCount: 1))])))
    #expect(walk.next() == .end)
  }

  @Test("A listing that never ends is not asked for ever")
  func endless() {
    var walk = ListingWalk(ListRequest(), stores: 1)
    #expect(walk.add(Page([], next: Cursor(after: "a")), from: 0) == nil)
    #expect(walk.add(Page([], next: Cursor(after: "a")), from: 0)?.contains("does not go on after 'a'") == true)
    #expect(walk.next() == .end)
  }
}
