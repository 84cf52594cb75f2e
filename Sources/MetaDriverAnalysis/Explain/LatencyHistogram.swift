/// How long things took: counts in buckets whose width grows with the value, so that a percentile is right to within
/// 0.8 % over any range, in bounded memory.
///
/// ```swift
/// var latencies = LatencyHistogram()
/// for milliseconds in 1...100 { latencies.record(.milliseconds(milliseconds)) }
/// latencies.percentile(99)            // 99 ms, at most 0.8 % more
/// latencies.merge(LatencyHistogram())
/// ```
///
/// A duration is counted in whole nanoseconds: exactly up to 255 ns, beyond in 128 buckets for each doubling. It takes 8
/// bytes for each bucket between the shortest and the longest duration, and never more than 58 KiB.
public struct LatencyHistogram: Hashable, Sendable {
  /// How many bits of a value tell its bucket, the first one not counted.
  private static let precision = 7

  /// How many durations it holds.
  public private(set) var count: UInt64 = 0
  /// The shortest, exactly; `nil` when it is empty.
  public private(set) var minimum: Duration?
  /// The longest, exactly; `nil` when it is empty.
  public private(set) var maximum: Duration?
  /// The bucket of the first count.
  private var first = 0
  /// From the first bucket in use to the last.
  private var counts: [UInt64] = []

  /// By how much a percentile exceeds the truth at most, as a part of it: 1/128.
  public static let relativeError = 1.0 / Double(1 << precision)

  /// Makes an empty one.
  public init() {}

  /// Counts a duration; one below zero counts as zero, one above 292 years as that.
  ///
  /// - Complexity: O(1), as long as the range does not grow.
  public mutating func record(_ duration: Duration) {
    let nanoseconds = max(0, duration.wholeNanoseconds)
    let exact = Duration.nanoseconds(nanoseconds)
    minimum = min(minimum ?? exact, exact)
    maximum = max(maximum ?? exact, exact)
    add(1, to: Self.bucket(UInt64(nanoseconds)))
  }

  /// Counts all that another has counted.
  public mutating func merge(_ other: LatencyHistogram) {
    minimum = [minimum, other.minimum].compactMap(\.self).min()
    maximum = [maximum, other.maximum].compactMap(\.self).max()
    for (offset, count) in other.counts.enumerated() where count > 0 { add(count, to: other.first + offset) }
  }

  /// The smallest duration that so many percent of all do not exceed; `nil` when it is empty.
  ///
  /// - Parameter percent: From 0, the shortest, to 100, the longest.
  /// - Returns: The upper end of the bucket: never too little, and at most ``relativeError`` too much.
  public func percentile(_ percent: Double) -> Duration? {
    precondition((0...100).contains(percent), "a percentile is from 0 to 100, and not \(percent)")
    guard let minimum, let maximum else { return nil }
    guard percent > 0 else { return minimum }
    let rank = max(1, min(count, Self.rank(percent, of: count)))
    var seen: UInt64 = 0
    for (offset, count) in counts.enumerated() {
      seen += count
      if seen >= rank { return min(Self.upperBound(first + offset), maximum) }
    }
    return maximum
  }

  /// The buckets in use, each with the longest duration that is counted in it.
  package var buckets: [(upperBound: Duration, count: UInt64)] {
    counts.indices.filter { counts[$0] > 0 }.map { (Self.upperBound(first + $0), counts[$0]) }
  }

  /// How many of so many are a percentage of them, rounded up, but for the rounding of the percentage itself.
  private static func rank(_ percent: Double, of count: UInt64) -> UInt64 {
    let exact = percent / 100 * Double(count)
    let nearest = exact.rounded()
    return UInt64(abs(exact - nearest) < 1e-9 * Double(count) ? nearest : exact.rounded(.up))
  }

  private mutating func add(_ count: UInt64, to bucket: Int) {
    if counts.isEmpty {
      (first, counts) = (bucket, [0])
    } else if bucket < first {
      counts.insert(contentsOf: repeatElement(0, count: first - bucket), at: 0)
      first = bucket
    } else if bucket >= first + counts.count {
      counts.append(contentsOf: repeatElement(0, count: bucket - first - counts.count + 1))
    }
    counts[bucket - first] += count
    self.count += count
  }

  private static func bucket(_ nanoseconds: UInt64) -> Int {
    let shift = max(0, UInt64.bitWidth - nanoseconds.leadingZeroBitCount - precision - 1)
    return shift << precision + Int(nanoseconds >> UInt64(shift))
  }

  private static func upperBound(_ bucket: Int) -> Duration {
    let shift = max(0, bucket >> precision - 1)
    let lower = UInt64(bucket - shift << precision) << UInt64(shift)
    return .nanoseconds(Int64(lower + (1 << UInt64(shift)) - 1))
  }
}
