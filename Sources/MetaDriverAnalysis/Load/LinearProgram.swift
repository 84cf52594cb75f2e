/// What the simplex method computes with.
protocol SimplexNumber: Comparable {
  static var zero: Self { get }
  static var one: Self { get }
  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  static func / (left: Self, right: Self) -> Self
  /// Above zero by more than rounding may make it.
  var isPositive: Bool { get }
  /// Below zero by more than rounding may make it.
  var isNegative: Bool { get }
  /// Whether it is a number at all.
  var isValid: Bool { get }
  /// The number, or the nearest that there is.
  var value: Double { get }
}

extension Double: SimplexNumber {
  static var one: Double { 1 }
  var isPositive: Bool { self > 1e-9 }
  var isNegative: Bool { self < -1e-9 }
  var isValid: Bool { isFinite }
  var value: Double { self }
}

/// Numbers that are not negative, wanted such that a sum of them is as small as may be, within bounds on other sums.
///
/// The simplex method in two phases on a dense table, with Bland's rule, which never goes in circles.
struct LinearProgram<Number: SimplexNumber> {
  enum Relation { case atMost, exactly, atLeast }

  enum Outcome {
    /// The smallest sum, and the numbers that make it.
    case optimal(Number, [Number])
    /// No numbers keep all the bounds.
    case infeasible
    /// The sum may be as small as one likes.
    case unbounded
    /// The numbers on the way became too large to be exact.
    case inexact
  }

  /// What each number counts in the sum that is to be small.
  var costs: [Number]
  private var rows: [(coefficients: [Number], relation: Relation, bound: Number)] = []

  init(costs: [Number]) { self.costs = costs }

  /// Bounds a sum of the numbers, each times its coefficient.
  mutating func require(_ coefficients: [Number], _ relation: Relation, _ bound: Number) {
    precondition(coefficients.count == costs.count, "a coefficient for each number")
    rows.append((coefficients, relation, bound))
  }

  /// Finds the smallest sum.
  func solved() -> Outcome {
    var table = Table(rows, costs.count)
    switch table.minimise(table.artificialCosts) {
    case .optimal(let rest) where rest.isPositive: return .infeasible
    case .optimal: break
    case .unbounded: return .unbounded
    case .inexact: return .inexact
    }
    table.dropArtificials()
    let padding = Array(repeating: Number.zero, count: table.columnCount - costs.count)
    switch table.minimise(costs + padding) {
    case .optimal(let sum): return .optimal(sum, table.values(costs.count))
    case .unbounded: return .unbounded
    case .inexact: return .inexact
    }
  }
}

/// The rows of a program, solved for one number each: the basis.
private struct Table<Number: SimplexNumber> {
  enum Outcome {
    case optimal(Number)
    case unbounded
    case inexact
  }

  private var rows: [[Number]] = []
  private var bounds: [Number] = []
  private var basis: [Int] = []
  private var isArtificial: [Bool]
  private(set) var columnCount: Int

  init(_ given: [(coefficients: [Number], relation: LinearProgram<Number>.Relation, bound: Number)], _ count: Int) {
    var extra: [(row: Int, value: Number, isArtificial: Bool)] = []
    for (row, line) in given.enumerated() {
      let isTurned = line.bound < .zero
      let sign: Number = isTurned ? .zero - .one : .one
      rows.append(line.coefficients.map { sign * $0 })
      bounds.append(sign * line.bound)
      switch (line.relation, isTurned) {
      case (.atMost, false), (.atLeast, true): extra.append((row, .one, false))
      case (.atLeast, false), (.atMost, true): extra += [(row, .zero - .one, false), (row, .one, true)]
      case (.exactly, _): extra.append((row, .one, true))
      }
    }
    columnCount = count + extra.count
    isArtificial = Array(repeating: false, count: count) + extra.map(\.isArtificial)
    basis = Array(repeating: 0, count: rows.count)
    for row in rows.indices { rows[row] += Array(repeating: .zero, count: extra.count) }
    for (offset, entry) in extra.enumerated() {
      rows[entry.row][count + offset] = entry.value
      if entry.value == .one { basis[entry.row] = count + offset }
    }
  }

  var artificialCosts: [Number] { isArtificial.map { $0 ? .one : .zero } }

  /// Takes what only helped to begin out of the basis where it can be, and keeps it from coming back.
  mutating func dropArtificials() {
    for row in rows.indices where isArtificial[basis[row]] {
      if let column = rows[row].indices.first(where: { !isArtificial[$0] && rows[row][$0] != .zero }) {
        pivot(row, column)
      }
    }
    for row in rows.indices {
      for column in isArtificial.indices where isArtificial[column] { rows[row][column] = .zero }
    }
  }

  mutating func minimise(_ costs: [Number]) -> Outcome {
    while true {
      // How much the sum changes with each number that is not in the basis; the first that makes it smaller comes in.
      var entering: Int?
      for column in 0..<columnCount where !basis.contains(column) {
        var change = costs[column]
        for row in rows.indices where rows[row][column] != .zero {
          change = change - costs[basis[row]] * rows[row][column]
        }
        guard change.isValid else { return .inexact }
        if change.isNegative {
          entering = column
          break
        }
      }
      guard let entering else { break }
      var leaving: (ratio: Number, row: Int)?
      for row in rows.indices where rows[row][entering].isPositive {
        let ratio = bounds[row] / rows[row][entering]
        guard ratio.isValid else { return .inexact }
        if let best = leaving, !(ratio < best.ratio || ratio == best.ratio && basis[row] < basis[best.row]) { continue }
        leaving = (ratio, row)
      }
      guard let leaving else { return .unbounded }
      pivot(leaving.row, entering)
    }
    var sum = Number.zero
    for row in rows.indices { sum = sum + costs[basis[row]] * bounds[row] }
    return sum.isValid ? .optimal(sum) : .inexact
  }

  private mutating func pivot(_ row: Int, _ column: Int) {
    let factor = rows[row][column]
    rows[row] = rows[row].map { $0 == .zero ? .zero : $0 / factor }
    bounds[row] = bounds[row] / factor
    for other in rows.indices where other != row && rows[other][column] != .zero {
      let factor = rows[other][column]
      for index in 0..<columnCount where rows[row][index] != .zero {
        rows[other][index] = rows[other][index] - factor * rows[row][index]
      }
      bounds[other] = bounds[other] - factor * bounds[row]
    }
    basis[row] = column
  }

  func values(_ count: Int) -> [Number] {
    var values = Array(repeating: Number.zero, count: count)
    for row in rows.indices where basis[row] < count { values[basis[row]] = bounds[row] }
    return values
  }
}
