import MetaDriver

extension Analysis {
  /// How likely a read of another client finds a write, by the time since it was acknowledged.
  ///
  /// ```swift
  /// let link = LeafTiming(eachWay: .exponential(mean: .milliseconds(2)))
  /// let staleness = try profiles.analysis.staleness(leaves: ["disk": link, "eu": link, "us": link])
  /// print(staleness.consistency(after: .milliseconds(5)))
  /// ```
  ///
  /// A write goes to its leaves, is acknowledged when enough have answered, and goes on at the others; a read that begins
  /// later takes the newest of the answers that it waits for. Writes and reads that do not succeed are left out. It is
  /// tried out, but for leaves that are alike, whose requests take exponential times and whose replies take none, under
  /// nodes that only count.
  ///
  /// Repairs are not in it, nor is what a client remembers of its own writes. What is local-only, other clients never see.
  ///
  /// Source: P. Bailis et al., *Probabilistically Bounded Staleness for Practical Partial Quorums*.
  ///
  /// - Parameters:
  ///   - timings: The timings of the leaves, by their labels.
  ///   - remoteDelay: What every leaf takes longer, each way, but one that is near to where an operation is made: any of
  ///     them, as likely as the others, for the write and for the read.
  ///   - trials: How many pairs of a write and a read are tried out. The last of a thousand is found to a few percent with a
  ///     million of them.
  ///   - seed: What these are drawn from.
  /// - Throws: What ``latency(of:leaves:remoteDelay:trials:seed:)`` throws, and when no write or no read ever succeeds.
  /// - Complexity: O(trials) times the calls, once.
  public func staleness(
    leaves timings: [String: LeafTiming], remoteDelay: Duration = .zero, trials: Int = 100_000, seed: UInt64 = 0
  ) throws(AnalysisError) -> Staleness {
    let timings = try perLeaf(timings)
    let remote = try Self.checked(remoteDelay)
    let trials = try Trials(trials, seed: seed)
    let (write, read) = (timingTree(.writes), timingTree(.reads))
    if remote == .zero, case .many(let writes, .concurrent, _) = write, case .many(let reads, .concurrent, _) = read,
      write.calls.count == leaves.count, read.calls.count == leaves.count,
      let exact = ExponentialStaleness(leaves, reads: reads, writes: writes, timings)
    {
      return Staleness(exact: exact)
    }
    var trial = TimingTrial(leaves, timings, remoteDelay: remote / .nanoseconds(1), seed: trials.seed)
    var lags: [Double] = []
    for _ in 0..<trials.count {
      guard trial.write(write).isGood else { continue }
      let end = trial.run(read)
      if end.isGood { lags.append(end.lag) }
    }
    guard !lags.isEmpty else {
      throw AnalysisError(
        "of \(trials.count) pairs of a write and a read, none succeeded: nothing is known of staleness")
    }
    return Staleness(samples: lags)
  }

  /// How likely a read finds one of the last so many versions, however quickly they were written, when each write and each
  /// read reaches one of the smallest sets of leaves that are enough for it, any of them as likely.
  ///
  /// ```swift
  /// try profiles.analysis.consistency(withinVersions: 3)
  /// ```
  ///
  /// Source: As for ``staleness(leaves:remoteDelay:trials:seed:)``.
  ///
  /// - Parameter versions: How many of the last versions will do, from 1.
  /// - Throws: ``AnalysisError`` for fewer, and for trees whose sets are too many to be compared; nodes that only count may
  ///   have any number of leaves.
  public func consistency(withinVersions versions: Int) throws(AnalysisError) -> Double {
    guard versions >= 1 else {
      throw AnalysisError("a read finds one of the last 1 or more versions, not of \(versions)")
    }
    let missed = try missProbability()
    return 1 - (0..<versions).reduce(1) { product, _ in product * missed }
  }

  /// How likely a set of leaves that is enough for a read has none of those that were enough for a write.
  private func missProbability() throws(AnalysisError) -> Double {
    let local = leaves.contains(where: \.isLocalOnly)
    if !local, let taken = formula(.reads).count(of: leaves.count),
      let needed = formula(.writes).count(of: leaves.count)
    {
      // C(n - w, r) / C(n, r), as a product, so that nothing overflows.
      return (0..<taken).reduce(1) {
        $0 * max(Double(leaves.count - needed - $1), 0) / Double(leaves.count - $1)
      }
    }
    let hidden = leaves.indices.reduce(UInt32(0)) { leaves[$1].isLocalOnly ? $0 | 1 << UInt32($1) : $0 }
    let (reads, writes) = (try minimalSets(.reads), try minimalSets(.writes))
    guard !reads.isEmpty, !writes.isEmpty else {
      throw AnalysisError("no \(reads.isEmpty ? "reads" : "writes") succeed")
    }
    let missed = reads.reduce(0) { sum, read in sum + writes.count { $0 & read & ~hidden == 0 } }
    return Double(missed) / Double(reads.count * writes.count)
  }
}
