private import MetaDriver

extension Benchmark {
  /// What composites cost, against what one would write without them.
  static let composites = [
    Benchmark("FirstSuccess of three, first answers") {
      let (a, b, c) = (try await stored("a"), try await stored("b"), try await stored("c"))
      let (here, byHand) = (FirstSuccess { for child in [a, b, c] { child } }, FirstByHand(children: [a, b, c]))
      let context = Context()
      return try await Comparison().measure { count in
        for _ in 0..<count { _ = try await here.get(datum, in: context) }
      } against: { count in
        for _ in 0..<count { _ = try await byHand.get(datum, in: context) }
      }
    },
    Benchmark("fan-out write to three memory leaves") {
      try await writes(against: GroupByHand(children: [MemoryDriver("a"), MemoryDriver("b"), MemoryDriver("c")]))
    },
    Benchmark("fan-out write, against addImmediateTask") {
      try await writes(
        against: GroupByHand(
          children: [MemoryDriver("a"), MemoryDriver("b"), MemoryDriver("c")], startsImmediately: true))
    },
  ]

  private static func writes(against byHand: GroupByHand) async throws -> Measured {
    let here = Replicated {
      MemoryDriver("a")
      MemoryDriver("b")
      MemoryDriver("c")
    }
    let context = Context()
    return try await Comparison().measure { count in
      for _ in 0..<count { _ = try await here.put(value, at: datum, in: context) }
    } against: { count in
      for _ in 0..<count { _ = try await byHand.put(value, at: datum, in: context) }
    }
  }
}
