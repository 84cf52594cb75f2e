import MetaDriver
import Testing

@testable import MetaDriverAnalysis

@Suite struct HeavyTailsTests {
  @Test("The mean of heavy tails both ways is found, and is that of the draws") func mean() throws {
    let timing = LeafTiming(eachWay: .pareto(minimum: .milliseconds(1), shape: 2.5))
    let tree = Alike(3, read: 2, write: 2, timing)
    let latency = try tree.analysis.latency(of: .reads, leaves: tree.leaves)
    let mean = try #require(latency.mean)
    var trial = TimingTrial(tree.analysis.leaves, [timing, timing, timing], remoteDelay: 0, seed: 1)
    let formula = tree.analysis.timingTree(.reads)
    let drawn = (0..<20_000).reduce(0.0) { sum, _ in sum + trial.run(formula).time } / 20_000
    #expect(latency.isExact && abs(drawn / (mean / .nanoseconds(1)) - 1) < 0.01)
  }

  @Test("What always takes as long has that mean, and no deviation") func constant() throws {
    let tree = Alike(3, read: 2, write: 2, LeafTiming(eachWay: .constant(.milliseconds(4))))
    let latency = try tree.analysis.latency(of: .writes, leaves: tree.leaves)
    #expect(abs((try #require(latency.mean)) / .milliseconds(8) - 1) < 1e-6)
    #expect(try #require(latency.standardDeviation) < .microseconds(20))
  }
}
