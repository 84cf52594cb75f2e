import MetaDriver
import MetaDriverAnalysis

extension Benchmark {
  /// What it takes to know a tree.
  static var analysis: [Benchmark] {
    let leaves = (0..<20).map { MemoryDriver("store \($0)") }
    let flat = Quorum { for leaf in leaves { leaf } }.outline
    // Every store stands in two of the quorums.
    let nested = Quorum(read: 2, write: 3) {
      for first in 0..<4 {
        Quorum { for leaf in 0..<10 { leaves[(first * 5 + leaf) % 20] } }
      }
    }.outline
    let guarantees = [("a majority", flat), ("stores that stand twice", nested)].map { name, outline in
      Benchmark("guarantees of 20 leaves, \(name)") {
        try await Comparison(batch: .milliseconds(50)).measure { count in
          for _ in 0..<count where "\(Analysis(of: outline))".isEmpty { throw Options.Problem("nothing was found out") }
        }
      }
    }
    return guarantees + [search]
  }

  /// No two leaves are alike, their times vary, and every failure is allowed, so that no tree is left out.
  private static var search: Benchmark {
    let leaves = (1...5).map { number in
      let capacity = Double(1_000 * number)
      return ("store\(number)", LeafFigures(readCapacity: 2 * capacity, writeCapacity: capacity))
    }
    var search = TreeSearch(of: leaves, for: StrategyGoal(.latency, readFraction: 0.9))
    for (number, (name, _)) in leaves.enumerated() {
      search.timings[name] = LeafTiming(eachWay: .exponential(mean: .milliseconds(number + 1)))
    }
    return Benchmark("best tree of five leaves") { [search] in
      try await Comparison(batch: .milliseconds(50)).measure { count in
        for _ in 0..<count where try search.best().isEmpty { throw Options.Problem("nothing was found") }
      }
    }
  }
}
