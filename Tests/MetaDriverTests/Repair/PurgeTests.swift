import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct PurgeTests {
  private let stores = ["a", "b", "c"].map { Faulty($0) }
  private let clock = ManualClock()
  private let runtime: Runtime
  private var context: Context { Context(runtime) }
  private static let age = Duration.seconds(3_600)
  /// One value for all plans of a test, because it remembers what it has seen.
  private let purge: Purge

  init() {
    runtime = .manual(clock)
    let stores = stores
    purge = Purge(after: Self.age) { for store in stores { store } }
  }

  private var scrub: Scrub { Scrub { for store in stores { store } } }

  private func put(_ record: Record, at key: Key, to indices: [Int] = [0, 1, 2]) async throws {
    for index in indices { _ = try await context.put(record, at: key, to: stores[index]) }
  }

  /// Looks once, and waits for as long as a tombstone has to be settled.
  private func settle(_ purge: Purge? = nil) async throws {
    #expect(try await (purge ?? self.purge).plan(in: context).removals.isEmpty)
    clock.advance(by: Self.age)
  }

  private func copies(of key: Key) -> [Record?] { stores.map { $0.contents[key] } }

  // R16
  @Test("A tombstone goes when every store has been seen to hold it for long enough, and not a moment before")
  func settled() async throws {
    let tombstone = Record.tombstone(DeletionProof([1, 2]), stamp: runtime.nextStamp())
    try await put(tombstone, at: "k")
    try await put(Record([1], stamp: runtime.nextStamp()), at: "live")
    // What was before the first look does not count.
    clock.advance(by: .seconds(86_400))
    #expect(try await purge.plan(in: context).young.map(\.age) == [.zero])
    clock.advance(by: Self.age - .milliseconds(1))
    let early = try await purge.plan(in: context)
    #expect(early.removals.isEmpty && early.young.map(\.age) == [.milliseconds(3_599_999)])
    clock.advance(by: .milliseconds(1))
    // Another purge has seen nothing yet.
    #expect(try await Purge(after: Self.age) { for store in stores { store } }.plan(in: context).young.count == 1)
    let plan = try await purge.plan(in: context)
    #expect(
      "\(plan)" == """
        purge plan 1
        keys      mutable, settled for 3600s
        store     "a"
        store     "b"
        store     "c"
        remove    "k" \(tombstone.stamp!) settled for 3600s
        end
        """)
    #expect(copies(of: "k") == [tombstone, tombstone, tombstone], "a plan changes nothing")
    let report = try await purge.apply(plan, in: context)
    #expect(report.isComplete && "\(report)" == "purged 1 of 1 tombstones")
    #expect(copies(of: "k") == [nil, nil, nil])
    #expect(stores.allSatisfy { $0.contents["live"] != nil })
  }

  // B7, A35, R16
  @Test("A store that holds something older, or nothing, keeps the tombstone everywhere until a scrub has been there")
  func unsettled() async throws {
    let old = Record([1], stamp: runtime.nextStamp())
    try await put(old, at: "older", to: [0, 1, 2])
    let tombstone = Record.tombstone(stamp: runtime.nextStamp())
    try await put(tombstone, at: "older", to: [0, 1])
    try await put(tombstone, at: "nothing", to: [1, 2])
    try await settle()
    let plan = try await purge.plan(in: context)
    #expect(plan.removals.isEmpty)
    #expect("\(plan)".hasSuffix("\nunsettled \"nothing\" not at \"a\"\nunsettled \"older\" not at \"c\"\nend"))
    #expect(try await scrub.apply(try await scrub.plan(in: context), in: context).isComplete)
    // Only now does every store hold it.
    try await settle()
    #expect(try await purge.apply(try await purge.plan(in: context), in: context).isComplete)
    #expect(stores.allSatisfy { $0.contents.isEmpty })
  }

  // R16, B18
  @Test("A store that does not answer refuses the whole purge, and is named")
  func unreachable() async throws {
    let tombstone = Record.tombstone(stamp: runtime.nextStamp())
    try await put(tombstone, at: "k")
    try await settle()
    let plan = try await purge.plan(in: context)
    #expect(plan.removals.count == 1)
    stores[1].isDown = true
    let error = await #expect(throws: DriverError.self) { try await purge.plan(in: context) }
    #expect(error?.code == .unavailable && error?.effect == .unchanged)
    #expect(
      error?.message.hasPrefix("the purge is refused, because not every store said all that it holds: b (unavailable: ")
        == true)
    // Nor is a plan carried out that was made before.
    let report = try await purge.apply(plan, in: context)
    #expect(!report.isComplete)
    #expect(
      "\(report)".hasPrefix("purged 0 of 1 tombstones\n  'k': a: skipped, not every store holds the same tombstone"))
    #expect(copies(of: "k") == [tombstone, tombstone, tombstone])
  }

  // R16
  @Test("A plan is carried out only where all is still as it was: an old copy that came back keeps the tombstones")
  func changed() async throws {
    let old = Record([1], stamp: runtime.nextStamp())
    let tombstone = Record.tombstone(stamp: runtime.nextStamp())
    for key in ["back", "written"] as [Key] { try await put(tombstone, at: key) }
    try await settle()
    let plan = try await purge.plan(in: context)
    #expect(plan.removals.count == 2)
    // A disk was replaced by its backup.
    stores[2].wipe()
    try await put(old, at: "back", to: [2])
    let newer = Record([2], stamp: runtime.nextStamp())
    try await put(newer, at: "written", to: [0, 2])
    let report = try await purge.apply(plan, in: context)
    #expect(report.items.allSatisfy { !$0.isDone })
    #expect(copies(of: "back") == [tombstone, tombstone, old])
    #expect(copies(of: "written") == [newer, tombstone, newer])
  }

  // R16
  @Test("A purge that was interrupted leaves nothing that can come back, and is finished after a scrub")
  func interrupted() async throws {
    let tombstone = Record.tombstone(stamp: runtime.nextStamp())
    try await put(tombstone, at: "k")
    try await settle()
    let plan = try await purge.plan(in: context)
    stores[1].faults[.refused, on: .delete] = 1
    let report = try await purge.apply(plan, in: context)
    #expect("\(report)".contains("'k': b: failed, unavailable"))
    #expect(copies(of: "k") == [nil, tombstone, nil])
    stores[1].faults = .none
    #expect(try await purge.plan(in: context).unsettled.map(\.stores) == [["a", "c"]])
    #expect(try await scrub.apply(try await scrub.plan(in: context), in: context).isComplete)
    #expect(copies(of: "k") == [tombstone, tombstone, tombstone])
    // Its age begins anew.
    try await settle()
    #expect(try await purge.apply(try await purge.plan(in: context), in: context).isComplete)
    #expect(copies(of: "k") == [nil, nil, nil])
  }

  @Test("A leaf in turns that cannot delete on a condition is looked at and deleted from in one turn")
  func turns() async throws {
    let capabilities: Capabilities = [.get, .put, .delete, .list]
    let gate = Gate()
    let slow = Scripted("slow", ordering: .fifo, capabilities: capabilities) { call in
      call.operation == .get && call.number == 3 ? .hang(gate) : .ok
    }
    let tombstone = Record.tombstone(stamp: runtime.nextStamp())
    let newer = Record([9], stamp: runtime.nextStamp())
    for store in [slow] as [any Driver] + stores { _ = try await context.put(tombstone, at: "k", to: store) }
    slow.contents["k"] = tombstone
    let purge = Purge(after: Self.age) {
      slow
      stores[0]
    }
    try await settle(purge)
    let context = context
    let plan = try await purge.plan(in: context)
    #expect(plan.removals.count == 1)
    // The check of all copies hangs; a write that comes meanwhile is newer, and stays.
    async let purging = purge.apply(plan, in: context)
    await slow.waitForCalls(3)
    slow.contents["k"] = newer
    gate.open()
    #expect(!(try await purging).isComplete)
    #expect(slow.contents["k"] == newer)
    slow.contents["k"] = tombstone
    #expect(try await purge.apply(plan, in: context).isComplete)
    #expect(slow.contents["k"] == nil && stores[0].contents["k"] == nil)
  }

  @Test("Stores from which nothing can be removed for certain are refused by name")
  func refusals() async throws {
    let quorum = Quorum { for store in stores[1...] { store } }
    let blind = Scripted("blind", capabilities: [.get, .put, .delete, .list])
    let wrapped = Scripted("wrapped", ordering: .fifo, capabilities: [.get, .put, .delete, .list]).verified()
    for (driver, message) in [
      (quorum, "Quorum has 2 stores below it, and what one of them holds cannot be told from what it answers"),
      (blind, "blind cannot delete on a condition, and its writes cannot be kept in turns"),
      (wrapped, "wrapped cannot delete on a condition, and its writes cannot be kept in turns"),
      (stores[1].readOnly(), "b has no delete"),
    ] as [(any Driver, String)] {
      let error = await #expect(throws: DriverError.self) {
        try await Purge(after: Self.age) { [stores[0], driver] }.plan(in: context)
      }
      #expect(error?.code == .unsupported)
      #expect(error?.message.hasPrefix("a purge is not possible: \(message)") == true, "\(error?.message ?? "")")
    }
    let plan = try await Purge(after: .seconds(1)) { for store in stores[1...] { store } }.plan(in: context)
    let error = await #expect(throws: DriverError.self) { try await purge.apply(plan, in: context) }
    #expect(error?.message == "the plan is about b, c, and this purge about a, b, c")
  }

  // R35
  @Test("A plan is carried out only if it says of every tombstone that it was settled for long enough")
  func youngPlan() async throws {
    let tombstone = Record.tombstone(stamp: runtime.nextStamp())
    for key in ["old", "young"] as [Key] { try await put(tombstone, at: key) }
    let hasty = Purge(after: .zero) { for store in stores { store } }
    #expect(try await hasty.plan(in: context).removals.map(\.age) == [.zero, .zero])
    clock.advance(by: Self.age - .milliseconds(1))
    let plan = try await hasty.plan(in: context)
    let error = await #expect(throws: DriverError.self) { try await purge.apply(plan, in: context) }
    #expect(error?.code == .unsupported && error?.effect == .unchanged)
    #expect(error?.message == "the plan says that 'old' was settled for 3599999ms, and this purge removes after 3600s")
    #expect(copies(of: "old") == [tombstone, tombstone, tombstone], "nothing is done")
    // Nor can a review make a tombstone older.
    var reviewed = try await purge.plan(in: context)
    reviewed.removals = reviewed.young
    await #expect(throws: DriverError.self) { try await purge.apply(reviewed, in: context) }
    clock.advance(by: .milliseconds(1))
    #expect(try await purge.apply(try PurgePlan("\(try await hasty.plan(in: context))"), in: context).isComplete)
    #expect(copies(of: "young") == [nil, nil, nil])
  }

  // R35
  @Test("A store that was seen without the tombstone, or with another one, makes its age begin anew")
  func anew() async throws {
    let tombstones = (0..<2).map { _ in Record.tombstone(stamp: runtime.nextStamp()) }
    for key in ["lost", "newer", "quiet"] as [Key] { try await put(tombstones[0], at: key) }
    try await settle()
    stores[1].wipe()
    for key in ["newer", "quiet"] as [Key] { try await put(tombstones[0], at: key, to: [1]) }
    try await put(tombstones[1], at: "newer")
    let plan = try await purge.plan(in: context)
    #expect(plan.unsettled.map(\.key) == ["lost"] && plan.young.map(\.key) == ["newer"])
    #expect(plan.removals.map(\.key) == ["quiet"])
    try await put(tombstones[0], at: "lost", to: [1])
    let again = try await purge.plan(in: context)
    #expect(again.young.map(\.key) == ["lost", "newer"] && again.young.allSatisfy { $0.age == .zero })
    // The same when the plan in which it was seen failed before its end.
    clock.advance(by: Self.age)
    stores[1].wipe()
    stores[1].isDown = true
    await #expect(throws: DriverError.self) { try await purge.plan(in: context) }
    stores[1].isDown = false
    for key in ["lost", "quiet"] as [Key] { try await put(tombstones[0], at: key, to: [1]) }
    #expect(try await purge.plan(in: context).removals.map(\.key) == ["lost", "quiet"], "nobody saw it go")
  }

  // R35
  @Test("A purge remembers what its last plan was about, and a plan is about no more tombstones than its limit")
  func limit() async throws {
    let tombstone = Record.tombstone(stamp: runtime.nextStamp())
    for key in ["a", "b", "c"] as [Key] { try await put(tombstone, at: key) }
    let purge = Purge(after: Self.age, limit: 2) { for store in stores { store } }
    let early = try await purge.plan(in: context)
    #expect(early.young.map(\.key) == ["a", "b"] && early.end == "b")
    clock.advance(by: Self.age)
    #expect(try await purge.apply(try await purge.plan(in: context), in: context).isComplete)
    #expect(copies(of: "b") == [nil, nil, nil] && copies(of: "c") == [tombstone, tombstone, tombstone])
    #expect(try await purge.plan(in: context).young.map(\.key) == ["c"])
    clock.advance(by: Self.age)
    #expect(try await purge.plan(in: context).removals.map(\.key) == ["c"])
  }
}
