import MetaDriver
import MetaDriverAnalysis
import MetaDriverTesting

/// What is predicted of a strategy, beside what it does in the simulator.
struct Comparison {
  /// A promise that histories of reads and writes can refute.
  struct Claim {
    let verdict: Analysis.Guarantee.Verdict
    /// The first seed whose history breaks it; `nil` when none did.
    let broken: UInt64?

    /// Whether the simulator agrees: what holds, held in all seeds, and what does not was broken in one.
    var isConfirmed: Bool {
      switch verdict {
      case .yes: broken == nil
      case .no: broken != nil
      case .unknown: true
      }
    }

    var text: String {
      switch verdict {
      case .yes: broken.map { "yes, but \($0)" } ?? "yes"
      case .no: broken.map { "no, \($0)" } ?? "no?"
      case .unknown: "?"
      }
    }
  }

  /// A time or a probability.
  struct Figure {
    let predicted: Double
    let measured: Double
  }

  let name: String
  let resilience: [Int]
  /// How many stores may be lost with every acknowledged write still there, and whether that many were.
  let losses: Int?
  let kept: Claim
  let claims: [Claim]
  let times: [Figure]
  let consistency: Figure?

  var isConfirmed: Bool { claims.allSatisfy(\.isConfirmed) && kept.isConfirmed }

  /// - Parameters:
  ///   - seeds: How many courses of events are tried for each promise.
  ///   - operations: How many operations are measured.
  init(_ strategy: KnownStrategy, seeds: UInt64, operations: Int) throws {
    let analysis = strategy.analysis
    name = strategy.name
    resilience = Analysis.Operation.allCases.map { analysis.resilience(of: $0) ?? -1 }
    // Where reads can miss writes before anything is lost, a loss makes them ask elsewhere.
    let keptLosses = analysis.keepsWrites(losses: 0).holds ? analysis.resilience(of: .reads) ?? 0 : nil
    let keeping = analysis.keepsWrites(losses: keptLosses ?? 0)
    losses = keptLosses
    let promises: [(Analysis.Guarantee, Guarantee)] = [
      (analysis.readYourWrites, .readYourWrites), (analysis.monotonicReads, .monotonicReads),
      (analysis.regular, .regular), (analysis.atomic, .linearizable),
    ]
    let hours = try BadHours(
      strategy, losses: min(keptLosses ?? 1, strategy.stores.count - 1), seeds: seeds,
      isAlso: keeping.isOfOneProcess || promises.contains { $0.0.isOfOneProcess })
    kept = hours.claim(keeping, .durable)
    claims = promises.map { hours.claim($0, $1) }
    let measurement = strategy.measurement
    var times: [Figure] = []
    for operation in [Analysis.Operation.writes, .reads] {
      let latency = try analysis.latency(of: operation, leaves: strategy.timings)
      let measured = try measurement.latencies(writes: operation == .writes, count: operations).sorted()
      for share in [0.5, 0.99] {
        times.append(
          Figure(
            predicted: (latency.quantile(share) ?? .zero) / .milliseconds(1),
            measured: Double(measured[Int(share * Double(measured.count))]) / 1e6))
      }
    }
    self.times = times
    // Repairs and sessions are not in the prediction.
    guard strategy.own == nil, analysis.readYourWrites.holds == analysis.ownWrites.holds else {
      consistency = nil
      return
    }
    let moment = Duration.milliseconds(5)
    consistency = Figure(
      predicted: try analysis.staleness(leaves: strategy.timings, trials: 20_000).consistency(after: moment),
      measured: try measurement.consistency(after: [moment], count: operations)[0])
  }
}
