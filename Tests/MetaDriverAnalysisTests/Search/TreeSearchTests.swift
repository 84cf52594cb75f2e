import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver
@testable import MetaDriverAnalysis

@Suite struct TreeSearchTests {
  private static func leaf(
    _ name: String, _ read: Double = 1_000, _ write: Double = 1_000, _ milliseconds: Int = 5
  ) -> (name: String, figures: LeafFigures) {
    (name, LeafFigures(readCapacity: read, writeCapacity: write, latency: .milliseconds(milliseconds)))
  }

  private func question(
    _ leaves: [(name: String, figures: LeafFigures)], _ quantity: StrategyGoal.Quantity = .load, reads: Double = 0.5,
    survives: Int = 0
  ) -> TreeSearch {
    var search = TreeSearch(of: leaves, for: StrategyGoal(quantity, readFraction: reads))
    (search.readFailures, search.writeFailures) = (survives, survives)
    return search
  }

  // MARK: Known answers

  @Test(arguments: [StrategyGoal.Quantity.load, .network, .latency])
  func `Of three leaves alike a majority survives a failure`(quantity: StrategyGoal.Quantity) throws {
    let found = try question(["a", "b", "c"].map { Self.leaf($0) }, quantity, survives: 1).best(100)
    #expect(found.map(\.source) == ["Quorum(read: 2, write: 2) {\n  a\n  b\n  c\n}"])
    let tree = try #require(found.first)
    #expect(tree.analysis.survives(failures: 1, of: .reads) && tree.analysis.survives(failures: 1, of: .writes))
    #expect(tree.load == 0.001 && tree.capacity == 1_000 && tree.network == 3)
    #expect(tree.latency == .milliseconds(5))
    // Two of three are enough, and any two will do.
    #expect(abs(try #require(tree.attainableLoad) - 0.002 / 3) < 1e-12)
  }

  @Test func `Reads that survive a failure go to one of two copies`() throws {
    var search = question(["a", "b"].map { Self.leaf($0) }, .network, reads: 0.9)
    search.readFailures = 1
    let tree = try #require(try search.best().first)
    #expect(tree.source == "Replicated(writes: .all, reads: .ordered) {\n  a\n  b\n}")
    #expect(abs(tree.network - 1.1) < 1e-12)
  }

  @Test func `Where reads are many, two pairs are asked for one copy each`() throws {
    let leaves = ["a", "b", "c", "d"].map { Self.leaf($0) }
    let tree = try #require(try question(leaves, .network, reads: 0.99, survives: 1).best().first)
    #expect(tree.network == 0.99 * 2 + 0.01 * 4)
    #expect(tree.analysis.survives(failures: 1, of: .reads) && tree.analysis.survives(failures: 1, of: .writes))
    // With more writes, one message less for each of them counts for more.
    #expect(try question(leaves, .network, reads: 0.4, survives: 1).best().first?.network == 3)
  }

  @Test func `Nothing is nested that need not be`() throws {
    let leaves = ["a", "b", "c"].map { Self.leaf($0) }
    var search = question(leaves, .latency, reads: 1)
    for (name, _) in leaves { search.timings[name] = LeafTiming(roundTrip: .exponential(mean: .milliseconds(6))) }
    let tree = try #require(try search.best().first)
    #expect(tree.source == "Quorum(read: 1, write: 3) {\n  a\n  b\n  c\n}")
    #expect(abs(tree.latency / .milliseconds(2) - 1) < 1e-8)
  }

  @Test func `A slow leaf is left out, or waited for by nobody`() throws {
    var leaves = ["a", "b", "c"].map { Self.leaf($0) } + [Self.leaf("slow", 1_000, 1_000, 900)]
    let four = try #require(try question(leaves, .latency, survives: 1).best().first)
    #expect(four.latency == .milliseconds(5) && !four.source.contains("slow"))
    leaves.remove(at: 1)
    let three = try #require(try question(leaves, .latency, survives: 1).best().first)
    #expect(three.latency == .milliseconds(5) && three.source.contains("slow"))
  }

