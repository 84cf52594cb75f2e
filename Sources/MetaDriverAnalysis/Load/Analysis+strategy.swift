import MetaDriver

extension Analysis {
  /// The best way to choose leaves for reads and writes, of all there are: what the tree could bear and how fast it could
  /// be, if it chose so. `nil` when no way keeps what the goal demands.
  ///
  /// What the tree really sends is up to its nodes.
  ///
  /// ```swift
  /// let best = try profiles.analysis.strategy(for: StrategyGoal(.load, readFraction: 0.9))
  /// print(best?.exactLoad ?? "none", best?.reads ?? [])
  /// ```
  ///
  /// - Parameters:
  ///   - goal: What it is to be good at.
  ///   - figures: What the leaves bear, by their labels; where it is empty, each serves one operation a second.
  /// - Throws: ``AnalysisError`` for a goal that is none, a leaf that the tree has not, or one without figures or with a
  ///   capacity that is not above zero; and for a tree with more than 20 leaves, or 5,000 sets of leaves that are enough.
  /// - Complexity: That of the simplex method, over as many unknowns as there are such sets.
  public func strategy(
    for goal: StrategyGoal, figures: [String: LeafFigures] = [:]
  ) throws(AnalysisError) -> QuorumStrategy? {
    try goal.check()
    let figures = try perLeaf(figures)
    let reads = try minimalSets(.reads, surviving: goal.failures)
    let writes = try minimalSets(.writes, surviving: goal.failures)
    guard !reads.isEmpty, !writes.isEmpty else { return nil }
    let problem = StrategyProblem(goal, figures, reads: reads, writes: writes)
    var solution = problem.solved(Rational.init)
    if case .inexact = solution { solution = problem.solved { $0 } }
    let shares: StrategyProblem.Shares
    switch solution {
    case .optimal(let found): shares = found
    case .infeasible: return nil
    case .inexact: throw AnalysisError("the figures of the leaves differ by too much to be computed with")
    }
    func choices(_ quorums: [UInt32], _ shares: some Collection<Double>) -> [QuorumStrategy.Choice] {
      zip(quorums, shares).filter { $1 > 0 }.map { QuorumStrategy.Choice(leaves: names(members($0)), share: $1) }
    }
    return QuorumStrategy(
      reads: choices(reads, shares.values.prefix(reads.count)),
      writes: choices(writes, shares.values.dropFirst(reads.count)), load: shares.load, exactLoad: shares.exactLoad,
      network: problem.network(shares.values), latency: .seconds(problem.latency(shares.values)))
  }

  /// The sets of leaves that are enough for an operation, and of which none can be left out.
  ///
  /// - Parameters:
  ///   - operation: What they are enough for.
  ///   - failures: How many of a set may fail with the rest still enough.
  public func quorums(_ operation: Operation, surviving failures: Int = 0) throws(AnalysisError) -> [[String]] {
    try minimalSets(operation, surviving: failures).map { names(members($0)) }
  }

  func minimalSets(_ operation: Operation, surviving failures: Int = 0) throws(AnalysisError) -> [UInt32] {
    guard let all = table(operation) else { throw tooLarge }
    let table = (0..<min(failures, leaves.count + 1)).reduce(all) { table, _ in table.survivingOneMore }
    return try Self.checked(table.minimalSets, operation)
  }

  var tooLarge: AnalysisError {
    AnalysisError("the tree has \(leaves.count) leaves, of which at most \(TruthTable.memberLimit) can be")
  }

  static func checked(_ sets: [UInt32], _ operation: Operation) throws(AnalysisError) -> [UInt32] {
    guard sets.count <= 5_000 else {
      throw AnalysisError("\(sets.count) sets of leaves decide about \(operation): more than 5000 are not compared")
    }
    return sets
  }

  func members(_ set: UInt32) -> [Int] { leaves.indices.filter { set & (1 << UInt32($0)) != 0 } }

  func perLeaf(_ figures: [String: LeafFigures]) throws(AnalysisError) -> [LeafFigures] {
    guard !figures.isEmpty else { return leaves.map { _ in LeafFigures() } }
    for name in figures.keys.sorted() where !leaves.contains(where: { $0.label == name }) {
      throw AnalysisError("the tree has no leaf '\(name)': it has \(leaves.map(\.label).joined(separator: ", "))")
    }
    var ordered: [LeafFigures] = []
    for leaf in leaves {
      guard let own = figures[leaf.label] else { throw AnalysisError("the leaf '\(leaf.label)' has no figures") }
      try own.check(leaf.label)
      ordered.append(own)
    }
    return ordered
  }
}
