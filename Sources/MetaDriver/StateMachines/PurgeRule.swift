/// Says whether a tombstone may go, from what every store lists of its key. Pure: it is told the time.
enum PurgeRule {
  enum Verdict: Hashable {
    /// The newest copy is no tombstone.
    case keep
    /// Every store holds the tombstone of this stamp, and it is old enough.
    case remove(Stamp)
    /// Every store holds it, and it is not old enough.
    case young
    /// These stores do not hold it: an older copy, a newer write or a late one may be theirs.
    case wait([Int])
  }

  /// - Parameters:
  ///   - findings: What each store lists.
  ///   - minimumAge: How old a tombstone must be.
  ///   - now: The time of day, in milliseconds since 1970.
  static func verdict(_ findings: [ListingWalk.Finding], minimumAge: Duration, now: UInt64) -> Verdict {
    guard let newest = findings.compactMap(\.stat).max(by: { $1.ranksAbove($0) }), newest.isTombstone else {
      return .keep
    }
    let lagging = findings.indices.filter { findings[$0].stat != newest }
    guard lagging.isEmpty else { return .wait(lagging) }
    // A tombstone that cannot be ranked cannot be told from another one.
    guard let stamp = newest.stamp else { return .wait(Array(findings.indices)) }
    let age = Duration.milliseconds(Int64(now)) - .milliseconds(Int64(stamp.milliseconds))
    return age >= minimumAge ? .remove(stamp) : .young
  }
}
