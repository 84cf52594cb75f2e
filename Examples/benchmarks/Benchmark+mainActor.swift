private import MetaDriver

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
      let read: Operation = { _ = try await strategy.get("alice/profile") }
      return try await fromMainActor(Comparison(), read) { count in try await repeated(count, read) }
    },
    Benchmark("fan-out write from the main actor") {
      try await writes(from: Comparison()) { MemoryDriver($0) }
    },
    Benchmark("the same, leaves of 1, 2 and 3 ms") {
      let delays: [String: Duration] = ["a": .milliseconds(1), "b": .milliseconds(2), "c": .milliseconds(3)]
      return try await writes(from: Comparison(pairs: 100)) { MemoryDriver($0).delayed(by: delays[$0] ?? .zero) }
    },
  ]

  private typealias Operation = @Sendable () async throws -> Void

  private static func writes(
    from comparison: Comparison, _ child: (String) -> any Driver
  ) async throws -> Measured {
    let here = Replicated { for name in ["a", "b", "c"] { child(name) } }
    let byHand = GroupByHand(children: ["a", "b", "c"].map(child))
    let context = Context()
    let write: Operation = { _ = try await here.put(value, at: datum, in: context) }
    let writeByHand: Operation = { _ = try await byHand.put(value, at: datum, in: context) }
    var measured = try await fromMainActor(comparison, write) { count in
      try await repeatedOnMainActor(count, writeByHand)
    }
    measured.reference?.switches = try await departures(writeByHand)
    return measured
  }

  /// Measures an operation from the main actor, and counts how often it leaves it.
  private static func fromMainActor(
    _ comparison: Comparison, _ operation: @escaping Operation, against reference: TimedBatch
  ) async throws -> Measured {
    var measured = try await comparison.measureTimed(
      { count in try await repeatedOnMainActor(count, operation) }, against: reference)
    measured.here.switches = try await departures(operation)
    return measured
  }

  private static func repeated(_ count: Int, _ operation: Operation) async throws -> Duration {
    let start = ContinuousClock.now
    for _ in 0..<count { try await operation() }
    return ContinuousClock.now - start
  }

  // The time is taken here, so that going to the main actor and back is no part of it.
  @MainActor private static func repeatedOnMainActor(_ count: Int, _ operation: Operation) async throws -> Duration {
    let start = ContinuousClock.now
    for _ in 0..<count { try await operation() }
    return ContinuousClock.now - start
  }

  /// How often an operation leaves the actor it is called from, and has to come back to it.
  @Front private static func departures(_ operation: Operation) async throws -> Double {
    let before = Front.shared.executor.count
    for _ in 0..<100 { try await operation() }
    return Double(Front.shared.executor.count - before) / 100
  }
}
