/// How long something takes, when it does not always take as long.
///
/// ```swift
/// let usual = DelayDistribution.exponential(mean: .milliseconds(20))
/// let withPauses = DelayDistribution.mixture(0.01, .constant(.seconds(2)), or: usual)   // every hundredth time 2 s
/// ```
///
/// Delays are drawn from a seed as whole nanoseconds, and bounded: each distribution says by what.
public struct DelayDistribution: Hashable, Sendable {
  /// The longest duration that a distribution is made of: a million seconds.
  private static let limit = Duration.seconds(1_000_000)

  /// What it is a mixture of: one part, for most.
  package let parts: [DelayPart]
  /// How likely a delay is of this part or one before it; the last is 1.
  private let cumulative: [Double]

  private init(_ part: DelayPart) { (parts, cumulative) = ([part], [1]) }

  /// A mixture of parts whose weights add up to 1.
  package init(weighted parts: [(weight: Double, part: DelayPart)]) {
    var sum = 0.0
    var cumulative: [Double] = []
    for (weight, _) in parts {
      sum += weight
      cumulative.append(sum)
    }
    cumulative[parts.count - 1] = 1
    self.parts = parts.map(\.part)
    self.cumulative = cumulative
  }

  private static func checked(_ duration: Duration, _ name: String) -> Double {
    precondition(duration >= .zero, "a \(name) of \(duration) is negative")
    precondition(duration <= limit, "a \(name) of \(duration) is longer than \(limit)")
    return duration / .nanoseconds(1)
  }

  /// No delay.
  public static let none = constant(.zero)

  /// Always the same.
  ///
  /// - Precondition: The duration is from zero to a million seconds, as every duration of a distribution.
  public static func constant(_ duration: Duration) -> DelayDistribution {
    DelayDistribution(.constant(checked(duration, "delay")))
  }

  /// Any duration of a range, each as likely.
  public static func uniform(_ range: ClosedRange<Duration>) -> DelayDistribution {
    DelayDistribution(
      .uniform(checked(range.lowerBound, "least delay"), checked(range.upperBound, "greatest delay")))
  }

  /// Short most times, seldom long, as waiting for independent events is; at most 37 times the mean.
  public static func exponential(mean: Duration) -> DelayDistribution {
    DelayDistribution(.exponential(mean: checked(mean, "mean delay")))
  }

  /// At least a minimum, with a heavy tail: the smaller the shape, the heavier. At most 1,000 times the minimum.
  ///
  /// - Precondition: `shape` is positive and finite.
  public static func pareto(minimum: Duration, shape: Double) -> DelayDistribution {
    precondition(shape > 0 && shape.isFinite, "a Pareto distribution has a positive shape, and not \(shape)")
    return DelayDistribution(.pareto(minimum: checked(minimum, "least delay"), shape: shape))
  }

  /// One distribution with a probability, else another; at most what either gives.
  ///
  /// - Precondition: `probability` is from 0 to 1.
  public static func mixture(
    _ probability: Double, _ first: DelayDistribution, or second: DelayDistribution
  ) -> DelayDistribution {
    precondition((0...1).contains(probability), "a probability is from 0 to 1, and not \(probability)")
    return DelayDistribution(
      weighted: first.weighted.map { (probability * $0.weight, $0.part) }
        + second.weighted.map { ((1 - probability) * $0.weight, $0.part) })
  }

  /// The parts, and how likely each is.
  package var weighted: [(weight: Double, part: DelayPart)] {
    parts.indices.map { (weight: $0 == 0 ? cumulative[0] : cumulative[$0] - cumulative[$0 - 1], part: parts[$0]) }
  }

  /// Draws a delay.
  package func sample(using generator: inout SeededGenerator) -> Duration {
    .nanoseconds(Int64(nanoseconds(using: &generator).rounded()))
  }

  /// Draws a delay that is not rounded to whole nanoseconds.
  package func nanoseconds(using generator: inout SeededGenerator) -> Double {
    guard parts.count > 1 else { return parts[0].draw(using: &generator) }
    let draw = generator.unit()
    // Most mixtures have two parts; those that were recorded have hundreds.
    var (low, high) = (0, parts.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if draw < cumulative[middle] { high = middle } else { low = middle + 1 }
    }
    return parts[low].draw(using: &generator)
  }

  /// How likely a delay is at most so many nanoseconds.
  package func share(within nanoseconds: Double) -> Double {
    guard parts.count > 1 else { return parts[0].share(within: nanoseconds) }
    return weighted.reduce(0) { $0 + $1.weight * $1.part.share(within: nanoseconds) }
  }
}

extension DelayDistribution: CustomStringConvertible {
  /// A few words: `20ms`, `5ms to 20ms`, `20ms on average`.
  public var description: String {
    guard parts.count > 1 else { return "\(parts[0])" }
    let all = weighted
    guard all.count <= 4 else { return "a mixture of \(all.count) parts" }
    let first = all.dropLast().map { "(\($0.part)) with probability \(Self.rounded($0.weight))" }
    return (first + ["else (\(all[all.count - 1].part))"]).joined(separator: ", ")
  }

  /// Without what adding up left behind.
  private static func rounded(_ weight: Double) -> Double { (weight * 1e9).rounded() / 1e9 }
}
