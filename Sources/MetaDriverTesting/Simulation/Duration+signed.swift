import MetaDriver

/// Durations as people say how far a clock is off: in either direction, and in minutes, hours and days too.
extension Duration {
  private static let longUnits: [(name: String, seconds: Int64)] = [("d", 86_400), ("h", 3_600), ("m", 60)]

  /// A whole number of the largest unit that is exact, to the nanosecond: `-3m`, `2d`, `-1500us`, `0s`.
  var signedText: String {
    guard self >= .zero else { return "-" + (.zero - self).signedText }
    let nanoseconds = nanoseconds
    for unit in Self.longUnits where nanoseconds > 0 && nanoseconds % (unit.seconds * 1_000_000_000) == 0 {
      return "\(nanoseconds / unit.seconds / 1_000_000_000)\(unit.name)"
    }
    return text
  }

  /// Reads what ``signedText`` prints, in any of the units; `nil` for anything else, and for what is too long to count in
  /// nanoseconds.
  init?(signedText text: some StringProtocol) {
    let size = text.dropFirst(text.hasPrefix("-") ? 1 : 0)
    var duration = Duration(text: size)
    let digits = size.prefix { ("0"..."9").contains($0) }
    if let unit = Self.longUnits.first(where: { $0.name == size.dropFirst(digits.count) }), let count = Int64(digits) {
      let (seconds, isTooLong) = count.multipliedReportingOverflow(by: unit.seconds)
      duration = isTooLong || seconds > Int64.max / 1_000_000_000 ? nil : .seconds(seconds)
    }
    guard let duration else { return nil }
    self = text.hasPrefix("-") ? .zero - duration : duration
  }
}
