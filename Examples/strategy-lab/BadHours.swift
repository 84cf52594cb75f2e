import MetaDriverAnalysis
import MetaDriverTesting

/// What becomes of a strategy's promises in bad hours of the simulator: which seed breaks which of them first.
struct BadHours {
  private static let guarantees: [Guarantee] = [
    .durable, .readYourWrites, .monotonicReads, .regular, .linearizable,
  ]

  /// By several clients at once, over stores that compare stamps.
  private let together: [Guarantee: UInt64]
  /// By one process alone, which keeps its puts in order; found out where a promise rests on that.
  private let alone: [Guarantee: UInt64]

  init(_ strategy: KnownStrategy, losses: Int, seeds: UInt64, isAlso alone: Bool) throws {
    func broken(isAlone: Bool) throws -> [Guarantee: UInt64] {
      let scenario = strategy.scenario(Self.guarantees, losses: losses, isAlone: isAlone)
      var first: [Guarantee: UInt64] = [:]
      for seed in 0..<seeds {
        for violation in try scenario.run(seed: seed, keepsTrace: false).violations
        where first[violation.guarantee] == nil {
          first[violation.guarantee] = seed
        }
      }
      return first
    }
    together = try broken(isAlone: false)
    self.alone = alone ? try broken(isAlone: true) : [:]
  }

  /// What the simulator says to a claim.
  func claim(
    _ claim: Analysis.Guarantee, _ guarantee: Guarantee
  ) -> Comparison.Claim {
    Comparison.Claim(verdict: claim.verdict, broken: (claim.isOfOneProcess ? alone : together)[guarantee])
  }
}

extension Analysis.Guarantee {
  /// Whether it rests on one process that writes.
  var isOfOneProcess: Bool {
    restsOn.contains { if case .orderedPuts = $0 { true } else { false } }
  }
}
