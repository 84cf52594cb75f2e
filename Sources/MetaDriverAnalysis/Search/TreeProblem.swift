import MetaDriver

/// A search whose question was checked.
struct TreeProblem {
  let names: [String]
  /// The names as they stand in source.
  let words: [String]
  let figures: [LeafFigures]
  let timings: [LeafTiming]
  let goal: StrategyGoal
  private let readFailures: Int
  private let writeFailures: Int
  private let readTimes: AnsweringTimes
  private let writeTimes: AnsweringTimes

  init(_ search: TreeSearch) throws(AnalysisError) {
    try search.goal.check()
    for failures in [search.readFailures, search.writeFailures] where failures < 0 {
      throw AnalysisError("\(failures) leaves cannot fail")
    }
    let names = search.leaves.map(\.name)
    guard !names.isEmpty else { throw AnalysisError("a search needs leaves, and there are none") }
    guard names.count <= TreeSearch.leafLimit else {
      throw AnalysisError(
        "\(names.count) leaves are too many: all trees of at most \(TreeSearch.leafLimit) are compared")
    }
    var words: [String] = []
    for (place, (name, figures)) in search.leaves.enumerated() {
      guard !names[..<place].contains(name) else { throw AnalysisError("two leaves are called '\(name)'") }
      guard let word = name.asSwiftName else {
        throw AnalysisError("'\(name)' cannot be written as a name in Swift, not even between backticks")
      }
      try figures.check(name)
      words.append(word)
    }
    for name in search.timings.keys.sorted() where !names.contains(name) {
      throw AnalysisError("there is no leaf '\(name)': there are \(names.joined(separator: ", "))")
    }
    var timings: [LeafTiming] = []
    for (name, figures) in search.leaves {
      if search.timings.isEmpty {
        guard figures.latency <= .seconds(1_000_000) else {
          throw AnalysisError("the latency of '\(name)' is \(figures.latency), and at most a million seconds")
        }
        timings.append(LeafTiming(roundTrip: .constant(figures.latency)))
        continue
      }
      guard let timing = search.timings[name] else { throw AnalysisError("the leaf '\(name)' has no timing") }
      for (word, success) in [("reads", timing.readSuccess), ("writes", timing.writeSuccess)] where success != 1 {
        throw AnalysisError(
          "the success of \(word) at '\(name)' is \(success): trees are compared with calls that succeed, and it is 1")
      }
      timings.append(timing)
    }
    (self.names, self.words, self.timings) = (names, words, timings)
    figures = search.leaves.map(\.figures)
    (goal, readFailures, writeFailures) = (search.goal, search.readFailures, search.writeFailures)
    readTimes = try AnsweringTimes(.reads, timings, of: names)
    let isSymmetric = timings.allSatisfy { $0.readRequest == $0.writeRequest && $0.readReply == $0.writeReply }
    writeTimes = isSymmetric ? readTimes : try AnsweringTimes(.writes, timings, of: names)
  }

  // MARK: Figures

  private var readFraction: Double { goal.readFractions.reduce(0) { $0 + $1.fraction * $1.likelihood } }

  /// How busy the busiest leaf is.
  func load(_ tree: TreeCandidate) -> Double {
    let leaves = tree.shape.leaves
    return goal.readFractions.reduce(0) { sum, reads in
      let busiest = leaves.map { leaf in
        let read = tree.called & (1 << UInt8(leaf)) == 0 ? 0 : reads.fraction / figures[leaf].readCapacity
        return read + (1 - reads.fraction) / figures[leaf].writeCapacity
      }.max()
      return sum + reads.likelihood * (busiest ?? 0)
    }
  }

  /// How many messages an operation takes.
  func network(_ tree: TreeCandidate) -> Double {
    readFraction * Double(tree.called.nonzeroBitCount) + (1 - readFraction) * Double(tree.shape.leaves.count)
  }

  /// How many seconds an operation takes.
  func latency(_ tree: TreeCandidate) -> Double {
    readFraction * latency(tree, of: .reads) + (1 - readFraction) * latency(tree, of: .writes)
  }

  /// How many seconds a read takes, or a write.
  func latency(_ tree: TreeCandidate, of operation: Analysis.Operation) -> Double {
    (operation == .reads ? readTimes.average(tree.asked) : writeTimes.average(tree.writes)) / 1e9
  }

  // MARK: Ranking

  /// The best trees that do what is wanted.
  func ranked(_ count: Int) -> [TreeCandidate] {
    let kinds = names.indices.map { leaf in
      names.indices.first { figures[$0] == figures[leaf] && timings[$0] == timings[leaf] } ?? leaf
    }
    var candidates: [(figures: [Double], tree: TreeCandidate)] = []
    for (set, trees) in TreeCandidate.all(names.count).enumerated() {
      // Of leaves alike, the first are used.
      let isFirst = names.indices.allSatisfy { leaf in
        set >> leaf & 1 == 0 || (0..<leaf).allSatisfy { kinds[$0] != kinds[leaf] || set >> $0 & 1 == 1 }
      }
      guard isFirst else { continue }
      for tree in trees where survives(tree) {
        if let figures = comparable(tree) { candidates.append((figures, tree)) }
      }
    }
    // A stable order: what is as good stays in the order in which it was found.
    let ranked = candidates.enumerated().sorted { one, other in
      one.element.figures == other.element.figures
        ? one.offset < other.offset : one.element.figures.lexicographicallyPrecedes(other.element.figures)
    }
    var patterns: Set<String> = []
    var best: [TreeCandidate] = []
    for (_, (_, tree)) in ranked {
      guard best.count < count else { break }
      if patterns.insert(tree.shape.pattern(kinds)).inserted { best.append(tree) }
    }
    return best
  }

  private func survives(_ tree: TreeCandidate) -> Bool {
    // A set that is enough for a write is what has to fail to end reads, and the other way round.
    tree.writes.fewest > max(readFailures, goal.failures) && tree.reads.fewest > max(writeFailures, goal.failures)
      && (goal.failures == 0 || tree.asked.dual.fewest > goal.failures)
  }

  /// What trees are compared by, the most important first; `nil` for one that exceeds a limit.
  private func comparable(_ tree: TreeCandidate) -> [Double]? {
    let (load, network, latency) = (load(tree), network(tree), latency(tree))
    let limits = [
      (load, goal.maximumLoad), (network, goal.maximumNetwork), (latency, goal.maximumLatency.map { $0 / .seconds(1) }),
    ]
    for (figure, limit) in limits {
      if let limit, figure > limit * (1 + 1e-8) { return nil }
    }
    let wanted =
      switch goal.quantity {
      case .load: load
      case .network: network
      case .latency: latency
      }
    return [wanted.rough, Double(tree.nodeCount), latency.rough, network.rough, load.rough]
  }
}

extension Double {
  /// Seven digits of it, so that rounding makes no difference between trees that are as good.
  fileprivate var rough: Double {
    guard self > 0, isFinite else { return self }
    let scale = Double(1 << 24)
    return Double(sign: .plus, exponent: exponent, significand: (significand * scale).rounded() / scale)
  }
}
