import MetaDriver

#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// How likely two independent delays take at most so long together: in closed form where there is one, else by Gauss's
/// quadrature, to nine digits.
struct SumOfDelays: Sendable {
  private let pairs: [(weight: Double, first: DelayPart, second: DelayPart)]

  /// `nil` for mixtures of more parts than are worth the quadratures.
  init?(_ first: DelayDistribution, _ second: DelayDistribution) {
    let (first, second) = (first.weighted, second.weighted)
    guard first.count == 1 || second.count == 1 || first.count * second.count <= 64 else { return nil }
    pairs = first.flatMap { first in
      second.map { (weight: first.weight * $0.weight, first: first.part, second: $0.part) }
    }
  }

  func share(within time: Double) -> Double {
    guard time < .infinity else { return 1 }
    return pairs.reduce(0) { $0 + $1.weight * Self.share($1.first, $1.second, within: time) }
  }

  private static func share(_ first: DelayPart, _ second: DelayPart, within time: Double) -> Double {
    switch (first, second) {
    case (.constant(let delay), let other), (let other, .constant(let delay)):
      return other.share(within: time - delay)
    case (.exponential(let first), .exponential(let second)):
      return time > 0 ? exponentials(max(first, second), min(first, second), within: time) : 0
    default: return quadrature(first, second, within: time)
    }
  }

  /// - Parameters:
  ///   - long: The mean of one.
  ///   - short: That of the other, at most as long.
  private static func exponentials(_ long: Double, _ short: Double, within time: Double) -> Double {
    guard long > 0 else { return 1 }
    guard short > 0 else { return -expm1(-time / long) }
    let difference = (long - short) / long
    // Nearly equal means would cancel each other out: the sum is Erlang's then, to the first order.
    guard difference > 1e-6 else {
      let mean = (long + short) / 2
      return -expm1(-time / mean) - time / mean * exp(-time / mean)
    }
    return 1 - (exp(-time / long) - (1 - difference) * exp(-time / short)) / difference
  }

  /// The integral of the first's shares over the second's quantiles.
  private static func quadrature(_ first: DelayPart, _ second: DelayPart, within time: Double) -> Double {
    let last = second.share(within: time - first.least)
    // The first is there in any case where the second leaves it all the time it may take.
    let certain = second.share(within: time - first.greatest)
    // Quantiles grow without end towards 1: there the steps become smaller and smaller.
    let end = 1 - last
    var (sum, rest) = (certain, 1 - certain)
    while rest > end {
      let next = rest > 1e-9 ? max(rest / 4, end) : end
      let (middle, half) = (1 - (rest + next) / 2, (rest - next) / 2)
      for (place, weight) in gauss {
        sum += weight * half * first.share(within: time - second.quantile(middle - half * place))
        sum += weight * half * first.share(within: time - second.quantile(middle + half * place))
      }
      rest = next
    }
    return min(sum, 1)
  }

  /// Gauss and Legendre's places and weights between -1 and 1, of 20 points; the negative ones are left out.
  private static let gauss: [(Double, Double)] = legendre(20)

  /// Roots of the Legendre polynomial of an even degree, by Newton's method, and their weights.
  private static func legendre(_ degree: Int) -> [(Double, Double)] {
    (1...degree / 2).map { number in
      var root = cos(Double.pi * (Double(number) - 0.25) / (Double(degree) + 0.5))
      var slope = 0.0
      for _ in 0..<20 {
        var (value, before) = (1.0, 0.0)
        for step in 1...degree {
          (value, before) = (
            (Double(2 * step - 1) * root * value - Double(step - 1) * before) / Double(step), value
          )
        }
        slope = Double(degree) * (root * value - before) / (root * root - 1)
        root -= value / slope
      }
      return (root, 2 / ((1 - root * root) * slope * slope))
    }
  }
}
