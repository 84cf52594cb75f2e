#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// What delays are mixtures of; in nanoseconds.
package enum DelayPart: Hashable, Sendable {
  case constant(Double)
  case uniform(Double, Double)
  case exponential(mean: Double)
  case pareto(minimum: Double, shape: Double)

  /// A Pareto distribution gives at most so many times its minimum.
  private static let paretoLimit = 1_000.0

  /// Draws a delay. What is always the same draws nothing.
  package func draw(using generator: inout SeededGenerator) -> Double {
    if case .constant(let delay) = self { delay } else { quantile(generator.unit()) }
  }

  /// The delay that a share of the delays, from 0 up to but not including 1, does not exceed.
  package func quantile(_ share: Double) -> Double {
    switch self {
    case .constant(let delay): delay
    case .uniform(let least, let greatest): least + (greatest - least) * share
    // 1 minus a draw is at least 2⁻⁵³, whose logarithm is -36.7.
    case .exponential(let mean): -log(1 - share) * mean
    case .pareto(let minimum, let shape): minimum * min(pow(1 - share, -1 / shape), Self.paretoLimit)
    }
  }

  /// How likely a delay is at most so long.
  package func share(within time: Double) -> Double {
    switch self {
    case .constant(let delay): return time >= delay ? 1 : 0
    case .uniform(let least, let greatest):
      guard greatest > least else { return time >= least ? 1 : 0 }
      return min(max((time - least) / (greatest - least), 0), 1)
    case .exponential(let mean):
      guard mean > 0 else { return time >= 0 ? 1 : 0 }
      return time > 0 ? -expm1(-time / mean) : 0
    case .pareto(let minimum, let shape):
      guard time >= minimum else { return 0 }
      return time >= minimum * Self.paretoLimit ? 1 : 1 - pow(minimum / time, shape)
    }
  }

  /// The shortest delay there is.
  package var least: Double {
    switch self {
    case .constant(let delay): delay
    case .uniform(let least, _): least
    case .exponential: 0
    case .pareto(let minimum, _): minimum
    }
  }
}

extension DelayPart {
  /// The longest delay there is, or none that long at all.
  package var greatest: Double {
    switch self {
    case .constant(let delay): delay
    case .uniform(_, let greatest): greatest
    case .exponential: .infinity
    case .pareto(let minimum, _): minimum * Self.paretoLimit
    }
  }
}

extension DelayPart: CustomStringConvertible {
  package var description: String {
    func text(_ nanoseconds: Double) -> String { Duration.nanoseconds(Int64(nanoseconds.rounded())).text }
    return switch self {
    case .constant(let delay): text(delay)
    case .uniform(let least, let greatest): "\(text(least)) to \(text(greatest))"
    case .exponential(let mean): "\(text(mean)) on average"
    case .pareto(let minimum, let shape): "\(text(minimum)) or more, shape \(shape)"
    }
  }
}
