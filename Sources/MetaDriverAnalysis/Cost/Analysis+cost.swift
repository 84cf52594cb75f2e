import MetaDriver

extension Analysis {
  /// What an operation takes: calls, bytes and answers, at least, on average and at most.
  ///
  /// ```swift
  /// print(try profiles.analysis.cost(of: .reads, byteCount: 4_096).calls)
  /// ```
  ///
  /// Repairs, the write-back of a read whose copies differ, and what a session or a handoff keeps in its journal are not in
  /// it. A `Quorum` that reads digests first is taken to read copies.
  ///
  /// - Parameters:
  ///   - operation: What is done.
  ///   - byteCount: How large the datum is.
  ///   - timings: The timings of the leaves, by their labels; where it is empty, all succeed at once.
  ///   - trials: How many operations are tried out for the averages that have no closed form.
  ///   - seed: What these are drawn from.
  /// - Throws: What ``latency(of:leaves:remoteDelay:trials:seed:)`` throws, and for a negative size.
  public func cost(
    of operation: Operation, byteCount: Int = 0, leaves timings: [String: LeafTiming] = [:], trials: Int = 10_000,
    seed: UInt64 = 0
  ) throws(AnalysisError) -> OperationCost {
    guard byteCount >= 0 else { throw AnalysisError("a datum has 0 or more bytes, and not \(byteCount)") }
    let timings = try orAtOnce(timings)
    let trials = try Trials(trials, seed: seed)
    let tree = timingTree(operation)
    var trial = TimingTrial(leaves, timings, remoteDelay: 0, seed: trials.seed)
    var (calls, awaited) = (0, 0)
    var perLeaf = Array(repeating: 0, count: leaves.count)
    for _ in 0..<trials.count {
      let end = trial.run(tree)
      for call in trial.calls {
        perLeaf[call.leaf] += 1
        calls += 1
        if call.end <= end.time { awaited += 1 }
      }
    }
    let count = Double(trials.count)
    var each = perLeaf.map { Double($0) / count }
    if let exact = CompletionTime(tree, timings, delays: leaves.map { _ in 0 }) { each = exact.callsPerLeaf }
    let number = OperationCost.Extent(
      least: Double(tree.fewestCalls), expected: each.reduce(0, +), most: Double(tree.mostCalls))
    let size = Double(byteCount)
    return OperationCost(
      calls: number,
      bytes: OperationCost.Extent(
        least: number.least * size, expected: number.expected * size, most: number.most * size),
      awaited: OperationCost.Extent(
        least: Double(tree.fewestAwaited), expected: Double(awaited) / count, most: Double(tree.mostCalls)),
      callsPerLeaf: labelled(each))
  }

  /// How busy the leaves are: what this tree really sends, which ``strategy(for:figures:)`` may improve on.
  ///
  /// ```swift
  /// let load = try profiles.analysis.load(readFraction: 0.9)
  /// print(load.busiest, load.capacity)
  /// ```
  ///
  /// - Parameters:
  ///   - readFraction: The share of the operations that are reads, from 0 to 1.
  ///   - figures: What the leaves bear, by their labels; where it is empty, each serves one operation a second.
  ///   - timings: The timings of the leaves, by their labels, on which hedges and fallbacks depend; where it is empty, all
  ///     succeed at once.
  /// - Throws: What ``strategy(for:figures:)`` and ``cost(of:byteCount:leaves:trials:seed:)`` throw.
  public func load(
    readFraction: Double, figures: [String: LeafFigures] = [:], leaves timings: [String: LeafTiming] = [:]
  ) throws(AnalysisError) -> TreeLoad {
    try StrategyGoal(.load, readFraction: readFraction).check()
    let figures: [LeafFigures] = try perLeaf(figures)
    let reads = try callsPerLeaf(of: .reads, timings)
    let writes = try callsPerLeaf(of: .writes, timings)
    var loads: [Double] = []
    for (leaf, figures) in zip(leaves, figures) {
      let (read, write) = (readFraction * (reads[leaf.label] ?? 0), (1 - readFraction) * (writes[leaf.label] ?? 0))
      loads.append(read / figures.readCapacity + write / figures.writeCapacity)
    }
    let calls = readFraction * reads.values.reduce(0, +) + (1 - readFraction) * writes.values.reduce(0, +)
    return TreeLoad(loads: labelled(loads), network: calls)
  }

  /// How many calls each leaf gets on average: without any trials where they can be computed.
  private func callsPerLeaf(
    of operation: Operation, _ timings: [String: LeafTiming]
  ) throws(AnalysisError) -> [String: Double] {
    let exact = CompletionTime(timingTree(operation), try orAtOnce(timings), delays: leaves.map { _ in 0 })
    guard let exact else { return try cost(of: operation, leaves: timings).callsPerLeaf }
    return labelled(exact.callsPerLeaf)
  }

  /// The timings of the leaves, in their order; where there are none, all succeed at once.
  private func orAtOnce(_ timings: [String: LeafTiming]) throws(AnalysisError) -> [LeafTiming] {
    timings.isEmpty ? leaves.map { _ in LeafTiming(eachWay: .none) } : try perLeaf(timings)
  }

  /// Numbers of the leaves by their labels; those of leaves that are called the same add up.
  private func labelled(_ numbers: [Double]) -> [String: Double] {
    Dictionary(zip(leaves.map(\.label), numbers), uniquingKeysWith: +)
  }
}
