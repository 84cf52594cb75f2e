/// A fraction of whole numbers, in lowest terms. What does not fit into 128 bits is no number, and spoils what is made of it.
struct Rational: Hashable, Sendable {
  private(set) var numerator: Int128
  /// Above zero; zero where the number did not fit.
  private(set) var denominator: Int128

  static let spoiled = Rational(unchecked: 0, 0)

  private init(unchecked numerator: Int128, _ denominator: Int128) {
    (self.numerator, self.denominator) = (numerator, denominator)
  }

  init(_ whole: Int) { self.init(unchecked: Int128(whole), 1) }

  private init(_ numerator: Int128, over denominator: Int128) {
    guard denominator != 0, numerator != .min, denominator != .min else {
      self = .spoiled
      return
    }
    var (a, b) = (abs(numerator), abs(denominator))
    while b != 0 { (a, b) = (b, a % b) }
    let sign: Int128 = denominator < 0 ? -1 : 1
    self.init(unchecked: sign * numerator / a, abs(denominator) / a)
  }

  /// The fraction with the smallest denominator that is this number, but for the rounding of a number written in decimals.
  init(_ value: Double) {
    guard value.isFinite, value.magnitude < 1e15 else {
      self = .spoiled
      return
    }
    var (previous, last) = (Rational(unchecked: 0, 1), Rational(unchecked: 1, 0))
    var rest = value
    for _ in 0..<40 {
      let whole = rest.rounded(.down)
      let digit = Int128(whole)
      let next = Rational(
        unchecked: digit * last.numerator + previous.numerator, digit * last.denominator + previous.denominator)
      (previous, last) = (last, next)
      if abs(Double(next.numerator) / Double(next.denominator) - value) <= value.magnitude * 1e-15 { break }
      rest = 1 / (rest - whole)
      guard rest.isFinite, rest < 1e15 else { break }
    }
    self.init(last.numerator, over: last.denominator)
  }

  var value: Double { Double(numerator) / Double(denominator) }
}

extension Rational: SimplexNumber {
  static let zero = Rational(0)
  static let one = Rational(1)
  var isValid: Bool { denominator != 0 }
  var isPositive: Bool { numerator > 0 && denominator != 0 }
  var isNegative: Bool { numerator < 0 && denominator != 0 }

  static func + (left: Rational, right: Rational) -> Rational {
    let (a, first) = left.numerator.multipliedReportingOverflow(by: right.denominator)
    let (b, second) = right.numerator.multipliedReportingOverflow(by: left.denominator)
    let (sum, third) = a.addingReportingOverflow(b)
    let (denominator, fourth) = left.denominator.multipliedReportingOverflow(by: right.denominator)
    return first || second || third || fourth ? .spoiled : Rational(sum, over: denominator)
  }

  static func - (left: Rational, right: Rational) -> Rational {
    left + Rational(unchecked: -right.numerator, right.denominator)
  }

  static func * (left: Rational, right: Rational) -> Rational {
    let (numerator, first) = left.numerator.multipliedReportingOverflow(by: right.numerator)
    let (denominator, second) = left.denominator.multipliedReportingOverflow(by: right.denominator)
    return first || second ? .spoiled : Rational(numerator, over: denominator)
  }

  static func / (left: Rational, right: Rational) -> Rational {
    let (numerator, first) = left.numerator.multipliedReportingOverflow(by: right.denominator)
    let (denominator, second) = left.denominator.multipliedReportingOverflow(by: right.numerator)
    return first || second || !left.isValid ? .spoiled : Rational(numerator, over: denominator)
  }

  static func < (left: Rational, right: Rational) -> Bool { (left - right).isNegative }
}

extension Rational: CustomStringConvertible {
  var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }
}
