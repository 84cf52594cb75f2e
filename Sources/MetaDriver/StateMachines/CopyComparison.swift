/// Compares the copies that several stores hold of one key, and says what is to be done about it. Pure.
struct CopyComparison {
  /// What one store holds.
  enum Copy: Hashable {
    /// Nothing, and the store said so.
    case absent
    /// A copy; with the hash of its bytes where they were read and found good.
    case present(Stat, ContentHash?)
    /// Bytes that are no copy: they fail a check.
    case damaged
    /// The store did not say.
    case unknown
  }

  enum Verdict: Hashable {
    /// Nothing is to be done.
    case agreement
    /// What is known does not tell which copy is the newest: the bytes must be read.
    case readBytes
    /// Those stores that need it are to get the copy that ranks above the others.
    case repair(Repair)
    /// Copies without stamps differ, and nothing says which is newer.
    case undecided([Int])
    /// No copy that anybody could read is a good one.
    case lost([Int])
  }

  /// A store that needs a copy, and why.
  struct Target: Hashable {
    let store: Int
    let need: ScrubPlan.Need
  }

  struct Repair: Hashable {
    let stat: Stat
    /// Who holds the copy.
    let sources: [Int]
    let targets: [Target]
  }

  static func verdict(_ copies: [Copy]) -> Verdict {
    let present = copies.enumerated().compactMap { index, copy -> (index: Int, stat: Stat, digest: ContentHash?)? in
      guard case .present(let stat, let digest) = copy else { return nil }
      return (index, stat, digest)
    }
    let damaged = copies.indices.filter { copies[$0] == .damaged }
    guard var best = present.first else { return damaged.isEmpty ? .agreement : .lost(damaged) }
    for other in present.dropFirst() {
      switch rank(other, best) {
      case .above?: best = other
      case .below?, .same?: break
      case nil: return .readBytes
      }
    }
    let sources = present.filter { rank($0, best) == .same }.map(\.index)
    if best.stat.stamp == nil, sources.count < present.count { return .undecided(present.map(\.index)) }
    let targets = copies.indices.compactMap { index -> Target? in
      switch copies[index] {
      case .unknown: return nil
      case .absent: return Target(store: index, need: .missing)
      case .damaged: return Target(store: index, need: .damaged)
      case .present(let stat, _):
        guard !sources.contains(index) else { return nil }
        return Target(store: index, need: stat.stamp == best.stat.stamp ? .conflicting : .older)
      }
    }
    return targets.isEmpty ? .agreement : .repair(Repair(stat: best.stat, sources: sources, targets: targets))
  }

  private enum Rank { case above, same, below }

  /// How a copy ranks against another, by the order of ``Record/ranksAbove(_:)``; `nil` when their bytes must be read.
  private static func rank(
    _ copy: (index: Int, stat: Stat, digest: ContentHash?), _ other: (index: Int, stat: Stat, digest: ContentHash?)
  ) -> Rank? {
    guard let mine = copy.digest, let theirs = other.digest else {
      if copy.stat == other.stat { return .same }
      // Of one stamp there is one copy. Where descriptions differ, one of them is wrong, and it may be the tombstone.
      if copy.stat.stamp == other.stat.stamp { return nil }
      return copy.stat.ranksAbove(other.stat) ? .above : .below
    }
    if copy.stat.ranksAbove(other.stat) { return .above }
    if other.stat.ranksAbove(copy.stat) { return .below }
    return mine == theirs ? .same : mine > theirs ? .above : .below
  }
}
