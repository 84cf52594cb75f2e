import MetaDriver
import Testing

@testable import MetaDriverAnalysis

@Suite struct SumOfDelaysTests {
  private static let shapes: [DelayDistribution] = [
    .none, .constant(.milliseconds(3)), .uniform(.milliseconds(1) ... .milliseconds(6)),
    .exponential(mean: .milliseconds(2)), .exponential(mean: .microseconds(2_001)),
    .pareto(minimum: .milliseconds(1), shape: 1.5), .pareto(minimum: .microseconds(235), shape: 10),
    .mixture(0.3, .exponential(mean: .milliseconds(9)), or: .pareto(minimum: .milliseconds(2), shape: 0.9)),
  ]

  @Test("The sum of two delays is as long as the sums of their draws", arguments: shapes.indices)
  func draws(first: Int) throws {
    for second in Self.shapes {
      let sum = try #require(SumOfDelays(Self.shapes[first], second))
      var generator = SeededGenerator(seed: UInt64(first))
      let drawn = (0..<20_000).map { _ in
        Self.shapes[first].nanoseconds(using: &generator) + second.nanoseconds(using: &generator)
      }.sorted()
      for share in [0.05, 0.3, 0.5, 0.8, 0.99] {
        let time = drawn[Int(share * 20_000)]
        // At a jump, the share of a draw lies anywhere between both sides of it.
        let (below, upTo) = (sum.share(within: time * (1 - 1e-9) - 1), sum.share(within: time * (1 + 1e-9)))
        #expect(below < share + 0.02 && upTo > share - 0.02, "\(Self.shapes[first]) + \(second) at \(share)")
      }
      #expect(sum.share(within: 0) <= 1 && sum.share(within: -1) == 0 && sum.share(within: .infinity) == 1)
    }
  }

  @Test("Quadrature agrees with what is known in closed form, to nine digits") func closedForms() throws {
    // A uniform time from 0 to 2 and an exponential one of mean 1: worked out by hand.
    let sum = try #require(SumOfDelays(.uniform(.zero ... .seconds(2)), .exponential(mean: .seconds(1))))
    for (time, share) in [(1.0, 0.18393972058572117), (2.0, 0.5676676416183064), (5.0, 0.9784754393156108)] {
      #expect(abs(sum.share(within: time * 1e9) - share) < 1e-9, "\(time)")
    }
    // Two uniform times from 0 to 1: a triangle.
    let triangle = try #require(SumOfDelays(.uniform(.zero ... .seconds(1)), .uniform(.zero ... .seconds(1))))
    #expect(abs(triangle.share(within: 0.5e9) - 0.125) < 1e-6 && abs(triangle.share(within: 1.5e9) - 0.875) < 1e-6)
  }

  @Test("Exponential times of one mean, and of nearly one, add up to Erlang's") func erlang() throws {
    let erlang = 1 - 3 * 0.1353352832366127
    for other in [Duration.seconds(1), .seconds(1) + .nanoseconds(1), .seconds(1) + .microseconds(10)] {
      let sum = try #require(SumOfDelays(.exponential(mean: .seconds(1)), .exponential(mean: other)))
      #expect(abs(sum.share(within: 2e9) - erlang) < 1e-5, "\(other)")
    }
  }

  @Test("Two mixtures of many parts are left to trials") func manyParts() throws {
    let many = try DelayDistribution.mixture(
      of: (1...20).map { (0.05, .uniform(.zero ... .milliseconds($0))) })
    #expect(SumOfDelays(many, many) == nil && SumOfDelays(many, .none) != nil)
  }
}

@Suite struct RecordedDelaysTests {
  @Test("What was recorded is drawn again, as often and as long") func recorded() throws {
    var histogram = LatencyHistogram()
    var generator = SeededGenerator(seed: 3)
    let usual = DelayDistribution.exponential(mean: .milliseconds(20))
    for _ in 0..<20_000 { histogram.record(usual.sample(using: &generator)) }
    let delays = try DelayDistribution(recorded: histogram)
    for milliseconds in [5, 20, 60] {
      let time = Double(milliseconds) * 1e6
      #expect(abs(delays.share(within: time) - usual.share(within: time)) < 0.02)
    }
    // A tree over such leaves is still worked out, where the leaves are asked at once.
    let timing = LeafTiming(roundTrip: delays)
    let quorum = Alike(3, read: 2, write: 2, timing)
    let latency = try quorum.analysis.latency(of: .reads, leaves: quorum.leaves)
    let expected = Alike(3, read: 2, write: 2, LeafTiming(roundTrip: usual))
    let exact = try expected.analysis.latency(of: .reads, leaves: expected.leaves)
    #expect(latency.isExact)
    let (found, known) = (try #require(latency.quantile(0.9)), try #require(exact.quantile(0.9)))
    #expect(abs(found / known - 1) < 0.05)
    // Tried out, too: what follows after a failure has no closed form.
    let search = FirstSuccess { MemoryDriver("leaf 1"); MemoryDriver("leaf 2") }.analysis
    var unsure = timing
    unsure.readSuccess = 0.5
    let tried = try search.latency(of: .reads, leaves: ["leaf 1": unsure, "leaf 2": timing], trials: 5_000)
    #expect(abs((try #require(tried.mean)) / .milliseconds(30) - 1) < 0.06)
  }

  @Test("Nothing recorded is nothing to draw from") func nothing() {
    #expect(throws: AnalysisError.self) { try DelayDistribution(recorded: LatencyHistogram()) }
  }
}
