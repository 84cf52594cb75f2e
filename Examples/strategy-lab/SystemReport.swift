import MetaDriver
import MetaDriverAnalysis

/// The figures of a quorum system, under the names that the file has for them.
struct SystemReport: Encodable {
  struct Load: Encodable {
    let value: Double
    let exact: String?
    var capacity: Double?
  }
  struct Both: Encodable {
    let read: Double
    let write: Double
  }
  struct Pair: Encodable {
    let read: [String]
    let write: [String]
  }

  let id: String
  let leaves: [String]
  let reads_text: String
  let writes_text: String
  let intersects: Bool
  var witness: Pair?
  let writes_are_dual: Bool
  let minimal_read_quorums: Int
  let minimal_write_quorums: Int
  let disjoint_pairs: Int
  let uniform_pair_miss_probability: Double
  let read_resilience: Int?
  let write_resilience: Int?
  let resilience: Int?
  let availability: [String: Both]
  let load: [String: Load]
  let uniform_strategy_load: Double
  var het_capacity: [String: Double]?
  let network_optimal: Double?
  var latency_optimal: [String: Double]?
  let f_resilient_load: [String: [String: Load]?]

  enum CodingKeys: String, CodingKey {
    case id, leaves, reads_text, writes_text, intersects, witness, writes_are_dual, minimal_read_quorums
    case minimal_write_quorums, disjoint_pairs, uniform_pair_miss_probability, read_resilience, write_resilience
    case resilience, availability, load, het_capacity, latency_optimal, f_resilient_load
    case network_optimal = "network_optimal_at_0.5"
    case uniform_strategy_load = "uniform_strategy_load_at_0.5"
  }

  init(_ system: SystemFile.System, figures: [String: LeafFigures]?) throws {
    id = system.id
    (reads_text, writes_text) = (system.reads.text, system.writes.text)
    let names = (system.reads.leaves + system.writes.leaves).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    leaves = names
    let children = names.map { Outline(leaf: Leaf($0), kind: "Leaf", capabilities: .basic) }
    let access = Access(read: system.reads.rule(names), write: system.writes.rule(names))
    let analysis = Analysis(of: Outline(composite: "System", of: children, access: access))

    let (reads, writes) = (
      try analysis.quorums(.reads).map(Set.init), try analysis.quorums(.writes).map(Set.init)
    )
    (minimal_read_quorums, minimal_write_quorums) = (reads.count, writes.count)
    disjoint_pairs = reads.reduce(0) { sum, read in sum + writes.count { $0.isDisjoint(with: read) } }
    uniform_pair_miss_probability = Double(disjoint_pairs) / Double(reads.count * writes.count)
    intersects = analysis.ownWrites.holds
    if let parts = analysis.ownWrites.witness?.parts { witness = Pair(read: parts[1].names, write: parts[0].names) }
    // The writes are the dual of the reads when they are exactly what meets every read.
    let meeting = Analysis(
      of: Outline(composite: "Dual", of: children, access: Access(read: access.read.dual, write: access.write)))
    writes_are_dual = Set(try meeting.quorums(.reads).map(Set.init)) == Set(writes)

    let survived = Analysis.Operation.allCases.map { analysis.resilience(of: $0) }
    (read_resilience, write_resilience) = (survived[0], survived[1])
    resilience = survived.contains(nil) ? nil : survived.compactMap { $0 }.min()
    var availability: [String: Both] = [:]
    for works in [0.9, 0.99] {
      availability["\(works)"] = Both(
        read: try analysis.availability(of: .reads, works: works),
        write: try analysis.availability(of: .writes, works: works))
    }
    self.availability = availability
    load = try Self.loads(analysis, [0, 0.25, 0.5, 0.75, 1], failures: 0) ?? [:]
    uniform_strategy_load = Self.uniformLoad(names, reads, writes)
    network_optimal = try analysis.strategy(for: StrategyGoal(.network, readFraction: 0.5))?.network
    var resilient: [String: [String: Load]?] = [:]
    for failures in 1...2 {
      resilient["\(failures)"] = .some(try Self.loads(analysis, [0, 0.5, 1], failures: failures))
    }
    f_resilient_load = resilient
    guard let figures else { return }
    var (capacities, latencies): ([String: Double], [String: Double]) = ([:], [:])
    for fraction in [0, 0.5, 1.0] {
      let fastest = try analysis.strategy(for: StrategyGoal(.latency, readFraction: fraction), figures: figures)
      latencies["\(fraction)"] = fastest.map { $0.latency / .seconds(1) }
      let busiest = try analysis.strategy(for: StrategyGoal(.load, readFraction: fraction), figures: figures)
      capacities["\(fraction)"] = busiest?.capacity
    }
    (het_capacity, latency_optimal) = (capacities, latencies)
  }

  private static func loads(_ analysis: Analysis, _ fractions: [Double], failures: Int) throws -> [String: Load]? {
    var loads: [String: Load] = [:]
    for fraction in fractions {
      var goal = StrategyGoal(.load, readFraction: fraction)
      goal.failures = failures
      guard let best = try analysis.strategy(for: goal) else { return nil }
      loads["\(fraction)"] = Load(
        value: best.load, exact: best.exactLoad, capacity: failures == 0 ? best.capacity : nil)
    }
    return loads
  }

  /// The load when every minimal quorum is chosen as often, and half of the operations are reads.
  private static func uniformLoad(_ leaves: [String], _ reads: [Set<String>], _ writes: [Set<String>]) -> Double {
    leaves.map { leaf in
      0.5 * Double(reads.count { $0.contains(leaf) }) / Double(reads.count)
        + 0.5 * Double(writes.count { $0.contains(leaf) }) / Double(writes.count)
    }.max() ?? 0
  }
}
