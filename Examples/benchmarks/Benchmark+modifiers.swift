private import MetaDriver

extension Benchmark {
  /// What a chain of modifiers costs: a get that finds its datum, over a store in memory.
  static let modifiers = [
    Benchmark("five modifiers, get hit") {
      try await reads(of: stored().required().localOnly().readOnly().verified { _, _, _ in true }.readYourWrites())
    },
    Benchmark("five modifiers with a timeout, get hit") {
      try await reads(
        of: stored().required().localOnly().readOnly().verified { _, _, _ in true }.timeout(.seconds(1)))
    },
  ]

  private static func reads(of driver: some Driver) async throws -> Measured {
    let memory = try await stored()
    let context = Context()
    return try await Comparison().measure { count in
      for _ in 0..<count { _ = try await driver.get(datum, in: context) }
    } against: { count in
      for _ in 0..<count { _ = try await memory.get(datum, in: context) }
    }
  }
}
