extension Duration {
  /// The whole nanoseconds in it; the largest number there is for more than 292 years.
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflows) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    return isTooLong || overflows ? (seconds < 0 ? .min : .max) : sum
  }

  /// Three digits at least, and the unit that needs the fewest: `0 s`, `820 ns`, `1.25 ms`, `20 ms`, `3600 s`. From the
  /// fourth digit on a part of a unit is rounded.
  var plainText: String {
    let nanoseconds = wholeNanoseconds
    let magnitude = nanoseconds.magnitude
    guard magnitude > 0 else { return "0 s" }
    let sign = nanoseconds < 0 ? "-" : ""
    for (name, unit) in [("s", 1_000_000_000), ("ms", 1_000_000), ("µs", 1_000)] as [(String, UInt64)] {
      // What would be rounded up to a thousand of one unit is one of the next.
      guard magnitude >= unit - unit / 2_000 else { continue }
      var (thousandths, places): (UInt64, Int) = (0, 3)
      let (whole, part) = magnitude.quotientAndRemainder(dividingBy: unit)
      switch whole {
      case ..<10: places = 2
      case ..<100: places = 1
      default: places = 0
      }
      let step = [unit, unit / 10, unit / 100][places]
      thousandths = (whole * unit + part + step / 2) / step
      var digits = String(thousandths)
      guard places > 0 else { return "\(sign)\(digits) \(name)" }
      while digits.count <= places { digits = "0" + digits }
      var fraction = digits.suffix(places)
      while fraction.last == "0" { fraction.removeLast() }
      return "\(sign)\(digits.dropLast(places))\(fraction.isEmpty ? "" : ".\(fraction)") \(name)"
    }
    return "\(sign)\(magnitude) ns"
  }
}
