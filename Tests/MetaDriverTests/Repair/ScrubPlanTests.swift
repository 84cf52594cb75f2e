import MetaDriverTesting
import Testing

@testable import MetaDriver

@Suite struct ScrubPlanTests {
  private static let names = [
    "plain", "two words", "\"quoted\"", "back\\slash", "line\nbreak", "\r\n", "tab\t", "nul\u{0}", "\u{301}combining",
    "e\u{301}", "\u{e9}", "\u{202e}turned", "a, b", "from", "end", "#", "'", "…", "\u{1f469}\u{200d}\u{1f4bb}", " ",
  ]

  private static func plan(seed: UInt64) throws -> ScrubPlan {
    var generator = SeededGenerator(seed: seed)
    func name() -> String { names.randomElement(using: &generator)! }
    var plan = ScrubPlan(
      kind: Bool.random(using: &generator) ? .mutable : .immutable,
      prefix: Bool.random(using: &generator) ? name() : "",
      comparison: Bool.random(using: &generator) ? .stamps : .content,
      stores: (0..<3).map { ScrubPlan.Store(name: "\(name())\($0)") })
    for index in plan.stores.indices {
      plan.stores[index].listed = .random(in: 0...9_999, using: &generator)
      if Bool.random(using: &generator) { plan.stores[index].silence = name() }
    }
    func key() throws -> Key {
      plan.kind == .mutable ? .mutable(try DataID(name())) : .immutable(ContentHash(of: Array(name().utf8)))
    }
    let stores = plan.stores.map(\.name)
    for _ in 0..<Int.random(in: 0...4, using: &generator) {
      let isTombstone = Bool.random(using: &generator)
      let stamp = Stamp(
        time: .random(in: 0...UInt64.max, using: &generator), writer: .random(in: 0...9, using: &generator))
      let stat = Stat(
        byteCount: isTombstone ? 0 : .random(in: 0...99, using: &generator),
        stamp: Bool.random(using: &generator) ? stamp : nil, isTombstone: isTombstone)
      let needs = ScrubPlan.Need.allCases
      plan.repairs.append(
        .init(
          key: try key(), stat: stat, sources: Array(stores[..<Int.random(in: 1...2, using: &generator)]),
          targets: stores[2...].map { .init(store: $0, need: needs.randomElement(using: &generator)!) }))
    }
    if Bool.random(using: &generator) { plan.undecided.append(.init(key: try key(), stores: stores)) }
    if Bool.random(using: &generator) { plan.lost.append(.init(key: try key(), stores: [stores[1]])) }
    if Bool.random(using: &generator) { plan.end = try key() }
    return plan
  }

  @Test("A plan is read from its text as it was, whatever names are in it", arguments: 0..<200 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    let plan = try Self.plan(seed: seed)
    let read = try ScrubPlan("\(plan)")
    #expect(read == plan, "SEED=\(seed)\n\(plan)")
    #expect(read.stores.map { Array($0.name.utf8) } == plan.stores.map { Array($0.name.utf8) })
  }

  @Test("A review may take repairs out, add notes, and leave empty lines")
  func review() throws {
    let text = """
      # looked at by Ada
      scrub plan 1

      keys mutable, compared by content
      store "a" listed 1
        store  "b"  listed 2
      # copy "gone" 1 bytes from "a" to "b" missing
      copy "k" 1 bytes 0.1@1f from "a" to "b" missing
      end

      """
    let plan = try ScrubPlan(text)
    #expect(plan.repairs.map(\.description) == [#""k" 1 bytes 0.1@1f from "a" to "b" missing"#])
    #expect(plan.isComplete)
  }

  @Test(
    "A text that is no plan is refused, with the line and what is wrong with it",
    arguments: [
      ("", "line 2 of the scrub plan 1: the text ends too early: it was cut off"),
      ("scrub plan 2\nend", "line 1 of the scrub plan 1: it is no 'scrub plan 1', which is what this package reads"),
      ("scrub plan 1\nkeys some", "line 2 of the scrub plan 1: one of mutable, immutable is expected, and not 'some'"),
      ("{head}\ncopy \"k\" 1 bytes", "line 4 of the scrub plan 1: a stamp, or 'from', is expected, and not ''"),
      ("{head}\ncopy k", "line 4 of the scrub plan 1: a name in quotes is expected, and not 'k'"),
      ("{head}\ncopy \"\" 1 bytes", "line 4 of the scrub plan 1: an id cannot be empty"),
      ("{head}\ncopy \"k", "line 4 of the scrub plan 1: a name has no quote at its end"),
      (
        "{head}\ncopy \"k\\x\" 1",
        "line 4 of the scrub plan 1: a name has a backslash before something other than a backslash, a quote or u{…}"
      ),
      ("{head}\nlost \"k\" at \"b\"", "line 4 of the scrub plan 1: no line above is about a store 'b'"),
      ("{head}\ncopy \"k\" 1 bytes from \"a\" to \"a\" bad", "older, damaged, conflicting is expected, and not 'bad'"),
      ("{head}\ndelete \"k\"", "line 4 of the scrub plan 1: one of store, copy, undecided, lost and full, or 'end',"),
      ("{head}\nend more", "line 4 of the scrub plan 1: 'more' is more than the line should have"),
      ("{head}\nend\nend", "line 5 of the scrub plan 1: the plan has ended above, and this line follows"),
      ("{head}\n", "line 5 of the scrub plan 1: the text ends too early: it was cut off"),
    ])
  func refused(text: String, message: String) throws {
    let text = text.replacing("{head}", with: "scrub plan 1\nkeys mutable, compared by stamps\nstore \"a\" listed 1")
    let error = #expect(throws: DriverError.self) { try ScrubPlan(text) }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test("A plan of which any byte was lost at the end is refused")
  func truncated() throws {
    let text = Array("\(try Self.plan(seed: 3))".utf8)
    for count in 0..<text.count {
      #expect(throws: DriverError.self) { try ScrubPlan(String(decoding: text[..<count], as: UTF8.self)) }
    }
  }
}
