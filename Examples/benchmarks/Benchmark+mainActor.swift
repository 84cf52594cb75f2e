private import CBenchmarkSupport
import MetaDriver
private import Synchronization

extension Benchmark {
  /// What a call from the main actor costs: a get that stays there, and a fan-out that leaves it once.
  static let mainActor = [
    Benchmark("get from the main actor") {
      let strategy = try Strategy("notes", visibility: .privateData) {
        FirstSuccess {
          MemoryDriver("a").verified()
          MemoryDriver("b")
        }
      }
      try await strategy.put(value.bytes, at: "alice/profile")
      // A batch is so long that going to the main actor and back once weighs nothing in it.
      let comparison = Comparison(batch: .milliseconds(10), pairs: 60)
      var measured = try await comparison.measure { count in
        try await readOnMainActor(strategy, count)
      } against: { count in
        for _ in 0..<count { _ = try await strategy.get("alice/profile") }
      }
      measured.here.switches = try await threadSwitches(of: 1_000)
      return measured
    },
    Benchmark("fan-out write from the main actor") {
      try await writesFromMainActor { MemoryDriver($0) }
    },
    Benchmark("the same, leaves of 1, 2 and 3 ms") {
      let delays: [String: Duration] = ["a": .milliseconds(1), "b": .milliseconds(2), "c": .milliseconds(3)]
      return try await writesFromMainActor { MemoryDriver($0).delayed(by: delays[$0] ?? .zero) }
    },
  ]

  @MainActor private static func readOnMainActor(_ strategy: Strategy, _ count: Int) async throws {
    for _ in 0..<count { _ = try await strategy.get("alice/profile") }
  }

  /// How often the thread changes in a get from the main actor, on the way to the leaf and on the way back.
  @MainActor private static func threadSwitches(of count: Int) async throws -> Double {
    let witness = Witness(base: MemoryDriver("a"))
    let strategy = try Strategy("notes", visibility: .privateData) { FirstSuccess { witness.verified() } }
    var switches = 0
    for _ in 0..<count {
      let before = benchmark_thread()
      _ = try await strategy.get("alice/profile")
      let inside = witness.place.thread.load(ordering: .relaxed)
      switches += (inside == before ? 0 : 1) + (benchmark_thread() == inside ? 0 : 1)
    }
    return Double(switches) / Double(count)
  }

  private static func writesFromMainActor(_ child: (String) -> any Driver) async throws -> Measured {
    let here = Replicated { for name in ["a", "b", "c"] { child(name) } }
    let byHand = GroupByHand(children: ["a", "b", "c"].map(child))
    var measured = try await Comparison(batch: .milliseconds(5), pairs: 100).measure { count in
      _ = try await write(to: here, count)
    } against: { count in
      _ = try await write(to: byHand, count)
    }
    measured.here.switches = try await write(to: here, 100)
    measured.reference?.switches = try await write(to: byHand, 100)
    return measured
  }

  /// Writes from the main actor, and says how often its thread had to wait for each of the writes.
  @MainActor private static func write(to target: some WriteTarget, _ count: Int) async throws -> Double? {
    let context = Context()
    let before = benchmark_wait_count()
    for _ in 0..<count { _ = try await target.put(value, at: datum, in: context) }
    return before < 0 ? nil : Double(benchmark_wait_count() - before) / Double(count)
  }
}

/// What both a composite and what is written by hand can do.
private protocol WriteTarget: Sendable {
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt
}
extension Replicated: WriteTarget {}
extension GroupByHand: WriteTarget {}

/// Remembers on which thread it was asked last.
private struct Witness: Modifier {
  final class Place: Sendable {
    let thread = Atomic<UInt>(0)
  }

  let base: MemoryDriver
  let place = Place()

  var outline: Outline { Outline(modifier: "Witness", of: base.outline) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    place.thread.store(benchmark_thread(), ordering: .relaxed)
    return try await context.get(key, from: base)
  }
}
