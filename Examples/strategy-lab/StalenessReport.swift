import MetaDriver
import MetaDriverAnalysis

/// What is known of a quorum, in milliseconds, under the names that such figures have.
struct StalenessReport: Encodable {
  let id: String
  let p_consistent: [String: Double]
  let t_visibility_p999: Double?
  let Lr_p50: Double?
  let Lr_p99: Double?
  let Lr_p999: Double?
  let Lw_p50: Double?
  let Lw_p99: Double?
  let Lw_p999: Double?
  let exact_latency: Bool

  init(_ question: StalenessFile.Question) throws {
    id = question.id
    guard (1...100).contains(question.replicas) else {
      throw Problem(description: "there are 1 to 100 replicas, and not \(question.replicas)")
    }
    for (word, size) in [("read", question.read), ("write", question.write)] {
      guard (1...question.replicas).contains(size) else {
        throw Problem(description: "\(word) is from 1 to \(question.replicas), and not \(size)")
      }
    }
    let home = question.home_delay_ms ?? 0
    guard home >= 0, home.isFinite else { throw Problem(description: "home_delay_ms is not below zero: \(home)") }
    for time in question.at where !(time >= 0 && time.isFinite) {
      throw Problem(description: "a time in 'at' is not below zero: \(time)")
    }
    func mixture(_ name: String, _ parts: [StalenessFile.Part]) throws -> DelayDistribution {
      do { return try .mixture(of: parts.map { ($0.weight, $0.delay) }) } catch {
        throw Problem(description: "\(name): \(error)")
      }
    }
    let timing = LeafTiming(
      readRequest: try mixture("R", question.R), readReply: try mixture("S", question.S),
      writeRequest: try mixture("W", question.W), writeReply: try mixture("A", question.A))
    let names = (1...question.replicas).map { "replica \($0)" }
    let tree = Quorum(read: .exactly(question.read), write: .exactly(question.write), sloppy: true) {
      for name in names { MemoryDriver(name) }
    }
    let leaves = Dictionary(uniqueKeysWithValues: names.map { ($0, timing) })
    let analysis = tree.analysis
    let delay = Duration.milliseconds(home)
    let staleness = try analysis.staleness(
      leaves: leaves, remoteDelay: delay, trials: question.trials, seed: question.seed)
    p_consistent = Dictionary(
      question.at.map { time in
        (time == time.rounded() ? "\(Int(time))" : "\(time)", staleness.consistency(after: .milliseconds(time)))
      }, uniquingKeysWith: { first, _ in first })
    t_visibility_p999 = staleness.visibility(0.999).map { $0 / .milliseconds(1) }
    let latencies = try [Analysis.Operation.reads, .writes].map { operation in
      try analysis.latency(
        of: operation, leaves: leaves, remoteDelay: delay, trials: question.trials, seed: question.seed)
    }
    let quantiles = latencies.map { latency in
      [0.5, 0.99, 0.999].map { share in latency.quantile(share).map { $0 / .milliseconds(1) } }
    }
    (Lr_p50, Lr_p99, Lr_p999) = (quantiles[0][0], quantiles[0][1], quantiles[0][2])
    (Lw_p50, Lw_p99, Lw_p999) = (quantiles[1][0], quantiles[1][1], quantiles[1][2])
    exact_latency = latencies.allSatisfy(\.isExact)
  }
}
