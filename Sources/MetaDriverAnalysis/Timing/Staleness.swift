/// How likely a read that begins some time after a write was acknowledged finds it, when nothing else is written.
///
/// ```swift
/// let link = LeafTiming(eachWay: .exponential(mean: .milliseconds(2)))
/// let staleness = try profiles.analysis.staleness(leaves: ["disk": link, "eu": link, "us": link])
/// staleness.consistency(after: .milliseconds(5))     // how likely a read finds the write that was acknowledged 5 ms ago
/// staleness.visibility(0.999)                        // after how long only one read in a thousand misses it
/// ```
public struct Staleness: Sendable {
  private enum Source: Sendable {
    case exact(ExponentialStaleness)
    /// How long after the acknowledgement each read would have had to begin, shortest first.
    case samples([Double])
  }

  private let source: Source

  init(exact: ExponentialStaleness) { source = .exact(exact) }

  init(samples: [Double]) { source = .samples(samples.sorted()) }

  /// Whether it was computed and not tried out.
  public var isExact: Bool { if case .exact = source { true } else { false } }

  /// How likely a read is to find the write that was acknowledged so long before it began.
  public func consistency(after time: Duration) -> Double {
    let time = time / .nanoseconds(1)
    switch source {
    case .exact(let exact): return exact.consistency(after: time)
    case .samples(let lags): return Double(lags.count(upTo: time)) / Double(lags.count)
    }
  }

  /// How long after its acknowledgement so large a share of the reads finds a write; zero when they do at once, `nil` when
  /// they never do.
  ///
  /// - Parameter share: From 0 to 1.
  /// - Precondition: `share` is from 0 to 1.
  public func visibility(_ share: Double) -> Duration? {
    precondition((0...1).contains(share), "a share of reads is from 0 to 1, and not \(share)")
    let time: Double
    switch source {
    case .exact(let exact): time = exact.visibility(share)
    case .samples(let lags): time = lags[max(Int((share * Double(lags.count)).rounded(.up)), 1) - 1]
    }
    return time < .infinity ? Duration(nanoseconds: max(time, 0)) : nil
  }
}
