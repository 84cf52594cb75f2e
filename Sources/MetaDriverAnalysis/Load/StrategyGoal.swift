/// What a strategy for choosing leaves is to be good at, and what it must keep.
///
/// ```swift
/// var goal = StrategyGoal(.latency, readFraction: 0.9)
/// goal.maximumLoad = 0.6
/// ```
public struct StrategyGoal: Sendable {
  /// What is to be as small as may be.
  public enum Quantity: String, Sendable {
    /// How busy the busiest leaf is.
    case load
    /// How many messages an operation takes.
    case network
    /// How long an operation takes.
    case latency
  }

  /// What is to be as small as may be.
  public var quantity: Quantity
  /// Which shares of the operations are reads, each with how likely it is. The likelihoods add up to 1.
  public var readFractions: [(fraction: Double, likelihood: Double)]
  /// How many leaves may fail after they were chosen, whichever they are, with the rest of the choice still enough.
  public var failures = 0
  /// The largest load that is allowed; `nil` for any.
  public var maximumLoad: Double?
  /// The most messages that are allowed for an operation, on average; `nil` for any number.
  public var maximumNetwork: Double?
  /// The longest that an operation may take, on average; `nil` for any time.
  public var maximumLatency: Duration?

  /// A goal for one share of reads.
  ///
  /// - Parameters:
  ///   - quantity: What is to be as small as may be.
  ///   - readFraction: The share of the operations that are reads, from 0 to 1.
  public init(_ quantity: Quantity = .load, readFraction: Double) {
    self.quantity = quantity
    readFractions = [(readFraction, 1)]
  }

  /// Refuses what is no question.
  func check() throws(AnalysisError) {
    guard !readFractions.isEmpty else { throw AnalysisError("a goal needs a read fraction") }
    for (fraction, likelihood) in readFractions {
      guard (0...1).contains(fraction) else {
        throw AnalysisError("a read fraction is from 0 to 1, and not \(fraction)")
      }
      guard likelihood >= 0, likelihood.isFinite else {
        throw AnalysisError("the likelihood of a read fraction is from 0 to 1, and not \(likelihood)")
      }
    }
    let sum = readFractions.reduce(0) { $0 + $1.likelihood }
    guard abs(sum - 1) < 1e-9 else {
      throw AnalysisError("the likelihoods of the read fractions add up to \(sum), and not to 1")
    }
    guard failures >= 0 else { throw AnalysisError("\(failures) leaves cannot fail") }
    let limits = [
      ("load", maximumLoad), ("network load", maximumNetwork), ("latency", maximumLatency.map { $0 / .seconds(1) }),
    ]
    for (word, limit) in limits {
      guard let limit, !(limit >= 0 && limit.isFinite) else { continue }
      throw AnalysisError("the limit of the \(word) is \(limit), and must be a number that is not below zero")
    }
  }
}
