import MetaDriver

/// How long an operation takes on average, for every tree over some leaves at once.
///
/// An operation takes as long as the leaves that have answered are not yet enough. So it is enough to know how long, on
/// average, exactly these and no other leaves have answered, for every set of them: each tree's average is a sum of those.
struct AnsweringTimes {
  /// In nanoseconds, at the number of the set.
  private let times: [Double]

  /// - Throws: ``AnalysisError`` for delays of too many parts.
  init(_ operation: Operation, _ timings: [LeafTiming]) throws(AnalysisError) {
    let sets = 1 << timings.count
    // How long, on average, until the first leaf of a set has answered.
    var times = [0.0]
    for set in 1..<sets {
      times.append(try Self.first(timings.indices.filter { set >> $0 & 1 == 1 }, operation, timings))
    }
    // While none of a set has answered, any of the others have, or none: what is wanted is what these add up to.
    for leaf in timings.indices {
      for set in 0..<sets where set >> leaf & 1 == 0 { times[set] -= times[set | 1 << leaf] }
    }
    self.times = times
  }

  /// The average of an operation for which these sets are enough, in nanoseconds.
  func average(_ enough: LeafSets) -> Double {
    times.indices.reduce(0) { enough[times.count - 1 - $1] ? $0 : $0 + times[$1] }
  }

  private static func first(
    _ leaves: [Int], _ operation: Operation, _ timings: [LeafTiming]
  ) throws(AnalysisError) -> Double {
    // Exact to the nanosecond, so that trees that take as long are seen to.
    let constants = leaves.compactMap { timings[$0].constant(operation) }
    if constants.count == leaves.count, let least = constants.min() { return least }
    let tree = TimingTree.many(.any(leaves.count), .concurrent, leaves.map { .leaf($0, operation) })
    guard let time = CompletionTime(tree, timings, delays: timings.map { _ in 0 }),
      let mean = Latency(exact: [time]).mean
    else { throw AnalysisError("the delays of the leaves have too many parts to be compared exactly") }
    return mean / .nanoseconds(1)
  }
}

extension LeafTiming {
  /// How many nanoseconds an operation takes that always takes as long.
  fileprivate func constant(_ operation: Operation) -> Double? {
    let parts = request(operation).parts + reply(operation).parts
    guard parts.count == 2, case .constant(let request) = parts[0], case .constant(let reply) = parts[1] else {
      return nil
    }
    return request + reply
  }
}
