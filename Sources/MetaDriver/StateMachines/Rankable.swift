/// Something of which the newest can be told.
protocol Rankable: Sendable {
  /// Whether this one is preferred.
  func ranksAbove(_ other: Self) -> Bool
  /// Whether a child that holds the other one lags.
  func isNewer(than other: Self) -> Bool
  func conflicts(with other: Self) -> Bool
  var stamp: Stamp? { get }
}

extension Rankable {
  func isNewer(than other: Self) -> Bool { ranksAbove(other) }
}

extension Record: Rankable {}

extension Stat: Rankable {
  func ranksAbove(_ other: Stat) -> Bool {
    Stamp.order(stamp, isTombstone, above: other.stamp, other.isTombstone) ?? false
  }
  func conflicts(with other: Stat) -> Bool { stamp != nil && stamp == other.stamp && self != other }
}

/// Something that can say of a datum that it was deleted.
protocol Erasable: Rankable {
  /// A tombstone of which nothing more is known than its stamp.
  static func erased(at stamp: Stamp) -> Self
}

extension Record: Erasable {
  static func erased(at stamp: Stamp) -> Record { .tombstone(stamp: stamp) }
}

extension Stat: Erasable {
  static func erased(at stamp: Stamp) -> Stat { Stat(byteCount: 0, stamp: stamp, isTombstone: true) }
}

/// What one child answers to a read that asks one child for the bytes and the others for the stamp alone.
struct Digest: Rankable {
  let stat: Stat
  /// The copy itself, from the child that was asked for it.
  let record: Record?

  var stamp: Stamp? { stat.stamp }
  func ranksAbove(_ other: Digest) -> Bool {
    // Of two equal ones that with the bytes answers at once.
    stat.ranksAbove(other.stat) || !other.stat.ranksAbove(stat) && record != nil && other.record == nil
  }
  // A child that was only asked for its stamp holds the bytes too.
  func isNewer(than other: Digest) -> Bool { stat.ranksAbove(other.stat) }
  func conflicts(with other: Digest) -> Bool { stat.conflicts(with: other.stat) }
}
