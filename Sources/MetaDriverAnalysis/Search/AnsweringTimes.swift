import MetaDriver

/// How long an operation takes on average, for every tree over some leaves at once.
///
/// An operation takes as long as the leaves that have answered are not yet enough. So it is enough to know for how long, on
/// average, exactly these and no other leaves are awaited, for every set of them: each tree's average is a sum of those.
struct AnsweringTimes {
  /// In nanoseconds, at the number of the set that is awaited.
  private let times: [Double]

  /// - Throws: ``AnalysisError`` for delays of too many parts.
  init(_ operation: Analysis.Operation, _ timings: [LeafTiming], of names: [String]) throws(AnalysisError) {
    // For how long all of a set are awaited, whoever else is: until the first of them answers.
    var times = try Self.untilFirst(operation, timings, names)
    for leaf in timings.indices {
      for set in times.indices where set >> leaf & 1 == 0 { times[set] -= times[set | 1 << leaf] }
    }
    self.times = times
  }

  /// The average of an operation for which these sets are enough, in nanoseconds.
  func average(_ enough: LeafSets) -> Double {
    // No leaf is awaited for ever after.
    times.indices.dropFirst().reduce(0) { enough[times.count - 1 - $1] ? $0 : $0 + times[$1] }
  }

  private static func untilFirst(
    _ operation: Analysis.Operation, _ timings: [LeafTiming], _ names: [String]
  ) throws(AnalysisError) -> [Double] {
    let constants = timings.compactMap { $0.constant(operation) }
    if constants.count == timings.count {
      // Exact, so that trees that take as long are seen to.
      return (0..<(1 << timings.count)).map { set in
        constants.indices.filter { set >> $0 & 1 == 1 }.map { constants[$0] }.min() ?? 0
      }
    }
    var sums: [SumOfDelays] = []
    for (timing, name) in zip(timings, names) {
      guard let sum = SumOfDelays(timing.request(operation), timing.reply(operation)) else {
        throw AnalysisError("the delays of '\(name)' are mixtures of too many parts to be added up exactly")
      }
      sums.append(sum)
    }
    return JointWait(sums).average
  }
}

extension LeafTiming {
  /// How many nanoseconds an operation takes that always takes as long.
  fileprivate func constant(_ operation: Analysis.Operation) -> Double? {
    let parts = request(operation).parts + reply(operation).parts
    guard parts.count == 2, case .constant(let request) = parts[0], case .constant(let reply) = parts[1] else {
      return nil
    }
    return request + reply
  }
}
