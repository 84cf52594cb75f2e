import MetaDriverTesting
import Testing

@testable import MetaDriver

@Suite struct SortedKeysTests {
  @Test("Whatever comes and goes, a page is that of a sorted array", arguments: 0..<UInt64(20))
  func pages(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func name() -> String {
      let letters = ["a", "b", "/", "é", "~"]
      return (0..<Int.random(in: 1...8, using: &generator)).map { _ in letters.randomElement(using: &generator)! }
        .joined()
    }
    func key() throws -> Key {
      let kind: Key.Kind = Bool.random(using: &generator) ? .mutable : .immutable
      if kind == .mutable { return .mutable(try DataID(name())) }
      return .immutable(ContentHash(of: Array(name().utf8)))
    }
    var model = Set(try (0..<Int.random(in: 0...700, using: &generator)).map { _ in try key() })
    var keys = SortedKeys(model)
    for step in 0..<2_000 {
      if Bool.random(using: &generator), let gone = model.randomElement(using: &generator) {
        model.remove(gone)
        keys.remove(gone)
      } else {
        let new = try key()
        if model.insert(new).inserted { keys.insert(new) }
      }
      // Of those that are not there, nothing changes.
      keys.remove(.mutable("absent"))
      #expect(keys.count == model.count, "seed \(seed), step \(step)")
      guard step.isMultiple(of: 25) else { continue }
      let kind: Key.Kind = Bool.random(using: &generator) ? .mutable : .immutable
      let prefix = Bool.random(using: &generator) ? "" : String(name().prefix(2))
      let within = model.filter { $0.kind == kind && $0.name.utf8.starts(with: prefix.utf8) }
      var cursors: [Cursor?] = [nil]
      cursors += within.prefix(3).map { Cursor(after: $0) }
      for cursor in cursors {
        let request = ListRequest(
          kind, prefix: prefix, after: cursor, limit: Int.random(in: 1...300, using: &generator))
        let expected = model.sorted().filter(request.includes).prefix(request.limit + 1)
        #expect(keys.page(request) == Array(expected), "seed \(seed), step \(step), \(request)")
      }
    }
    for key in model { keys.remove(key) }
    #expect(keys.count == 0)
    #expect(keys.page(ListRequest()) == [])
  }

  @Test("Walks of a store to which others write see each key that stays, once, in order", arguments: 0..<UInt64(10))
  func walks(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let store = MemoryDriver("store")
    for number in 0..<2_000 where number.isMultiple(of: 2) {
      _ = try await store.put([1], at: Key(.mutable, name: "stays \(number)"))
    }
    var cursor: Cursor?
    var seen: [Key] = []
    repeat {
      let page = try await store.list(ListRequest(after: cursor, limit: 70), in: Context())
      seen += page.entries.map(\.key)
      cursor = page.next
      for _ in 0..<100 {
        let key = try Key(.mutable, name: "comes and goes \(Int.random(in: 0..<500, using: &generator))")
        if Bool.random(using: &generator) {
          _ = try await store.put([2], at: key)
        } else {
          _ = try await store.delete(key, proof: nil, in: Context())
        }
      }
    } while cursor != nil
    #expect(seen == seen.sorted() && Set(seen).count == seen.count, "seed \(seed)")
    #expect(seen.count { $0.name.hasPrefix("stays") } == 1_000, "seed \(seed)")
  }
}
