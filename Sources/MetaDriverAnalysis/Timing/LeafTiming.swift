public import MetaDriver

/// How long a leaf takes, and how often it has a good answer: what latency, staleness and cost are worked out from.
///
/// ```swift
/// let near = LeafTiming(eachWay: .exponential(mean: .milliseconds(2)))
/// var far = LeafTiming(eachWay: .pareto(minimum: .milliseconds(20), shape: 3))
/// far.readSuccess = 0.99
/// ```
///
/// An operation takes a request's way to the leaf, where it takes effect, and a reply's way back. All are drawn
/// independently of each other, call by call.
public struct LeafTiming: Hashable, Sendable {
  /// How long a read takes to the leaf.
  public var readRequest: DelayDistribution
  /// How long the answer to a read takes back.
  public var readReply: DelayDistribution
  /// How long a write takes until it has its effect.
  public var writeRequest: DelayDistribution
  /// How long the acknowledgement of a write takes back.
  public var writeReply: DelayDistribution
  /// How likely a read finds a copy; otherwise it finds none, or fails, as quickly.
  public var readSuccess = 1.0
  /// How likely a write is accepted; otherwise it fails as quickly.
  public var writeSuccess = 1.0

  /// Makes the timing of a leaf from those of its messages.
  public init(
    readRequest: DelayDistribution, readReply: DelayDistribution, writeRequest: DelayDistribution,
    writeReply: DelayDistribution
  ) {
    (self.readRequest, self.readReply) = (readRequest, readReply)
    (self.writeRequest, self.writeReply) = (writeRequest, writeReply)
  }

  /// Makes the timing of a leaf whose messages all take as long.
  public init(eachWay delay: DelayDistribution) {
    self.init(readRequest: delay, readReply: delay, writeRequest: delay, writeReply: delay)
  }

  /// Makes the timing of a leaf of which whole operations were measured. When within them they took effect is not known:
  /// at their end, it is assumed.
  public init(roundTrip delay: DelayDistribution) {
    self.init(readRequest: delay, readReply: .none, writeRequest: delay, writeReply: .none)
  }

  func request(_ operation: Analysis.Operation) -> DelayDistribution {
    operation == .reads ? readRequest : writeRequest
  }
  func reply(_ operation: Analysis.Operation) -> DelayDistribution { operation == .reads ? readReply : writeReply }
  func success(_ operation: Analysis.Operation) -> Double { operation == .reads ? readSuccess : writeSuccess }
}

extension Analysis {
  /// The timings of the leaves, in their order.
  func perLeaf(_ timings: [String: LeafTiming]) throws(AnalysisError) -> [LeafTiming] {
    try checkNames(timings.keys)
    var ordered: [LeafTiming] = []
    for leaf in leaves {
      guard let own = timings[leaf.label] else { throw AnalysisError("the leaf '\(leaf.label)' has no timing") }
      for (word, success) in [("reads", own.readSuccess), ("writes", own.writeSuccess)] {
        guard (0...1).contains(success) else {
          throw AnalysisError("the success of \(word) at '\(leaf.label)' is from 0 to 1, and not \(success)")
        }
      }
      ordered.append(own)
    }
    return ordered
  }

  /// Refuses names that no leaf has.
  func checkNames(_ names: some Sequence<String>) throws(AnalysisError) {
    for name in names.sorted() where !leaves.contains(where: { $0.label == name }) {
      throw AnalysisError("the tree has no leaf '\(name)': it has \(leaves.map(\.label).joined(separator: ", "))")
    }
  }
}
