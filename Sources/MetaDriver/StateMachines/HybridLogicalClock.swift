/// A clock that follows the wall, never runs back, and is ahead of everything it has seen. Pure: it is told the time.
///
/// The wall only makes stamps look like times. A wall clock that is wrong, set or frozen makes them look odd, and orders
/// nothing wrongly.
///
/// Source: S. Kulkarni et al., *Logical Physical Clocks and Consistent Snapshots in Globally Distributed Databases*.
struct HybridLogicalClock {
  /// Times from here on leave too little room above them, and are never taken over: the year 6429. Below it there is room
  /// for as many stamps as anybody will ever make.
  static let timeLimit: UInt64 = 1 << 63

  /// A stamp from here on is read, and not followed: what the clock makes stays readable, for a million million stamps more.
  private static let followedLimit = timeLimit - 1 << 40

  /// A wall clock beyond the year 4199 counts as being there, so that it cannot come near the limit.
  private static let wallLimit: UInt64 = 1 << 46

  let writer: UInt64
  private var last: UInt64 = 0

  init(writer: UInt64) { self.writer = writer }

  /// A stamp newer than every stamp this clock has made or seen.
  mutating func next(milliseconds: UInt64) -> Stamp {
    last = max(min(milliseconds, Self.wallLimit) << 16, last + 1)
    return Stamp(time: last, writer: writer)
  }

  /// Takes note of a stamp that was read. One that leaves hardly any room is not followed: only the key that has it cannot
  /// be written any more.
  ///
  /// - Returns: Whether the clock had to be set forward for it.
  mutating func observe(_ stamp: Stamp) -> Bool {
    guard stamp.time > last, stamp.time < Self.followedLimit else { return false }
    last = stamp.time
    return true
  }
}

extension Stamp {
  /// Whether there is room for stamps above this one. One without is no honest clock's.
  var isPossible: Bool { time < HybridLogicalClock.timeLimit }
}