  @Test func `A leaf that can bear little is read last`() throws {
    let leaves = [Self.leaf("weak", 10, 1_000), Self.leaf("strong", 9_000, 1_000)]
    var search = question(leaves, reads: 0.9)
    search.readFailures = 1
    let tree = try #require(try search.best().first)
    #expect(tree.source == "Replicated(writes: .all, reads: .ordered) {\n  strong\n  weak\n}")
    // Nine of ten operations are reads, at 9,000 a second, and one is a write, at 1,000.
    #expect(abs(tree.capacity - 5_000) < 1e-6)
  }

  @Test func `Limits keep out what exceeds them`() throws {
    let leaves = [Self.leaf("quick", 100, 100, 1), Self.leaf("able", 5_000, 5_000, 20)]
    #expect(try question(leaves, .latency).best().map(\.source) == ["quick"])
    var search = question(leaves, .latency)
    search.goal.maximumLoad = 0.001
    #expect(try search.best().map(\.source) == ["able"])
    search.goal.maximumLatency = .milliseconds(19)
    #expect(try search.best().isEmpty)
    search.goal.maximumLatency = .milliseconds(20)
    #expect(try search.best(100).map(\.source) == ["able"])
    search.goal.maximumNetwork = 0.5
    #expect(try search.best().isEmpty)
  }

  @Test func `Failures that nobody else is asked after are survived by those who were asked`() throws {
    var search = question(["a", "b", "c", "d"].map { Self.leaf($0) }, .network, reads: 0.99, survives: 1)
    search.goal.failures = 1
    #expect(try search.best().map(\.source) == ["Quorum(read: 2, write: 2) {\n  a\n  b\n  c\n}"])
  }

  @Test func `What cannot be survived has no tree`() throws {
    #expect(try question(["a", "b", "c"].map { Self.leaf($0) }, survives: 3).best().isEmpty)
    #expect(try question(["a", "b", "c"].map { Self.leaf($0) }, survives: 2).best().isEmpty)
    #expect(try question(["a"].map { Self.leaf($0) }).best(0).isEmpty)
  }

  // MARK: Every tree

