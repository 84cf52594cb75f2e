import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

@Suite(.timeLimit(.minutes(10))) struct ScrubTests {
  private let a = Scripted("a"), b = Scripted("b"), c = Scripted("c")
  private var stores: [Scripted] { [a, b, c] }
  private var context: Context { Context(.manual()) }

  private func record(_ value: UInt8, at time: UInt64) -> Record {
    Record([value], stamp: Stamp(time: time, writer: 1))
  }

  private func scrub(_ compare: Scrub.Comparison = .stamps, limit: Int = 1_000) -> Scrub {
    Scrub(compare: compare, limit: limit) { for store in stores { store } }
  }

  private func set(_ key: Key, _ copies: [Record?]) {
    for (store, copy) in zip(stores, copies) { store.contents[key] = copy }
  }

  private func copies(of key: Key) -> [Record?] { stores.map { $0.contents[key] } }

  // A33
  @Test("What is missing and what is older is brought from where it is, and what is equal is left alone")
  func repairs() async throws {
    set("old", [record(1, at: 1), record(2, at: 2), record(2, at: 2)])
    set("missing", [nil, nil, record(3, at: 3)])
    set("equal", [record(4, at: 4), record(4, at: 4), record(4, at: 4)])
    let plan = try await scrub().plan(in: context)
    #expect(
      "\(plan)" == """
        scrub plan 1
        keys      mutable, compared by stamps
        store     "a" listed 2
        store     "b" listed 2
        store     "c" listed 3
        copy      "missing" 1 bytes 0.3@1 from "c" to "a" missing "b" missing
        copy      "old" 1 bytes 0.2@1 from "b" "c" to "a" older
        end
        """)
    #expect(stores.allSatisfy { $0.calls.allSatisfy { $0.operation == .list } }, "a plan changes and reads nothing")
    let report = try await scrub().apply(plan, in: context)
    #expect(report.isComplete)
    #expect("\(report)" == "scrubbed 2 of 2 keys, 3 bytes copied")
    for (key, value) in [("old", 2), ("missing", 3), ("equal", 4)] as [(Key, UInt64)] {
      #expect(copies(of: key) == Array(repeating: record(UInt8(value), at: value), count: 3))
    }
    #expect(try await scrub(.content).plan(in: context).repairs.isEmpty)
  }

  @Test("Applying a plan twice changes nothing the second time")
  func twice() async throws {
    set("k", [record(1, at: 1), record(2, at: 2), nil])
    let plan = try await scrub().plan(in: context)
    _ = try await scrub().apply(plan, in: context)
    let before = stores.map(\.contents)
    #expect(try await scrub().apply(plan, in: context).isComplete)
    #expect(stores.map(\.contents) == before)
  }

  // A35, R17
  @Test("A tombstone is spread, and never gives way to an older copy")
  func tombstones() async throws {
    let tombstone = Record.tombstone(DeletionProof([7]), stamp: Stamp(time: 5, writer: 1))
    set("k", [record(1, at: 4), tombstone, nil])
    let plan = try await scrub(.content).plan(in: context)
    #expect(plan.repairs.map(\.description) == [#""k" tombstone 0.5@1 from "b" to "a" older "c" missing"#])
    #expect(try await scrub().apply(plan, in: context).isComplete)
    #expect(copies(of: "k") == [tombstone, tombstone, tombstone])
    #expect(stores.allSatisfy { $0.calls.allSatisfy { $0.operation != .delete } })
  }

  // B1, B18
  @Test("Nothing is concluded from the silence of a store: it lacks nothing, it is named, and the others are compared")
  func silence() async throws {
    let away = Scripted("away") { $0.operation == .list ? .error(.unavailable) : .ok }
    set("k", [record(1, at: 1), nil, record(1, at: 1)])
    away.contents["only there"] = record(9, at: 9)
    let scrub = Scrub {
      a
      b
      away
    }
    let plan = try await scrub.plan(in: context)
    #expect(!plan.isComplete)
    #expect(plan.stores.map { $0.silence == nil } == [true, true, false])
    #expect(plan.stores[2].silence?.hasPrefix("unavailable: ") == true)
    #expect(plan.repairs.map(\.description) == [#""k" 1 bytes 0.1@1 from "a" to "b" missing"#])
    #expect(away.calls.allSatisfy { $0.operation == .list })
  }

  // B1
  @Test("A store that says that its listing is incomplete lacks nothing either")
  func incomplete() async throws {
    set("k", [record(1, at: 1), record(1, at: 1), nil])
    let halves = Quorum(read: 2, write: 2) {
      b
      Scripted("down") { _ in .error(.unavailable) }
    }
    let merged = Replicated {
      c
      Scripted("down too") { _ in .error(.unavailable) }
    }
    let plan = try await Scrub {
      a
      merged
      halves
    }.plan(in: context)
    #expect(plan.repairs.isEmpty)
    #expect(plan.stores.map { $0.silence == nil } == [true, false, false])
    #expect(plan.stores[1].silence == "its listing is incomplete: down too did not answer")
  }

  // R7
  @Test("A store that hangs is silent when its time is up, and the others are compared")
  func hung() async throws {
    let clock = ManualClock()
    let gate = Gate()
    let hung = Scripted("hung") { _ in .hang(gate, ignoringCancellation: true) }
    set("k", [record(1, at: 1), nil, nil])
    let scrub = Scrub(timeout: .seconds(9)) {
      a
      b
      hung
    }
    let context = Context(.manual(clock))
    async let planning = scrub.plan(in: context)
    await clock.waitForSleepers()
    clock.advance(by: .seconds(9))
    let plan = try await planning
    #expect(plan.stores[2].silence == "timedOut: the listing had no answer within 9.0 seconds")
    #expect(plan.repairs.map(\.description) == [#""k" 1 bytes 0.1@1 from "a" to "b" missing"#])
    gate.open()
  }

  // R2, A6
  @Test("Comparing content finds what is damaged, and replaces it; a listing cannot see it")
  func damage() async throws {
    set("k", [record(1, at: 1), record(1, at: 1), record(1, at: 1)])
    let damaged = Scripted("damaged") { call in call.operation == .get && call.number < 8 ? .corrupt : .ok }
    damaged.contents["k"] = record(1, at: 1)
    let make = { (compare: Scrub.Comparison) in
      Scrub(compare: compare) {
        a
        damaged
      }
    }
    #expect(try await make(.stamps).plan(in: context).repairs.isEmpty)
    let plan = try await make(.content).plan(in: context)
    #expect(plan.repairs.map(\.description) == [#""k" 1 bytes 0.1@1 from "a" to "damaged" damaged"#])
    let report = try await make(.content).apply(plan, in: context)
    #expect(report.isComplete, "\(report)")
    #expect(damaged.calls.contains { $0.operation == .put && $0.record == record(1, at: 1) })
  }

  // R1, R2
  @Test(
    "A copy that could not be read is not called damaged, and a key is not lost because nobody answers",
    arguments: [DriverError.Code.unavailable, .timedOut, .denied])
  func unread(code: DriverError.Code) async throws {
    let silent = ["x", "y"].map { Scripted($0) { $0.operation == .get ? .error(code) : .ok } }
    for store in [a] + silent { store.contents["k"] = record(1, at: 1) }
    for others in [[a], []] {
      let plan = try await Scrub(compare: .content) { others + silent }.plan(in: context)
      #expect(plan.repairs.isEmpty && plan.lost.isEmpty && plan.undecided.isEmpty)
      #expect(plan.stores.suffix(2).map(\.silence) == Array(repeating: "get of 'k', \(code): scripted", count: 2))
      #expect(!plan.isComplete)
    }
  }

  // A6
  @Test("An immutable copy that does not hash to its key is damaged, and is replaced by one that does")
  func immutable() async throws {
    let bytes: [UInt8] = [1, 2, 3]
    let key = Key.immutable(ContentHash(of: bytes))
    set(key, [Record([1, 2]), Record(bytes), nil])
    let scrub = Scrub(.immutable, compare: .content) { for store in stores { store } }
    let plan = try await scrub.plan(in: context)
    #expect(plan.repairs.map(\.targets) == [[.init(store: "a", need: .damaged), .init(store: "c", need: .missing)]])
    // The copy at a reads well, as far as the store knows: it is overwritten only where it hashes wrongly.
    let report = try await scrub.apply(plan, in: context)
    #expect(copies(of: key) == [Record(bytes), Record(bytes), Record(bytes)], "\(report)")
  }

  @Test("Where nobody holds a good copy the key is lost, and nothing is done")
  func lost() async throws {
    let bad = ["x", "y"].map { Scripted($0) { $0.operation == .get ? .corrupt : .ok } }
    for store in bad { store.contents["k"] = record(1, at: 1) }
    let plan = try await Scrub(compare: .content) { for store in bad { store } }.plan(in: context)
    #expect(plan.lost.map(\.description) == [#""k" at "x" "y""#])
    #expect(!plan.isComplete, "applied, it leaves the damaged copies as they are")
    #expect(plan.repairs.isEmpty)
  }

  // A31, R18
  @Test("Equal stamps with different bytes are resolved by the rule, the same in any order of stores")
  func conflict() async throws {
    let (one, other) = (record(1, at: 1), Record([9, 9], stamp: Stamp(time: 1, writer: 1)))
    let winner = one.ranksAbove(other) ? one : other
    for (first, second) in [(one, other), (other, one)] {
      set("k", [first, second, nil])
      let plan = try await scrub().plan(in: context)
      #expect(plan.repairs.first?.targets.map(\.need).sorted { "\($0)" < "\($1)" } == [.conflicting, .missing])
      _ = try await scrub().apply(plan, in: context)
      #expect(copies(of: "k") == [winner, winner, winner])
    }
  }

  @Test("Copies without stamps that differ are left as they are, and named; one that is missing is filled in")
  func undecided() async throws {
    set("differ", [Record([1]), Record([1, 2]), nil])
    set("missing", [Record([3]), nil, Record([3])])
    let plan = try await scrub().plan(in: context)
    #expect(plan.undecided.map(\.description) == [#""differ" at "a" "b""#])
    #expect(!plan.isComplete, "applied, it leaves two copies that differ")
    #expect(plan.repairs.map(\.description) == [#""missing" 1 bytes from "a" "c" to "b" missing"#])
    #expect(try await scrub().apply(plan, in: context).isComplete)
    #expect(copies(of: "differ") == [Record([1]), Record([1, 2]), nil])
    #expect(b.contents["missing"] == Record([3]))
  }

  @Test("A copy without a stamp never replaces what was written since the plan was made")
  func lateFill() async throws {
    set("k", [Record([1]), nil, Record([1])])
    let plan = try await scrub().plan(in: context)
    b.contents["k"] = Record([2])
    let report = try await scrub().apply(plan, in: context)
    #expect(b.contents["k"] == Record([2]))
    #expect(
      "\(report)".contains(
        "b: failed, conflict: something else has been written at 'k', and nothing says which is newer"))
    #expect(report.remaining.repairs == plan.repairs)
  }

  // A33, B24
  @Test("What was written since the plan was made is newer, and stays, whatever the ordering of the leaf")
  func late() async throws {
    for ordering in [PutOrdering.fifo, .newestWins, .none] {
      let (source, target) = (Faulty("source"), Faulty("target", ordering: ordering))
      let scrub = Scrub {
        source
        target
      }
      let context = self.context
      _ = try await context.put(record(1, at: 1), at: "k", to: source)
      let plan = try await scrub.plan(in: context)
      _ = try await context.put(record(2, at: 2), at: "k", to: target)
      let report = try await scrub.apply(plan, in: context)
      #expect(report.isComplete && target.contents["k"] == record(2, at: 2), "\(ordering): \(report)")
    }
  }

  @Test("A source that changed for the worse is passed over, and the next one is read")
  func sources() async throws {
    set("k", [record(2, at: 2), record(2, at: 2), nil])
    let plan = try await scrub().plan(in: context)
    a.contents["k"] = record(1, at: 1)
    #expect(try await scrub().apply(plan, in: context).isComplete)
    #expect(c.contents["k"] == record(2, at: 2))
    a.contents["k"] = nil
    b.contents["k"] = nil
    c.contents["k"] = nil
    let report = try await scrub().apply(plan, in: context)
    #expect("\(report)".contains("no store has the copy of 'k' any more that the plan found there: make a new plan"))
    #expect(copies(of: "k") == [nil, nil, nil])
  }

  // R33
  @Test("A copy from the future is spread as any other; one whose stamp no clock makes is damaged")
  func future() async throws {
    let future = Record([2], stamp: Stamp(time: 1_800_000_000_000 << 16, writer: 1))
    set("k", [record(1, at: 1), future, nil])
    set("l", [record(1, at: 1), Record([2], stamp: Stamp(time: 1 << 63, writer: 1)), nil])
    let plan = try await scrub().plan(in: context)
    #expect(
      plan.repairs.map(\.description) == [
        #""k" 1 bytes 1800000000000.0@1 from "b" to "a" older "c" missing"#,
        #""l" 1 bytes 0.1@1 from "a" to "b" damaged "c" missing"#,
      ])
    #expect(try await scrub().apply(plan, in: context).isComplete)
    #expect(copies(of: "k") == [future, future, future])
  }

  // R2: found by a simulated bit that flipped in the stamp of an envelope.
  @Test(
    "A stamp that a listing gives is not believed when it cannot be: the copy is read, and is damaged",
    arguments: Scrub.Comparison.allCases)
  func flippedStamp(compare: Scrub.Comparison) async throws {
    let flipped = Scripted("flipped") { call in call.operation == .get && call.number == 2 ? .corrupt : .ok }
    flipped.contents["k"] = Record([1], stamp: Stamp(time: 1 << 63 | 1, writer: 1))
    a.contents["k"] = record(1, at: 1)
    let plan = try await Scrub(compare: compare) {
      a
      flipped
    }.plan(in: context)
    #expect(plan.isComplete)
    #expect(plan.repairs.map(\.description) == [#""k" 1 bytes 0.1@1 from "a" to "flipped" damaged"#])
  }

  // R2
  @Test("Copies of one stamp that are described differently are read, and so are those without a stamp")
  func doubt() async throws {
    let stamp = Stamp(time: 1, writer: 1)
    // One that was listed as a tombstone by mistake is read as what it is; a real one beats the data of its stamp.
    let mistaken = Scripted("mistaken") { call in call.operation == .get && call.number <= 3 ? .corrupt : .ok }
    mistaken.contents["k"] = .tombstone(stamp: stamp)
    a.contents["k"] = Record([1], stamp: stamp)
    b.contents["k"] = Record([1], stamp: stamp)
    let plan = try await Scrub {
      a
      b
      mistaken
    }.plan(in: context)
    #expect(plan.repairs.map(\.description) == [#""k" 1 bytes 0.1@1 from "a" "b" to "mistaken" damaged"#])
    c.contents["k"] = .tombstone(stamp: stamp)
    let real = try await scrub().plan(in: context)
    #expect(real.repairs.map(\.description) == [#""k" tombstone 0.1@1 from "c" to "a" conflicting "b" conflicting"#])
    #expect(try await scrub().apply(real, in: context).isComplete)
    #expect(try await scrub().plan(in: context).repairs.isEmpty)
  }

  // R2
  @Test("A damaged copy, which is listed without a stamp, is never the source of a repair, nor one of two opinions")
  func damagedSource() async throws {
    let damaged = Scripted("damaged") { $0.operation == .get ? .corrupt : .ok }
    for (key, other) in [("alone", nil), ("bare", Record([7, 7]))] as [(Key, Record?)] {
      damaged.contents[key] = Record([1])
      a.contents[key] = other
    }
    let plan = try await Scrub {
      a
      damaged
    }.plan(in: context)
    #expect(plan.lost.map(\.description) == [#""alone" at "damaged""#])
    #expect(plan.repairs.map(\.description) == [#""bare" 2 bytes from "a" to "damaged" damaged"#])
    #expect(plan.undecided.isEmpty)
  }

  @Test("A plan that is full ends there and says so, and so does not claim to be complete")
  func full() async throws {
    for key in ["a", "b", "c"] as [Key] { set(key, [record(1, at: 1), nil, nil]) }
    let plan = try await scrub(limit: 2).plan(in: context)
    #expect(plan.repairs.map(\.key) == ["a", "b"])
    #expect(plan.end == "b" && !plan.isComplete)
    #expect("\(plan)".hasSuffix("full      after \"b\""))
  }

  @Test("Cancellation stops between keys; what is left is a plan, which goes on where it stopped")
  func cancellation() async throws {
    for number in 1...5 { set(try Key(.mutable, name: "k\(number)"), [record(1, at: 1), nil, record(1, at: 1)]) }
    let (scrub, context) = (scrub(), context)
    let plan = try await scrub.plan(in: context)
    let task = Task {
      try await scrub.apply(plan, limits: RepairLimits(concurrency: 1), in: context) { item in
        if item.repair.key == "k2" { cancelCurrentTask() }
      }
    }
    let report = try await task.value
    #expect(report.items.map(\.repair.key) == ["k1", "k2"])
    #expect("\(report)" == "scrubbed 2 of 5 keys, 2 bytes copied, 3 not begun")
    let rest = try ScrubPlan("\(report.remaining)")
    #expect(rest.repairs.map(\.key) == ["k3", "k4", "k5"])
    #expect(try await scrub.apply(rest, in: context).isComplete)
    #expect(b.contents.count == 5)
  }

  @Test("A failed put is named, and left in the plan for that store alone")
  func failure() async throws {
    let down = Scripted("down") { $0.operation == .list ? .ok : .error(.unavailable, effect: .unchanged) }
    a.contents["k"] = record(1, at: 1)
    let scrub = Scrub {
      a
      b
      down
    }
    let report = try await scrub.apply(try await scrub.plan(in: context), in: context)
    #expect(b.contents["k"] == record(1, at: 1))
    #expect(!report.isComplete)
    #expect(report.remaining.repairs.map(\.description) == [#""k" 1 bytes 0.1@1 from "a" to "down" missing"#])
    #expect("\(report)".contains("  'k': down: failed, unavailable: "))
  }

  @Test("The rate is kept, on the runtime's clock")
  func rate() async throws {
    for number in 1...3 { set(try Key(.mutable, name: "k\(number)"), [record(1, at: 1), nil, nil]) }
    let clock = ManualClock()
    let (scrub, context) = (scrub(), Context(.manual(clock)))
    let plan = try await scrub.plan(in: context)
    async let applying = scrub.apply(plan, limits: RepairLimits(concurrency: 1, itemsPerSecond: 1), in: context)
    for second in 1...2 {
      // A listing, and a look and a put for each key; then one sleeper waits for its turn.
      for store in [b, c] { await store.waitForAnswers(1 + 2 * second) }
      await clock.waitForSleepers()
      #expect(b.contents.count == second)
      clock.advance(to: .seconds(second))
    }
    #expect(try await applying.isComplete)
    #expect(clock.elapsed == .seconds(2))
  }

  @Test("Stores that cannot be compared are refused by name, before any is asked")
  func refusals() async throws {
    let readOnly = a.readOnly()
    for (drivers, message) in [
      ([a], "it compares stores, and was given 1"),
      ([a, b, a.timeout(.seconds(1))], "a and a#2 are the same store, a"),
      ([readOnly, b], "a has no put"),
    ] as [([any Driver], String)] {
      let error = await #expect(throws: DriverError.self) {
        try await Scrub { drivers }.plan(in: context)
      }
      #expect(error?.code == .unsupported)
      #expect(error?.message == "a scrub is not possible: \(message)")
    }
    let other = try await Scrub {
      a
      b
    }.plan(in: context)
    let error = await #expect(throws: DriverError.self) {
      try await Scrub {
        a
        c
      }.apply(other, in: context)
    }
    #expect(error?.message == "the plan is about b, and this scrub about a, c")
  }
}
