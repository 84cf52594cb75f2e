public import MetaDriver

extension DelayDistribution {
  /// The delays that were recorded: what a strategy's stores really took.
  ///
  /// ```swift
  /// let statistics = NodeStatistics()
  /// let notes = try Strategy("notes", runtime: Runtime(observer: statistics)) { Quorum { a; b; c } }
  /// try await notes.put(bytes, at: "alice/profile")
  /// if let entry = statistics.entries.first(where: { $0.operation == .put }) {
  ///   let puts = LeafTiming(roundTrip: try DelayDistribution(recorded: entry.latencies))
  ///   show(puts)
  /// }
  /// ```
  ///
  /// Each delay is that of the upper end of its bucket: too long by the histogram's relative error at most.
  ///
  /// - Throws: ``AnalysisError`` when nothing was recorded.
  public init(recorded histogram: LatencyHistogram) throws(AnalysisError) {
    guard histogram.count > 0 else { throw AnalysisError("a histogram in which nothing was recorded has no delays") }
    self.init(
      weighted: histogram.buckets.map { bucket in
        (Double(bucket.count) / Double(histogram.count), .constant(bucket.upperBound / .nanoseconds(1)))
      })
  }
}
