/// A clock that follows the wall, never runs back, and is ahead of everything it has seen. Pure: it is told the time.
///
/// Source: S. Kulkarni et al., *Logical Physical Clocks and Consistent Snapshots in Globally Distributed Databases*.
struct HybridLogicalClock {
  /// Stamps from further ahead than this are refused, so that one broken clock cannot outlaw everybody's writes.
  static let maximumDrift: Duration = .seconds(60)

  let writer: UInt64
  private var last: UInt64 = 0

  init(writer: UInt64) { self.writer = writer }

  /// A stamp newer than every stamp this clock has made or seen.
  mutating func next(milliseconds: UInt64) -> Stamp {
    last = max(milliseconds << 16, last + 1)
    return Stamp(time: last, writer: writer)
  }

  /// Whether a stamp is from no further ahead than clocks may be.
  static func believes(_ stamp: Stamp, milliseconds: UInt64) -> Bool {
    stamp.milliseconds <= milliseconds + UInt64(maximumDrift.components.seconds) * 1_000
  }

  /// Takes note of a stamp that was read. False when it is from too far ahead to be believed.
  mutating func observe(_ stamp: Stamp, milliseconds: UInt64) -> Bool {
    guard Self.believes(stamp, milliseconds: milliseconds) else { return false }
    last = max(last, stamp.time)
    return true
  }
}
