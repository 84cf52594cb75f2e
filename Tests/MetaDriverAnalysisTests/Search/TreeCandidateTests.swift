import TestSupport
import Testing

@testable import MetaDriver
@testable import MetaDriverAnalysis

/// What a search takes trees to be, and what their analysis says of them.
@Suite struct TreeCandidateTests {
  private static let names = ["a", "b", "c", "d"]

  private static func candidates(_ count: Int) -> [TreeCandidate] { TreeCandidate.all(count).flatMap(\.self) }

  private func driver(_ tree: TreeCandidate) -> any Driver { tree.shape.driver { MemoryDriver(Self.names[$0]) } }

  @Test(arguments: 1...4) func `Each tree composes, and its reads meet its writes`(count: Int) throws {
    for tree in Self.candidates(count) {
      let driver = driver(tree)
      let strategy = try Strategy("tree") { driver }
      #expect(strategy.analysis.ownWrites.holds && strategy.analysis.regular.holds, "\(strategy)")
      #expect(strategy.analysis.survives(failures: tree.writes.fewest - 1, of: .reads), "\(strategy)")
      #expect(!strategy.analysis.survives(failures: tree.writes.fewest, of: .reads), "\(strategy)")
      #expect(strategy.analysis.resilience(of: .writes) == tree.reads.fewest - 1, "\(strategy)")
      var nodes = 0
      strategy.outline.forEachNode { _ in nodes += 1 }
      #expect(nodes == tree.nodeCount)
    }
  }

  @Test(arguments: 1...4) func `Each tree reads as it is printed`(count: Int) throws {
    for tree in Self.candidates(count) {
      var source = TreeSource(tree.shape.source(Self.names))
      let driver = try #require(source.driver { MemoryDriver($0) }, "\(tree.shape.source(Self.names))")
      #expect(source.isAtEnd && driver.outline.description == self.driver(tree).outline.description)
    }
  }

  @Test(arguments: 1...4) func `Each tree sends what its analysis counts`(count: Int) throws {
    for tree in Self.candidates(count) {
      let analysis = driver(tree).analysis
      let timings = Dictionary(
        uniqueKeysWithValues: tree.shape.leaves.map { (Self.names[$0], LeafTiming(eachWay: .none)) })
      let reads = try analysis.cost(of: .reads, leaves: timings, trials: 1).callsPerLeaf
      let writes = try analysis.cost(of: .writes, leaves: timings, trials: 1).callsPerLeaf
      for leaf in tree.shape.leaves {
        #expect(reads[Self.names[leaf]] == (tree.called & (1 << UInt8(leaf)) == 0 ? 0 : 1), "\(analysis.outline)")
        #expect(writes[Self.names[leaf]] == 1, "\(analysis.outline)")
      }
    }
  }

  @Test(
    arguments: [
      (1...3).map { LeafTiming(roundTrip: .constant(.milliseconds($0 * $0))) },
      (1...3).map { LeafTiming(eachWay: .exponential(mean: .microseconds(7 * $0))) },
      [
        LeafTiming(roundTrip: .pareto(minimum: .milliseconds(2), shape: 1.5)),
        LeafTiming(roundTrip: .mixture(0.1, .constant(.seconds(1)), or: .uniform(.zero ... .milliseconds(3)))),
        LeafTiming(
          readRequest: .exponential(mean: .milliseconds(1)), readReply: .none,
          writeRequest: .constant(.milliseconds(4)),
          writeReply: .exponential(mean: .microseconds(10))),
      ],
    ])
  func `Each tree takes as long as its analysis says`(timings: [LeafTiming]) throws {
    let reads = try AnsweringTimes(.reads, timings, of: Self.names)
    let writes = try AnsweringTimes(.writes, timings, of: Self.names)
    for tree in TreeCandidate.all(3)[0b111] {
      let analysis = driver(tree).analysis
      let used = Dictionary(uniqueKeysWithValues: tree.shape.leaves.map { (Self.names[$0], timings[$0]) })
      for (operation, average) in [
        (Analysis.Operation.reads, reads.average(tree.asked)), (.writes, writes.average(tree.writes)),
      ] {
        let latency = try analysis.latency(of: operation, leaves: used)
        let expected = try #require(latency.mean) / .nanoseconds(1)
        #expect(latency.isExact && abs(average - expected) <= 1e-7 * expected, "\(operation) of \(analysis.outline)")
      }
    }
  }

  @Test func `Sets of leaves are what a table of truth says`() throws {
    for count in 1...LeafSets.leafLimit {
      let leaves = (0..<count).map { LeafSets(leaf: $0, of: count) }
      for needed in 1...count {
        // The first leaf or so many of all.
        let rule = Rule.any([.child(0), .atLeast(needed, of: count)])
        let sets = LeafSets(atLeast: 1, of: [leaves[0], LeafSets(atLeast: needed, of: leaves)])
        let table = try #require(TruthTable(rule, memberCount: count))
        let dual = try #require(TruthTable(rule.dual, memberCount: count))
        for set in 0..<(1 << count) {
          #expect(sets[set] == table[UInt32(set)] && sets.dual[set] == dual[UInt32(set)])
        }
        #expect(sets.fewest == 1 && sets.dual.fewest == table.smallestFatalSet?.nonzeroBitCount)
        #expect(sets.dual.dual == sets)
      }
    }
  }
}

extension Outline {
  fileprivate func forEachNode(_ body: (Outline) -> Void) {
    body(self)
    for child in children { child.forEachNode(body) }
  }
}
