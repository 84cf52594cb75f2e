/// How long an operation takes: how likely it has succeeded by when.
///
/// ```swift
/// let near = LeafTiming(eachWay: .exponential(mean: .milliseconds(2)))
/// let writes = try profiles.analysis.latency(of: .writes, leaves: ["disk": near, "eu": near, "us": near])
/// print(writes.quantile(0.99) ?? "never")            // the slowest percent takes longer than this
/// ```
public struct Latency: Sendable {
  private enum Source: Sendable {
    case exact([CompletionTime])
    /// The times of the operations that succeeded, shortest first, out of so many.
    case samples([Double], trials: Int)
  }

  private let source: Source

  /// - Parameter homes: One for each place that is as likely as the others to be where the operation is made.
  init(exact homes: [CompletionTime]) { source = .exact(homes) }

  init(samples: [Double], trials: Int) { source = .samples(samples.sorted(), trials: trials) }

  /// Whether it was computed and not tried out. Integrals are exact to nine digits.
  public var isExact: Bool { if case .exact = source { true } else { false } }

  /// How likely the operation succeeds at all.
  public var success: Double { share(withinNanoseconds: .infinity) }

  /// How likely the operation has succeeded within a time.
  public func share(within time: Duration) -> Double { share(withinNanoseconds: time / .nanoseconds(1)) }

  private func share(withinNanoseconds time: Double) -> Double {
    switch source {
    case .exact(let homes): return homes.reduce(0) { $0 + $1.share(within: time) } / Double(homes.count)
    case .samples(let samples, let trials): return Double(samples.count(upTo: time)) / Double(trials)
    }
  }

  /// The time within which so large a share of the operations succeeds; `nil` when fewer ever do.
  ///
  /// - Parameter share: From 0 to 1; 0.99 asks for the time that the slowest percent exceeds.
  /// - Precondition: `share` is from 0 to 1.
  public func quantile(_ share: Double) -> Duration? { quantileNanoseconds(share).map { Duration(nanoseconds: $0) } }

  private func quantileNanoseconds(_ share: Double) -> Double? {
    precondition((0...1).contains(share), "a share of operations is from 0 to 1, and not \(share)")
    if case .samples(let samples, let trials) = source {
      let rank = max(Int((share * Double(trials)).rounded(.up)), 1)
      return rank <= samples.count ? samples[rank - 1] : nil
    }
    guard share <= success else { return nil }
    // A million seconds is the longest there is in a delay; trees add few of them up.
    var (low, high) = (0.0, 1.0)
    while self.share(withinNanoseconds: high) < share {
      low = high
      high *= 2
      if high > 1e20 { return nil }
    }
    for _ in 0..<100 where high - low > high * 1e-12 {
      let middle = (low + high) / 2
      if self.share(withinNanoseconds: middle) < share { low = middle } else { high = middle }
    }
    return high
  }

  /// The average of the operations that succeed; `nil` when none does.
  public var mean: Duration? { moments.map { Duration(nanoseconds: $0.mean) } }

  /// How far operations that succeed are from the average: the root of the mean square; `nil` when none does.
  public var standardDeviation: Duration? {
    moments.map { Duration(nanoseconds: max($0.square - $0.mean * $0.mean, 0).squareRoot()) }
  }

  /// The averages of the time and of its square.
  private var moments: (mean: Double, square: Double)? {
    let success = success
    guard success > 0 else { return nil }
    if case .samples(let samples, _) = source {
      let count = Double(samples.count)
      return (samples.reduce(0, +) / count, samples.reduce(0) { $0 + $1 * $1 } / count)
    }
    // Integrals of the share that is still under way, from one quantile to the next.
    let ends = [0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1 - 1e-6, 1 - 1e-9, 1 - 1e-13].map {
      quantileNanoseconds($0 * success) ?? 0
    }
    let scale = max(ends[1], 1)
    var (mean, square, start) = (0.0, 0.0, 0.0)
    for end in ends where end > start {
      func left(_ time: Double) -> Double { 1 - share(withinNanoseconds: time) / success }
      mean += simpson(from: start, to: end, tolerance: 1e-10 * scale, left)
      square += simpson(from: start, to: end, tolerance: 1e-10 * scale * scale) { 2 * $0 * left($0) }
      start = end
    }
    return (mean, square)
  }
}

/// An integral by Simpson's rule, with smaller steps where they matter.
private func simpson(
  from start: Double, to end: Double, tolerance: Double, _ value: (Double) -> Double
) -> Double {
  func part(
    _ start: Double, _ first: Double, _ end: Double, _ last: Double, _ middle: Double, _ whole: Double,
    _ tolerance: Double, _ depth: Int
  ) -> Double {
    let center = (start + end) / 2
    let (left, right) = (value((start + center) / 2), value((center + end) / 2))
    let one = (center - start) / 6 * (first + 4 * left + middle)
    let other = (end - center) / 6 * (middle + 4 * right + last)
    let difference = one + other - whole
    // Shares are known to ten digits: what is finer is noise, in which there is no end of steps.
    let noise = 1e-10 * (end - start) * max(abs(first), abs(middle), abs(last))
    if depth == 0 || abs(difference) <= 15 * max(tolerance, noise) { return one + other + difference / 15 }
    return part(start, first, center, middle, left, one, tolerance / 2, depth - 1)
      + part(center, middle, end, last, right, other, tolerance / 2, depth - 1)
  }
  let (first, middle, last) = (value(start), value((start + end) / 2), value(end))
  return part(start, first, end, last, middle, (end - start) / 6 * (first + 4 * middle + last), tolerance, 40)
}

extension Duration {
  /// A duration out of a computation; the longest there is for anything longer.
  init(nanoseconds: Double) { self = .seconds(min(nanoseconds / 1e9, 1e15)) }
}

extension [Double] {
  /// How many of these sorted numbers are at most so large.
  func count(upTo limit: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] <= limit { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
