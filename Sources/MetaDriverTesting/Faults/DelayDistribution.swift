#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// How long something takes, when it does not always take as long.
///
/// ```swift
/// let usual = DelayDistribution.exponential(mean: .milliseconds(20))
/// let withPauses = DelayDistribution.mixture(0.01, .constant(.seconds(2)), or: usual)   // every hundredth time 2 s
/// ```
///
/// Delays are whole nanoseconds, drawn from a seed, and bounded: each distribution says by what.
public struct DelayDistribution: Hashable, Sendable {
  private indirect enum Shape: Hashable, Sendable {
    case constant(Int64)
    case uniform(Int64, Int64)
    case exponential(mean: Int64)
    case pareto(minimum: Int64, shape: Double)
    case mixture(Double, Shape, Shape)
  }

  /// The longest duration that a distribution is made of: a million seconds.
  private static let limit = Duration.seconds(1_000_000)
  /// A Pareto distribution gives at most so many times its minimum.
  private static let paretoLimit = 1_000.0

  private let shape: Shape
  private init(_ shape: Shape) { self.shape = shape }

  private static func checked(_ duration: Duration, _ name: String) -> Int64 {
    precondition(duration >= .zero, "a \(name) of \(duration) is negative")
    precondition(duration <= limit, "a \(name) of \(duration) is longer than \(limit)")
    return duration.nanoseconds
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
    return DelayDistribution(.mixture(probability, first.shape, second.shape))
  }

  /// Draws a delay.
  package func sample(using generator: inout SeededGenerator) -> Duration {
    .nanoseconds(Self.sample(shape, &generator))
  }

  private static func sample(_ shape: Shape, _ generator: inout SeededGenerator) -> Int64 {
    switch shape {
    case .constant(let delay): return delay
    case .uniform(let least, let greatest):
      return least + Int64((Double(greatest - least) * generator.unit()).rounded())
    case .exponential(let mean):
      // 1 minus the draw is at least 2⁻⁵³, whose logarithm is -36.7.
      return Int64((-log(1 - generator.unit()) * Double(mean)).rounded())
    case .pareto(let minimum, let shape):
      let factor = min(pow(1 - generator.unit(), -1 / shape), paretoLimit)
      return Int64((Double(minimum) * factor).rounded())
    case .mixture(let probability, let first, let second):
      return sample(generator.unit() < probability ? first : second, &generator)
    }
  }
}

extension DelayDistribution: CustomStringConvertible {
  /// A few words: `20ms`, `5ms to 20ms`, `20ms on average`.
  public var description: String { Self.describe(shape) }

  private static func describe(_ shape: Shape) -> String {
    func text(_ nanoseconds: Int64) -> String { Duration.nanoseconds(nanoseconds).text }
    return switch shape {
    case .constant(let delay): text(delay)
    case .uniform(let least, let greatest): "\(text(least)) to \(text(greatest))"
    case .exponential(let mean): "\(text(mean)) on average"
    case .pareto(let minimum, let shape): "\(text(minimum)) or more, shape \(shape)"
    case .mixture(let probability, let first, let second):
      "(\(describe(first))) with probability \(probability), else (\(describe(second)))"
    }
  }
}
