/// Durations as scripts and reports write them: a whole number and a unit, `40ms`.
extension Duration {
  private static let units: [(name: String, nanoseconds: Int64)] = [
    ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
  ]

  /// The whole nanoseconds in it; the largest number there is for more than 292 years.
  package var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflows) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    return isTooLong || overflows ? (seconds < 0 ? .min : .max) : sum
  }

  /// A whole number of the largest unit that is exact, to the nanosecond: `2s`, `1500us`, `0s`.
  package var text: String {
    let nanoseconds = nanoseconds
    for unit in Self.units where nanoseconds % unit.nanoseconds == 0 {
      return "\(nanoseconds / unit.nanoseconds)\(unit.name)"
    }
    return "\(nanoseconds)ns"
  }

  /// Reads what ``text`` prints, in any of the units; `nil` for anything else, for what is negative, and for what is
  /// too long to count in nanoseconds.
  package init?(text: some StringProtocol) {
    let digits = text.prefix { ("0"..."9").contains($0) }
    let name = text[digits.endIndex...]
    guard let unit = Self.units.first(where: { $0.name == name }), let count = Int64(digits),
      case (let nanoseconds, false) = count.multipliedReportingOverflow(by: unit.nanoseconds)
    else { return nil }
    self = .nanoseconds(nanoseconds)
  }
}
