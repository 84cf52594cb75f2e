import MetaDriver
import MetaDriverAnalysis
import MetaDriverTesting
import TestSupport
import Testing

@Suite struct LatencyHistogramTests {
  private func histogram(_ nanoseconds: some Sequence<Int64>) -> LatencyHistogram {
    var histogram = LatencyHistogram()
    for value in nanoseconds { histogram.record(.nanoseconds(value)) }
    return histogram
  }

  @Test("Up to 255 ns every value has a bucket of its own") func exact() {
    let all = histogram(0...255)
    #expect(all.buckets.map(\.upperBound) == (0...255).map { .nanoseconds($0) })
    #expect(all.buckets.allSatisfy { $0.count == 1 } == true)
  }

  @Test("A value is in a bucket whose end exceeds it by less than the stated error, around every power of two")
  func bounds() {
    for exponent in 0..<63 {
      for offset in Int64(-2)...2 {
        let (value, overflows) = (Int64(1) << Int64(exponent)).addingReportingOverflow(offset)
        guard !overflows, value >= 0 else { continue }
        let bound = histogram([value]).buckets[0].upperBound
        let excess = bound - .nanoseconds(value)
        #expect(excess >= .zero)
        #expect(excess <= .nanoseconds(value) * LatencyHistogram.relativeError, "\(value) ns")
      }
    }
  }

  @Test("Buckets follow each other without gap or overlap") func contiguous() {
    // Were a bound its predecessor's, or a value beyond its own bucket, the next value would be in the wrong one.
    var bound: Int64 = -1
    for _ in 0..<3_000 {
      let next = histogram([bound + 1]).buckets[0].upperBound
      let end = next.components.seconds * 1_000_000_000 + next.components.attoseconds / 1_000_000_000
      #expect(end > bound)
      #expect(histogram([end]).buckets[0].upperBound == next)
      bound = end
    }
  }

  @Test("Percentiles of small numbers are exact, by the nearest rank") func nearestRank() {
    let hundred = histogram(1...100)
    for percent in 1...100 { #expect(hundred.percentile(Double(percent)) == .nanoseconds(percent)) }
    #expect(hundred.percentile(0) == .nanoseconds(1))
    #expect(hundred.percentile(0.1) == .nanoseconds(1))
    #expect(hundred.percentile(50.5) == .nanoseconds(51))
    // 99.9 % of a thousand are 999, whatever the rounding of 0.999 makes of that.
    #expect(histogram((1...1_000).map { $0 < 1_000 ? 1 : 2 }).percentile(99.9) == .nanoseconds(1))
    #expect(histogram((1...1_000).map { $0 < 999 ? 1 : 2 }).percentile(99.9) == .nanoseconds(2))
    #expect(histogram([7]).percentile(99.9) == .nanoseconds(7))
  }

  @Test("Percentiles are right to within the stated error, over nine decades", arguments: seeds(1..<9))
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var values = (0..<2_000).map { _ in
      Int64.random(in: 0...(1 << Int64.random(in: 0...40, using: &generator)), using: &generator)
    }
    let histogram = histogram(values)
    values.sort()
    for percent in [0.05, 1, 10, 50, 90, 99, 99.9, 100] {
      let exact = values[max(0, Int((percent * 20).rounded(.up)) - 1)]
      let found = histogram.percentile(percent) ?? .zero
      #expect(found >= .nanoseconds(exact), "seed \(seed), \(percent) %")
      #expect(found <= .nanoseconds(exact) * (1 + LatencyHistogram.relativeError), "seed \(seed), \(percent) %")
    }
    #expect(histogram.minimum == .nanoseconds(values[0]))
    #expect(histogram.maximum == .nanoseconds(values[1_999]))
    #expect(histogram.percentile(100) == histogram.maximum)
  }

  @Test("Merging is counting together, in any order", arguments: seeds(1..<9)) func merge(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let parts = (0..<4).map { _ in
      (0..<Int.random(in: 0...50, using: &generator)).map { _ in Int64.random(in: 0...1 << 35, using: &generator) }
    }
    let whole = histogram(parts.joined())
    for order in [[0, 1, 2, 3], [3, 1, 0, 2]] {
      var merged = LatencyHistogram()
      for part in order { merged.merge(histogram(parts[part])) }
      #expect(merged == whole, "seed \(seed)")
    }
    #expect(whole.count == UInt64(parts.map(\.count).reduce(0, +)))
    #expect(whole.buckets.map(\.count).reduce(0, +) == whole.count)
  }

  @Test("What has no duration counts as none, and an empty one has no percentile") func edges() {
    var histogram = LatencyHistogram()
    #expect(histogram.percentile(50) == nil)
    #expect(histogram.minimum == nil)
    histogram.record(.seconds(-1))
    #expect(histogram.maximum == .zero)
    histogram.record(.seconds(Int64.max))
    #expect(histogram.maximum == .nanoseconds(Int64.max))
    #expect(histogram.buckets.count == 2)
  }
}
