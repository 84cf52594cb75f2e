import MetaDriverTesting
import Testing

@testable import MetaDriver

@Suite struct PurgePlanTests {
  private static let names = [
    "plain", "two words", "\"quoted\"", "line\nbreak", "\u{301}combining", "not at", "end", "#", "…",
  ]

  private static func plan(seed: UInt64) throws -> PurgePlan {
    var generator = SeededGenerator(seed: seed)
    func name() -> String { names.randomElement(using: &generator)! }
    func duration() -> Duration { .milliseconds(Int64.random(in: 0...9_000_000_000_000, using: &generator)) }
    var plan = PurgePlan(
      kind: Bool.random(using: &generator) ? .mutable : .immutable,
      prefix: Bool.random(using: &generator) ? name() : "",
      minimumAge: duration(), stores: (0..<3).map { "\(name())\($0)" })
    func key() throws -> Key {
      plan.kind == .mutable ? .mutable(try DataID(name())) : .immutable(ContentHash(of: Array(name().utf8)))
    }
    func tombstones() throws -> [PurgePlan.Tombstone] {
      try (0..<Int.random(in: 0...3, using: &generator)).map { _ in
        let stamp = Stamp(time: .random(in: 0...UInt64.max, using: &generator), writer: 7)
        return .init(key: try key(), stamp: stamp, age: duration())
      }
    }
    plan.removals = try tombstones()
    plan.young = try tombstones()
    if Bool.random(using: &generator) { plan.unsettled.append(.init(key: try key(), stores: Array(plan.stores[1...]))) }
    if Bool.random(using: &generator) { plan.end = try key() }
    return plan
  }

  @Test("A plan is read from its text as it was, whatever names are in it", arguments: 0..<200 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    let plan = try Self.plan(seed: seed)
    #expect(try PurgePlan("\(plan)") == plan, "SEED=\(seed)\n\(plan)")
  }

  @Test("An age is told in whole milliseconds, and never as more than it is")
  func rounding() {
    let tombstone = PurgePlan.Tombstone(key: "k", stamp: Stamp(time: 1, writer: 1), age: .nanoseconds(1_999_999))
    #expect(tombstone.age == .milliseconds(1) && "\(tombstone)" == "\"k\" 0.1@1 settled for 1ms")
  }

  @Test(
    "A text that is no plan is refused, with the line and what is wrong with it",
    arguments: [
      ("", "line 2 of the purge plan 1: the text ends too early: it was cut off"),
      ("scrub plan 1", "line 1 of the purge plan 1: it is no 'purge plan 1', which is what this package reads"),
      ("purge plan 1\nkeys mutable", "line 2 of the purge plan 1: ', settled for' is expected, and not ''"),
      (
        "{head} -1s\nend",
        "line 2 of the purge plan 1: a duration, such as 90s or 1500ms, is expected, and not '-1s'"
      ),
      ("{head} 1s\nstore \"a\"", "line 4 of the purge plan 1: the text ends too early: it was cut off"),
      (
        "{head} 1s\nremove \"k\" 0.1@1 settled for ages",
        "line 3 of the purge plan 1: a duration, such as 90s or 1500ms, is expected, and not 'ages'"
      ),
      (
        "{head} 1s\nunsettled \"k\" not at \"b\"\nend",
        "line 3 of the purge plan 1: no line above is about a store 'b'"
      ),
      (
        "{head} 1s\nend\nremove \"k\" 0.1@1 settled for 9s",
        "line 4 of the purge plan 1: the plan has ended above, and this line follows"
      ),
    ])
  func refusals(text: String, message: String) {
    let head = "purge plan 1\nkeys mutable, settled for"
    let parts = text.split(separator: "{head}", omittingEmptySubsequences: false)
    let whole = parts.count == 2 ? head + String(parts[1]) : text
    let error = #expect(throws: DriverError.self) { try PurgePlan(whole) }
    #expect(error?.code == .corrupt && error?.message == message)
  }
}