  @Test(arguments: UInt64(0)..<6) func `No tree at all is better`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let leaves = (0..<Int(2 + seed % 2)).map { number in
      Self.leaf(
        "\("abc".map(String.init)[number])", Double(Int.random(in: 1...9, using: &generator) * 100),
        Double(Int.random(in: 1...9, using: &generator) * 100), Int.random(in: 1...9, using: &generator))
    }
    let reads = Double(Int.random(in: 0...10, using: &generator)) / 10
    let timings = Dictionary(
      uniqueKeysWithValues: leaves.map { ($0.name, LeafTiming(roundTrip: .constant($0.figures.latency))) })
    let every = try EveryTree.over(leaves.map { MemoryDriver($0.name) }).map {
      try EveryTree.Figures($0, leaves, timings, readFraction: reads)
    }
    for (readFailures, writeFailures) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
      let able = every.filter { $0.readFailures >= readFailures && $0.writeFailures >= writeFailures }
      for quantity in [StrategyGoal.Quantity.load, .network, .latency] {
        var search = question(leaves, quantity, reads: reads)
        (search.readFailures, search.writeFailures) = (readFailures, writeFailures)
        let found = try search.best().first
        let figures: (Double?, Double?) =
          switch quantity {
          case .load: (found?.load, able.map(\.load).min())
          case .network: (found?.network, able.map(\.network).min())
          case .latency: (found.map { $0.latency / .seconds(1) }, able.map(\.latency).min())
          }
        guard let expected = figures.1 else {
          #expect(found == nil)
          continue
        }
        let own = try #require(figures.0)
        #expect(abs(own - expected) <= 1e-7 * expected, "\(quantity), reads \(reads), seed \(seed), \(leaves)")
      }
    }
  }

  @Test func `The same question has the same answer, and no tree twice`() throws {
    let leaves = [Self.leaf("a"), Self.leaf("b"), Self.leaf("c", 2_000), Self.leaf("d", 2_000), Self.leaf("e", 500)]
    let search = question(leaves, .latency, reads: 0.7, survives: 1)
    let found = try search.best(100).map(\.source)
    #expect(found == (try search.best(100).map(\.source)) && Set(found).count == found.count)
    // Leaves alike that change places make the same tree.
    for source in found {
      let words = Set(source.split { $0 == " " || $0 == "\n" })
      #expect(
        (words.contains("a") || !words.contains("b")) && (words.contains("c") || !words.contains("d")), "\(source)")
    }
    #expect(Array(found.prefix(7)) == (try search.best(7).map(\.source)))
  }

  @Test func `Shares of reads that change are weighed`() throws {
    let leaves = [Self.leaf("reader", 4_000, 100), Self.leaf("writer", 100, 4_000)]
    var search = question(leaves)
    search.goal.readFractions = [(0, 0.1), (1, 0.9)]
    let tree = try #require(try search.best().first)
    #expect(tree.source == "reader" && abs(tree.load - (0.1 / 100 + 0.9 / 4_000)) < 1e-12)
  }

  @Test func `What is found can be run`() async throws {
    let tree = try #require(try question(["a", "b", "c"].map { Self.leaf($0) }, survives: 1).best().first)
    let stores = ["a": MemoryDriver("first"), "b": MemoryDriver("second"), "c": MemoryDriver("third")]
    let driver = tree.driver { stores[$0] ?? MemoryDriver() }
    #expect(driver.outline.leaves.map(\.label) == ["first", "second", "third"])
    let strategy = try Strategy("found") { driver }
    try await strategy.put([1, 2], at: "key")
    #expect(try await strategy.get("key")?.bytes == [1, 2])
    await strategy.drain()
  }

  // MARK: Bad questions

  @Test(
    arguments: [
      ([leaf("a", -1)], 0.5, "the read capacity of 'a' is -1.0, and must be above zero"),
      ([leaf("a", 1, 0)], 0.5, "the write capacity of 'a' is 0.0, and must be above zero"),
      ([leaf("a", 1, 1, -3)], 0.5, "the latency of 'a' is -0.003 seconds, and cannot be below zero"),
      ([leaf("a", 1, 1, 2_000_000_000)], 0.5, "the latency of 'a' is 2000000.0 seconds, and at most a million seconds"),
      ([leaf("a")], 1.5, "a read fraction is from 0 to 1, and not 1.5"),
      ([], 0.5, "a search needs leaves, and there are none"),
      ([leaf("a"), leaf("b"), leaf("a")], 0.5, "two leaves are called 'a'"),
      ("abcdefg".map { leaf("\($0)") }, 0.5, "7 leaves are too many: all trees of at most 6 are compared"),
      ([leaf("a`b")], 0.5, "'a`b' cannot be written as a name in Swift, not even between backticks"),
    ])
  func `What is no question is refused`(
    leaves: [(name: String, figures: LeafFigures)], reads: Double, message: String
  ) {
    #expect(throws: AnalysisError(message)) { try question(leaves, reads: reads).best() }
  }

  @Test func `Numbers and timings that are none are refused`() throws {
    let leaves = ["a", "b"].map { Self.leaf($0) }
    #expect(throws: AnalysisError("-1 leaves cannot fail")) { try question(leaves, survives: -1).best() }
    #expect(throws: AnalysisError("a search finds 0 to 100 trees, and not 101")) { try question(leaves).best(101) }
    var search = question(leaves)
    var timing = LeafTiming(eachWay: .none)
    search.timings = ["a": timing, "c": timing]
    #expect(throws: AnalysisError("there is no leaf 'c': there are a, b")) { try search.best() }
    search.timings = ["a": timing]
    #expect(throws: AnalysisError("the leaf 'b' has no timing")) { try search.best() }
    let parts = (1...9).map { (probability: 1.0 / 9, delay: DelayDistribution.constant(.milliseconds($0))) }
    search.timings["b"] = LeafTiming(eachWay: try .mixture(of: parts))
    #expect(throws: AnalysisError("the delays of 'b' are mixtures of too many parts to be added up exactly")) {
      try search.best()
    }
    timing.readSuccess = 0.9
    search.timings = ["a": timing, "b": LeafTiming(eachWay: .none)]
    #expect(
      throws: AnalysisError(
        "the success of reads at 'a' is 0.9: trees are compared with calls that succeed, and it is 1")
    ) { try search.best() }
  }
}
