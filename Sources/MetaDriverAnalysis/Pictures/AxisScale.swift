#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// An axis: how far it reaches, where its marks are, and where a value stands on it.
struct AxisScale {
  /// What is farther from zero than this is not drawn, so that no sum on the way overflows.
  static let limit = 1e15
  /// What is nearer to zero than this does not stand on a logarithmic axis.
  private static let smallest = 1e-15

  let low: Double
  let high: Double
  let isLogarithmic: Bool
  /// The marks, from the lowest.
  let ticks: [Double]
  private let decimals: Int
  /// Whether marks are written as powers of ten: all of them, where one of them must be.
  private let isScientific: Bool

  static func canShow(_ value: Double, isLogarithmic: Bool) -> Bool {
    value.magnitude <= limit && (!isLogarithmic || value >= smallest)
  }

  /// An axis with about so many marks that shows all the values: each must be one that it can show.
  init(showing values: [Double], isLogarithmic: Bool, tickCount: Int) {
    let (low, high) = (values.min() ?? (isLogarithmic ? 1 : 0), values.max() ?? (isLogarithmic ? 10 : 1))
    self.isLogarithmic = isLogarithmic
    if isLogarithmic {
      ticks = Self.logarithmicTicks(low, high, tickCount)
      decimals = 0
    } else {
      (ticks, decimals) = Self.linearTicks(low, high, tickCount)
    }
    (self.low, self.high) = (ticks.first ?? 0, ticks.last ?? 1)
    isScientific = ticks.contains { $0.magnitude >= 0.99e6 || ($0 != 0 && $0.magnitude < 0.99e-4) }
  }

  /// Where a value stands, from 0 to 1.
  func position(of value: Double) -> Double {
    isLogarithmic ? (log10(value) - log10(low)) / (log10(high) - log10(low)) : (value - low) / (high - low)
  }

  /// A mark as it is written.
  func text(of tick: Double) -> String {
    if isScientific, tick != 0 {
      let exponent = (log10(tick.magnitude) + 1e-9).rounded(.down)
      let factor = tick / pow(10, exponent)
      return (abs(factor - 1) < 1e-9 ? "" : "\(factor.decimal(2))·") + "10" + Self.superscript(Int(exponent))
    }
    let digits = tick.decimal(isLogarithmic ? 5 : decimals)
    guard tick.magnitude >= 10_000, !digits.contains(".") else { return digits }
    return "\(digits.dropLast(3))\u{202f}\(digits.suffix(3))"
  }

  private static func linearTicks(_ low: Double, _ high: Double, _ count: Int) -> ([Double], Int) {
    var (low, high) = (low, high)
    let size = max(low.magnitude, high.magnitude)
    if high - low <= size * 1e-9 {
      let margin = size == 0 ? 0.5 : size * 0.1
      (low, high) = (low - margin, high + margin)
    }
    let rough = (high - low) / Double(max(1, count))
    let exponent = log10(rough).rounded(.down)
    let unit = pow(10, exponent)
    let factor = [1.0, 2, 5, 10].first { $0 * unit >= rough * 0.999 } ?? 10
    let step = factor * unit
    // What rounding adds must not make a mark more.
    let (first, last) = ((low / step + 1e-6).rounded(.down), (high / step - 1e-6).rounded(.up))
    let ticks = (Int64(first)...max(Int64(first) + 1, Int64(last))).map { Double($0) * step }
    return (ticks, max(0, Int(factor == 10 ? -exponent - 1 : -exponent)))
  }

  /// Ones, twos and fives of each power of ten, or ones only, or every so many of them.
  private static func logarithmicTicks(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    func ticks(_ factors: [Double], every step: Int = 1) -> [Double] {
      let (first, last) = (Int(log10(low).rounded(.down)) - 1, Int(log10(high).rounded(.up)) + step)
      let all = stride(from: first, through: last, by: step).flatMap { exponent in
        factors.map { $0 * pow(10, Double(exponent)) }
      }
      // Where all values are one, it stands between two marks.
      let isOne = low == high
      let begin = all.lastIndex { $0 <= low * (isOne ? 1 - 1e-9 : 1 + 1e-9) } ?? 0
      let end = all.firstIndex { $0 >= high * (isOne ? 1 + 1e-9 : 1 - 1e-9) } ?? all.count - 1
      return Array(all[begin...max(end, begin + 1)])
    }
    for factors in [[1.0, 2, 5], [1]] {
      let found = ticks(factors)
      if found.count <= count + 2 { return found }
    }
    let decades = log10(high) - log10(low)
    return ticks([1], every: max(2, Int((decades / Double(count)).rounded(.up))))
  }

  private static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String("\(number)".map { $0 == "-" ? "⁻" : digits[$0.wholeNumberValue ?? 0] })
  }
}
