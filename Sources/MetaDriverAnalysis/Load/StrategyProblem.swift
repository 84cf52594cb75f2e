import MetaDriver

/// The best strategy as a linear program: the shares of the read quorums, those of the write quorums, and for each read
/// fraction the load of the busiest leaf.
struct StrategyProblem {
  /// What was found.
  enum Outcome {
    case optimal(Shares)
    case infeasible
    case inexact
  }

  struct Shares {
    /// Those of the read quorums, then those of the write quorums.
    let values: [Double]
    let load: Double
    let exactLoad: String?
  }

  private let goal: StrategyGoal
  private let figures: [LeafFigures]
  private let reads: [UInt32]
  private let writes: [UInt32]

  init(_ goal: StrategyGoal, _ figures: [LeafFigures], reads: [UInt32], writes: [UInt32]) {
    (self.goal, self.figures, self.reads, self.writes) = (goal, figures, reads, writes)
  }

  private var quorums: [(set: UInt32, isRead: Bool)] { reads.map { ($0, true) } + writes.map { ($0, false) } }

  /// How likely an operation is a read.
  private var readFraction: Double { goal.readFractions.reduce(0) { $0 + $1.fraction * $1.likelihood } }

  func solved<Number: SimplexNumber & CustomStringConvertible>(_ number: (Double) -> Number) -> Outcome {
    let quorums = quorums
    let fractions = goal.readFractions
    let loads = fractions.indices.map { quorums.count + $0 }
    let padding = Array(repeating: Number.zero, count: fractions.count)
    let network = networkCosts.map(number) + padding
    let latency = latencyCosts.map(number) + padding
    var load = Array(repeating: Number.zero, count: quorums.count + fractions.count)
    for (index, fraction) in zip(loads, fractions) { load[index] = number(fraction.likelihood) }
    let costs =
      switch goal.quantity {
      case .load: load
      case .network: network
      case .latency: latency
      }
    var program = LinearProgram(costs: costs)
    for isRead in [true, false] {
      program.require(quorums.map { $0.isRead == isRead ? .one : .zero } + padding, .exactly, .one)
    }
    for (index, fraction) in zip(loads, fractions) {
      for (leaf, figures) in figures.enumerated() {
        let read = number(fraction.fraction) / number(figures.readCapacity)
        let write = (.one - number(fraction.fraction)) / number(figures.writeCapacity)
        var row = quorums.map { quorum in
          quorum.set & (1 << UInt32(leaf)) == 0 ? .zero : quorum.isRead ? read : write
        }
        row += padding
        row[index] = .zero - .one
        program.require(row, .atMost, .zero)
      }
    }
    if let limit = goal.maximumLoad { program.require(load, .atMost, number(limit)) }
    if let limit = goal.maximumNetwork { program.require(network, .atMost, number(limit)) }
    if let limit = goal.maximumLatency { program.require(latency, .atMost, number(limit / .seconds(1))) }
    switch program.solved() {
    case .infeasible, .unbounded: return .infeasible
    case .inexact: return .inexact
    case .optimal(_, let numbers):
      // Where the load is not what is made small, the busiest leaf may be less busy than its bound.
      let shares = Array(numbers.prefix(quorums.count))
      var sum = Number.zero
      for fraction in fractions {
        sum = sum + number(fraction.likelihood) * busiest(shares, number(fraction.fraction), number)
      }
      guard sum.isValid else { return .inexact }
      let exact = Number.self == Rational.self ? "\(sum)" : nil
      return .optimal(Shares(values: shares.map(\.value), load: sum.value, exactLoad: exact))
    }
  }

  private func busiest<Number: SimplexNumber>(
    _ shares: [Number], _ fraction: Number, _ number: (Double) -> Number
  ) -> Number {
    var busiest = Number.zero
    for (leaf, figures) in figures.enumerated() {
      var load = Number.zero
      for (quorum, share) in zip(quorums, shares) where quorum.set & (1 << UInt32(leaf)) != 0 {
        let part =
          quorum.isRead ? fraction / number(figures.readCapacity) : (.one - fraction) / number(figures.writeCapacity)
        load = load + share * part
      }
      if busiest < load { busiest = load }
    }
    return busiest
  }

  private func weight(_ isRead: Bool) -> Double { isRead ? readFraction : 1 - readFraction }

  private var networkCosts: [Double] { quorums.map { weight($0.isRead) * Double($0.set.nonzeroBitCount) } }

  private var latencyCosts: [Double] {
    quorums.map { quorum in
      let slowest = figures.indices.filter { quorum.set & (1 << UInt32($0)) != 0 }.map { figures[$0].latency }.max()
      return weight(quorum.isRead) * ((slowest ?? .zero) / .seconds(1))
    }
  }

  func network(_ shares: [Double]) -> Double { zip(networkCosts, shares).reduce(0) { $0 + $1.0 * $1.1 } }

  func latency(_ shares: [Double]) -> Double { zip(latencyCosts, shares).reduce(0) { $0 + $1.0 * $1.1 } }
}
