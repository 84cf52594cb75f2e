/// Between which stamps the copy must be that a read takes: the minimum included, the maximum not. Pure.
struct ReadBounds: Hashable, Sendable {
  let minimum: Stamp?
  let maximum: Stamp?

  /// - Returns: `nil` when there is neither.
  init?(minimum: Stamp?, maximum: Stamp?) {
    guard minimum != nil || maximum != nil else { return nil }
    self.minimum = minimum
    self.maximum = maximum
  }

  /// Whether a copy with this stamp is too new. One without a stamp is older than any.
  func isExceeded(by stamp: Stamp?) -> Bool {
    guard let maximum, let stamp else { return false }
    return stamp >= maximum
  }

  /// Refuses a copy that is out of bounds, and an absence where there had to be a copy.
  ///
  /// - Parameters:
  ///   - copy: What was found.
  ///   - excluded: The oldest stamp of the copies that were too new to be ranked, if there were any.
  ///   - subject: What the copy is of.
  /// - Throws: `stale`, with the stamps.
  func check(
    _ copy: (some Rankable)?, excluded: Stamp? = nil, of subject: @autoclosure () -> String
  ) throws(DriverError) {
    if let maximum, let stamp = copy.map({ $0.stamp }) ?? excluded, stamp >= maximum {
      throw DriverError(
        .stale, "the caller asked for a copy of \(subject()) below \(maximum), and what was found is \(stamp)")
    }
    if let minimum, (copy?.stamp).map({ $0 < minimum }) ?? true {
      throw DriverError(
        staleBelow: minimum, found: copy?.stamp,
        "the caller asked for a copy of \(subject()) of at least \(minimum), and what was found is "
          + (copy == nil ? "nothing" : copy?.stamp.map { "\($0)" } ?? "a copy without a stamp"))
    }
  }
}
