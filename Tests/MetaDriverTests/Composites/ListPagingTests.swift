import MetaDriver
import MetaDriverTesting
import Synchronization
import TestSupport
import Testing

@Suite("Listings of several pages, over children that fail now and then")
struct ListPagingTests {
  /// Which leaf is down while a page is listed.
  private final class Outage: Sendable {
    private let state: Mutex<(generator: SeededGenerator, index: Int)>
    init(_ generator: SeededGenerator) { state = Mutex((generator, 0)) }
    var index: Int { state.withLock(\.index) }
    func change() { state.withLock { $0.index = Int.random(in: 0..<3, using: &$0.generator) } }
  }

  /// Three leaves; every key is at two of them at least.
  private static func leaves(
    _ keys: [Key], _ outage: Outage, _ generator: inout SeededGenerator
  ) -> [Scripted] {
    let leaves = (0..<3).map { index in
      Scripted("\(index)") { _ in outage.index == index ? .error(.unavailable) : .ok }
    }
    for (number, key) in keys.enumerated() {
      let missing = Int.random(in: 0...3, using: &generator)
      let stamp = Stamp(time: UInt64(1 + number), writer: 1)
      for (index, leaf) in leaves.enumerated() where index != missing {
        leaf.contents[key] = Record([UInt8(index)], stamp: stamp)
      }
    }
    return leaves
  }

  /// Every page, to the end.
  private static func pages(of node: some Driver, limit: Int, _ outage: Outage) async throws -> [Page] {
    let context = Context(.manual())
    var pages: [Page] = []
    var cursor: Cursor?
    repeat {
      outage.change()
      let page = try await context.list(ListRequest(prefix: "k", after: cursor, limit: limit), from: node)
      pages.append(page)
      cursor = page.next
    } while cursor != nil && pages.count < 100
    return pages
  }

  private static func keys() throws -> [Key] {
    var keys: [Key] = []
    for number in 10..<40 { keys.append(try Key(.mutable, name: "k\(number)")) }
    return keys
  }

  // A49, B1, R30
  @Test("A quorum lists every acknowledged key once, sorted, and in full", arguments: 1...20)
  func quorum(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let keys = try Self.keys()
    let outage = Outage(generator)
    let leaves = Self.leaves(keys, outage, &generator)
    let limit = Int.random(in: 1...12, using: &generator)
    let pages = try await Self.pages(of: Quorum(read: 2, write: 2) { leaves }, limit: limit, outage)
    #expect(pages.flatMap(\.entries).map(\.key) == keys, "seed \(seed)")
    #expect(pages.flatMap(\.unanswered) == [], "seed \(seed)")
    #expect((pages.map(\.entries.count).max() ?? 0) <= limit, "seed \(seed)")
  }

  // A49, B1, R30
  @Test("Replicas list each key once, sorted, and every page names the one that failed", arguments: 1...20)
  func replicas(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let keys = try Self.keys()
    let outage = Outage(generator)
    let leaves = Self.leaves(keys, outage, &generator)
    let pages = try await Self.pages(
      of: Replicated { leaves }, limit: Int.random(in: 1...12, using: &generator), outage)
    // One child of three fails at a time, and no key is at one child alone.
    #expect(pages.flatMap(\.entries).map(\.key) == keys, "seed \(seed)")
    #expect(pages.map(\.unanswered.count) == pages.map { _ in 1 }, "seed \(seed)")
  }

  // B1
  @Test("A quorum of children that listed in part is no complete page, and names whom they could not ask")
  func halves() async throws {
    let down = { (name: String) in Scripted(name) { _ in .error(.unavailable) } }
    let halves = ["x", "y"].map { name in
      Replicated {
        Scripted("\(name) up")
        down("\(name) down")
      }
    }
    let page = try await Quorum(read: 2, write: 2) {
      for half in halves { half }
      down("z")
    }.list(ListRequest(), in: Context(.manual()))
    #expect(!page.isComplete)
    for name in ["x down", "y down", "z"] {
      #expect(page.unanswered.contains { $0.hasSuffix(name) }, "\(name) is missing in \(page.unanswered)")
    }
  }
}
