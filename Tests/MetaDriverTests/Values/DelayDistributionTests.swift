import Testing

@testable import MetaDriver

@Suite struct DelayDistributionTests {
  private func samples(_ distribution: DelayDistribution, _ count: Int = 10_000, seed: UInt64 = 3) -> [Duration] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in distribution.sample(using: &generator) }
  }

  private func mean(_ samples: [Duration]) -> Double {
    samples.reduce(0) { $0 + $1 / .milliseconds(1) } / Double(samples.count)
  }

  @Test("A constant delay is always the same, and none is none") func constant() {
    #expect(Set(samples(.constant(.milliseconds(3)), 10)) == [.milliseconds(3)])
    #expect(Set(samples(.none, 10)) == [.zero])
  }

  @Test("A uniform delay stays in its range and fills it") func uniform() {
    let drawn = samples(.uniform(.milliseconds(5) ... .milliseconds(15)))
    #expect(drawn.allSatisfy { $0 >= .milliseconds(5) && $0 <= .milliseconds(15) })
    #expect((9.9...10.1).contains(mean(drawn)))
    #expect(drawn.contains { $0 < .milliseconds(6) } && drawn.contains { $0 > .milliseconds(14) })
  }

  @Test("An exponential delay has its mean, and two thirds of the draws are below it") func exponential() {
    let drawn = samples(.exponential(mean: .milliseconds(20)))
    #expect((19.5...20.5).contains(mean(drawn)))
    #expect((0.62...0.645).contains(Double(drawn.count { $0 < .milliseconds(20) }) / 10_000))
    #expect(drawn.allSatisfy { $0 >= .zero && $0 <= .milliseconds(20 * 37) })
  }

  @Test("A Pareto delay is at least its minimum, has the tail of its shape, and ends at a thousand times the minimum")
  func pareto() {
    let drawn = samples(.pareto(minimum: .milliseconds(2), shape: 1))
    #expect(drawn.allSatisfy { $0 >= .milliseconds(2) && $0 <= .seconds(2) })
    // One in ten is beyond ten times the minimum.
    #expect((0.09...0.11).contains(Double(drawn.count { $0 > .milliseconds(20) }) / 10_000))
    #expect(samples(.pareto(minimum: .milliseconds(2), shape: 0.001)).max() == .seconds(2))
  }

  @Test("A mixture draws from each as often as it says") func mixture() {
    let drawn = samples(.mixture(0.1, .constant(.seconds(1)), or: .constant(.milliseconds(1))))
    #expect((950...1_050).contains(drawn.count { $0 == .seconds(1) }))
    #expect(Set(drawn) == [.seconds(1), .milliseconds(1)])
  }

  @Test("The same seed draws the same delays, another seed others") func seeds() {
    let distribution = DelayDistribution.mixture(
      0.3, .pareto(minimum: .milliseconds(1), shape: 2), or: .exponential(mean: .milliseconds(5)))
    #expect(samples(distribution, 100) == samples(distribution, 100))
    #expect(samples(distribution, 100) != samples(distribution, 100, seed: 4))
    // Recorded: the same in every process, or counterexamples could not be shared.
    #expect(
      samples(.uniform(.zero ... .seconds(1)), 3, seed: 1).map(\.text)
        == ["566561575ns", "745781757ns", "971002754ns"])
  }

  @Test("A distribution says what it is in a few words") func description() {
    let usual = DelayDistribution.exponential(mean: .milliseconds(20))
    #expect("\(DelayDistribution.none)" == "0s")
    #expect("\(usual)" == "20ms on average")
    #expect("\(DelayDistribution.uniform(.milliseconds(5) ... .seconds(2)))" == "5ms to 2s")
    #expect("\(DelayDistribution.pareto(minimum: .microseconds(1_500), shape: 1.5))" == "1500us or more, shape 1.5")
    #expect(
      "\(DelayDistribution.mixture(0.01, .constant(.seconds(2)), or: usual))"
        == "(2s) with probability 0.01, else (20ms on average)")
  }

  @Test("A distribution of negative, endless or impossible numbers is refused") func refused() async {
    await #expect(processExitsWith: .failure) { _ = DelayDistribution.constant(.milliseconds(-1)) }
    await #expect(processExitsWith: .failure) { _ = DelayDistribution.exponential(mean: .seconds(2_000_000)) }
    await #expect(processExitsWith: .failure) { _ = DelayDistribution.pareto(minimum: .zero, shape: .nan) }
    await #expect(processExitsWith: .failure) { _ = DelayDistribution.mixture(1.5, .none, or: .none) }
  }
}
