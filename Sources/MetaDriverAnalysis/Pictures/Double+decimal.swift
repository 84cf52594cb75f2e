extension Double {
  /// The number with at most so many decimals, of which no zero is the last.
  func decimal(_ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = (magnitude * scale).rounded()
    guard scaled < 9e15 else { return "\(self)" }
    let (whole, part) = Int64(scaled).quotientAndRemainder(dividingBy: Int64(scale))
    var digits = String(part)
    digits = String(repeating: "0", count: places - min(places, digits.count)) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    let sign = self < 0 && scaled > 0 ? "-" : ""
    return "\(sign)\(whole)" + (part == 0 ? "" : ".\(digits)")
  }
}
