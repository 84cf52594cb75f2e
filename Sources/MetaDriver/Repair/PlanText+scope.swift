/// The parts that the texts of all plans share: which keys they are about, and how far they go.
extension PlanText {
  /// Which keys a plan is about, as ``scope()`` reads it.
  static func scope(_ kind: Key.Kind, _ prefix: String) -> String {
    "\(kind)" + (prefix.isEmpty ? "" : ", beginning with \(quote(prefix))")
  }

  mutating func scope() throws(DriverError) -> (Key.Kind, prefix: String) {
    (try choice(), skip(", beginning with") ? try string() : "")
  }

  /// Reads the last line: the key up to which a full plan goes, or that it goes to the end.
  ///
  /// - Parameter words: What else the line could have begun with, for the error.
  mutating func end(of kind: Key.Kind, orOneOf words: String) throws(DriverError) -> Key? {
    guard skip("full") else {
      try expect("end", orOneOf: "\(words) and full")
      try finish()
      return nil
    }
    try expect("after")
    let end = try key(kind)
    try finish()
    return end
  }
}
