/// Says whether a tombstone is settled, from what every store lists of its key. Pure.
enum PurgeRule {
  enum Verdict: Hashable {
    /// The newest copy is no tombstone.
    case keep
    /// Every store holds the tombstone of this stamp.
    case settled(Stamp)
    /// These stores do not hold it: an older copy, a newer write or a late one may be theirs.
    case wait([Int])
  }

  /// - Parameter findings: What each store lists.
  static func verdict(_ findings: [ListingWalk.Finding]) -> Verdict {
    guard let newest = findings.compactMap(\.stat).max(by: { $1.ranksAbove($0) }), newest.isTombstone else {
      return .keep
    }
    let lagging = findings.indices.filter { findings[$0].stat != newest }
    guard lagging.isEmpty else { return .wait(lagging) }
    // A tombstone that cannot be ranked cannot be told from another one.
    return newest.stamp.map { .settled($0) } ?? .wait(Array(findings.indices))
  }
}
