package import MetaDriver
package import MetaDriverAnalysis
package import MetaDriverTesting

/// Trees over stores with known delays, of which it is predicted what they do, and measured.
package enum Predicted: String, CaseIterable, Sendable {
  case single, majority, oneOfThree, slowWrites, twoReadsOneWrite, race, requiredDisk, fallback, nested, manyWriters
  case hedged, limited, inTurn, newest

  /// How long what travels to and from the stores takes, by their names in the order of the leaves.
  package var timings: [(name: String, timing: LeafTiming)] {
    let usual = LeafTiming(eachWay: .exponential(mean: .milliseconds(5)))
    let far = LeafTiming(eachWay: .pareto(minimum: .milliseconds(8), shape: 4))
    var slowDisk = LeafTiming(
      eachWay: .mixture(
        0.9, .pareto(minimum: .microseconds(235), shape: 10), or: .exponential(mean: .microseconds(600))))
    slowDisk.writeRequest = .exponential(mean: .milliseconds(6))
    switch self {
    case .single: return [("a", far)]
    case .majority, .oneOfThree, .twoReadsOneWrite, .manyWriters: return ["a", "b", "c"].map { ($0, usual) }
    case .slowWrites: return ["a", "b", "c"].map { ($0, slowDisk) }
    case .race, .requiredDisk, .newest: return [("a", slowDisk), ("b", usual), ("c", far)]
    case .fallback:
      var flaky = usual
      flaky.readSuccess = 0.7
      flaky.writeSuccess = 0.8
      return [("a", flaky), ("b", far)]
    case .nested: return ["a", "b", "c", "d", "e"].map { ($0, $0 == "e" ? far : usual) }
    case .hedged: return [("a", usual), ("b", far)]
    case .limited: return [("a", usual), ("b", far), ("c", slowDisk)]
    case .inTurn: return [("a", usual), ("b", slowDisk)]
    }
  }

  /// Whether its reads can miss writes for a while, and nothing repairs what they find.
  package var isStale: Bool { [.oneOfThree, .slowWrites, .twoReadsOneWrite].contains(self) }

  /// What the trees do over stores that behave as the timings say.
  package var measurement: TreeMeasurement {
    TreeMeasurement(timings.map { ($0.name, $0.timing.faults) }) { leaves in tree(leaves) }
  }

  package func tree(_ leaves: [Faulty]) -> any Driver {
    switch self {
    case .single: return leaves[0]
    case .majority: return Quorum { for leaf in leaves { leaf } }
    case .oneOfThree: return Quorum(read: 1, write: 1, repair: .off, sloppy: true) { for leaf in leaves { leaf } }
    case .slowWrites: return Quorum(read: 1, write: 2, repair: .off, sloppy: true) { for leaf in leaves { leaf } }
    case .twoReadsOneWrite: return Quorum(read: 2, write: 1, repair: .off, sloppy: true) { for leaf in leaves { leaf } }
    case .race: return Replicated(reads: .race) { for leaf in leaves { leaf } }
    case .requiredDisk:
      return Replicated(writes: .atLeast(2)) {
        leaves[0].required()
        for leaf in leaves.dropFirst() { leaf }
      }
    case .fallback: return FirstSuccess { for leaf in leaves { leaf } }
    case .nested:
      return Quorum {
        Quorum { for leaf in leaves.prefix(3) { leaf } }
        for leaf in leaves.dropFirst(3) { leaf }
      }
    case .manyWriters: return Quorum(writers: .many) { for leaf in leaves { leaf } }
    case .hedged: return HedgedReads(after: .milliseconds(12)) { for leaf in leaves { leaf } }
    case .limited: return Quorum { for leaf in leaves { leaf.timeout(.milliseconds(25)) } }
    case .inTurn: return Replicated(order: .sequential) { for leaf in leaves { leaf } }
    case .newest: return Replicated(writes: .atLeast(2), reads: .newest) { for leaf in leaves { leaf } }
    }
  }
}

extension LeafTiming {
  /// A store that takes as long, and fails as often.
  package var faults: FaultProfile {
    precondition(readReply == writeReply, "a store's replies take as long, whatever they answer")
    var faults = FaultProfile()
    faults.delay = readReply
    faults.requestDelays = [.get: readRequest, .put: writeRequest]
    if readSuccess < 1 { faults[.refused, on: .get] = 1 - readSuccess }
    if writeSuccess < 1 { faults[.refused, on: .put] = 1 - writeSuccess }
    return faults
  }
}
