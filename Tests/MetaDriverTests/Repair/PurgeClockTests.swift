import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

#if !SANITIZE_THREAD
  import Synchronization
#endif

/// R35: no wall clock has a say in how old a tombstone is.
@Suite(.timeLimit(.minutes(10))) struct PurgeClockTests {
  private static let day = Duration.seconds(86_400)
  private static let week = Duration.seconds(7 * 86_400)

  /// A wall clock that can be set.
  private final class Wall: Sendable {
    private let time = Mutex(Duration.seconds(1_700_000_000))
    func now() -> Duration { time.withLock { $0 } }
    func step(by duration: Duration) { time.withLock { $0 += duration } }
  }

  @Test(
    "A wall clock that steps by days while a purge runs neither makes a tombstone old nor keeps it young",
    arguments: [30, -30, 400, -400])
  func steps(days: Int) async throws {
    let (clock, wall, stores) = (ManualClock(), Wall(), ["a", "b"].map { Faulty($0) })
    let runtime = Runtime(clock: clock, wallClock: { wall.now() }, random: SeededGenerator(seed: 1))
    let context = Context(runtime)
    let purge = Purge(after: Self.week) { for store in stores { store } }
    let tombstone = Record.tombstone(stamp: runtime.nextStamp())
    for store in stores { _ = try await context.put(tombstone, at: "k", to: store) }
    #expect(try await purge.plan(in: context).young.map(\.age) == [.zero])
    for elapsed in 1..<7 {
      clock.advance(by: Self.day)
      wall.step(by: Self.day * days)
      let plan = try await purge.plan(in: context)
      #expect(plan.removals.isEmpty && plan.young.map(\.age) == [Self.day * elapsed])
    }
    clock.advance(by: Self.day)
    #expect(try await purge.apply(try await purge.plan(in: context), in: context).isComplete)
    #expect(stores.allSatisfy { $0.contents.isEmpty })
  }

  /// Processes one after the other, each with its wall clock days off, and between them the text of a plan.
  @Test(
    "Processes whose wall clocks are days apart agree on an age, by the text of the last plan alone", arguments: 1...8)
  func processes(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let skews = (0..<8).map { _ in Self.day * Int.random(in: -900...900, using: &generator) }
    try Simulation(seed: seed) { world async throws in
      let (a, b) = (world.leaf("a"), world.leaf("b"))
      var text: String?
      for (number, skew) in skews.enumerated() {
        let process = world.process("process \(number)", skew: skew)
        let (context, last) = (Context(process.runtime), try text.map { try PurgePlan($0) })
        let purge = Purge(after: Self.week, seen: last, ago: last == nil ? .zero : Self.day) {
          process.leaf("a")
          process.leaf("b")
        }
        let plan = try await process.perform {
          if number == 0 {
            let tombstone = Record.tombstone(stamp: context.runtime.nextStamp())
            for leaf in ["a", "b"] { _ = try await context.put(tombstone, at: "k", to: process.leaf(leaf)) }
          }
          let plan = try await purge.plan(in: context)
          #expect(try await purge.apply(plan, in: context).isComplete)
          return plan
        }
        let made = try #require(plan)
        // Within a second, which all the answers of the stores take at most.
        let age = try #require((made.young + made.removals).first?.age)
        #expect(age >= Self.day * number && age < Self.day * number + .seconds(1), "SEED=\(seed), skews \(skews)")
        #expect(made.removals.isEmpty == (number < 7), "SEED=\(seed), skews \(skews)")
        #expect(a.contents.isEmpty == (number == 7) && b.contents.isEmpty == (number == 7))
        text = "\(made)"
        try await world.sleep(for: Self.day)
      }
    }.run()
  }

  @Test("Without a word about the time between, only the time within processes counts, however long that was")
  func silence() throws {
    try Simulation(seed: 1) { world async throws in
      var last: PurgePlan?
      for number in 0..<3 {
        let process = world.process("process \(number)", skew: Self.day * 100 * number)
        let (context, seen) = (Context(process.runtime), last)
        let purge = Purge(after: .seconds(100), seen: seen) {
          process.leaf("a")
          process.leaf("b")
        }
        last = try await process.perform {
          if number == 0 {
            let tombstone = Record.tombstone(stamp: context.runtime.nextStamp())
            for leaf in ["a", "b"] { _ = try await context.put(tombstone, at: "k", to: process.leaf(leaf)) }
          }
          _ = try await purge.plan(in: context)
          try await context.runtime.sleep(for: .seconds(40))
          return try PurgePlan("\(try await purge.plan(in: context))")
        }
        let plan = try #require(last)
        #expect(plan.removals.isEmpty == (number < 2))
        let age = try #require((plan.young + plan.removals).first?.age)
        #expect(age >= .seconds(40 * (number + 1)) && age < .seconds(40 * (number + 1) + 2))
        try await world.sleep(for: Self.week)
      }
    }.run()
  }

  @Test("What was seen with one runtime means nothing on the clock of another, and a plan about other stores nothing")
  func strangers() async throws {
    let (early, late) = (ManualClock(), ManualClock())
    late.advance(by: Self.week)
    let stores = ["a", "b", "c"].map { Faulty($0) }
    let contexts = [early, late].map { Context(.manual($0)) }
    let purge = Purge(after: Self.day) { for store in stores { store } }
    let tombstone = Record.tombstone(stamp: contexts[0].runtime.nextStamp())
    for store in stores { _ = try await contexts[0].put(tombstone, at: "k", to: store) }
    #expect(try await purge.plan(in: contexts[0]).young.count == 1)
    late.advance(by: Self.week)
    #expect(try await purge.plan(in: contexts[1]).young.map(\.age) == [.zero])
    late.advance(by: Self.day)
    let plan = try await purge.plan(in: contexts[1])
    #expect(plan.removals.count == 1)
    let fewer = Purge(after: Self.day, seen: plan) { for store in stores[1...] { store } }
    #expect(try await fewer.plan(in: contexts[1]).young.map(\.age) == [.zero])
    let same = Purge(after: Self.day, seen: plan) { for store in stores { store } }
    #expect(try await same.plan(in: contexts[1]).removals.count == 1)
  }
}
