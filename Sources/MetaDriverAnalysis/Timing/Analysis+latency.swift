import MetaDriver

extension Analysis {
  /// How long an operation takes, when each leaf takes its time independently of the others.
  ///
  /// ```swift
  /// let near = LeafTiming(eachWay: .exponential(mean: .milliseconds(2)))
  /// let reads = try profiles.analysis.latency(of: .reads, leaves: ["disk": near, "eu": near, "us": near])
  /// print(reads.quantile(0.5) ?? "never", reads.share(within: .milliseconds(10)))
  /// ```
  ///
  /// It is computed exactly where every call begins at a time that is known, as in all that is asked at once or hedged.
  /// Where a call waits for the end of another whose answer may not do, where reads come before writes, and where a leaf
  /// that can fail is asked twice, it is tried out.
  ///
  /// What the tree does besides is not in it: the repairs and the write-back of a read whose copies differ, the waiting of a
  /// put for earlier ones of its key, and the time that is spent in the process itself.
  ///
  /// - Parameters:
  ///   - operation: What is to succeed.
  ///   - timings: The timings of the leaves, by their labels.
  ///   - remoteDelay: What every leaf takes longer, each way, but one that is near to where the operation is made: any of
  ///     them, as likely as the others.
  ///   - trials: How many operations are tried out where there is no other way.
  ///   - seed: What these are drawn from.
  /// - Throws: ``AnalysisError`` for a leaf that the tree has not, one without a timing, a probability that is none, a
  ///   negative delay, and too many trials.
  /// - Complexity: Microseconds for each question where it is exact; else O(trials) times the calls, once.
  public func latency(
    of operation: Operation, leaves timings: [String: LeafTiming], remoteDelay: Duration = .zero,
    trials: Int = 100_000, seed: UInt64 = 0
  ) throws(AnalysisError) -> Latency {
    let timings = try perLeaf(timings)
    let remote = try Self.checked(remoteDelay)
    let trials = try Trials(trials, seed: seed)
    let tree = timingTree(operation)
    if let homes = completionTimes(tree, timings, remote) { return Latency(exact: homes) }
    var trial = TimingTrial(leaves, timings, remoteDelay: remote / .nanoseconds(1), seed: trials.seed)
    var times: [Double] = []
    for _ in 0..<trials.count {
      let end = trial.run(tree)
      if end.isGood { times.append(end.time) }
    }
    return Latency(samples: times, trials: trials.count)
  }

  func timingTree(_ operation: Operation) -> TimingTree { TimingTree(outline, operation, kind, leaves: leaves) }

  static func checked(_ remoteDelay: Duration) throws(AnalysisError) -> Duration {
    guard remoteDelay >= .zero, remoteDelay <= .seconds(1_000_000) else {
      throw AnalysisError("the delay to remote leaves is from zero to a million seconds, and not \(remoteDelay)")
    }
    return remoteDelay
  }

  /// One for each leaf that may be the near one; `nil` where there is no exact way.
  private func completionTimes(
    _ tree: TimingTree, _ timings: [LeafTiming], _ remoteDelay: Duration
  ) -> [CompletionTime]? {
    let both = 2 * (remoteDelay / .nanoseconds(1))
    var times: [CompletionTime] = []
    for home in both > 0 ? timings.indices : 0..<1 {
      let delays = timings.indices.map { $0 == home || both == 0 ? 0 : both }
      guard let time = CompletionTime(tree, timings, delays: delays) else { return nil }
      times.append(time)
    }
    return times
  }
}
