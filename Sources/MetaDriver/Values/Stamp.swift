/// When a record was written, and by whom: what ranks two copies of one datum.
///
/// A blind byte store cannot say which of two copies is newer. Nodes that must know (`Quorum`, `ReadYourWrites`) stamp
/// every record they write. The time is a hybrid logical clock: 48 bits of milliseconds since 1970 and a 16-bit counter
/// that orders writes within one millisecond; it never runs backwards, and it is ahead of everything its runtime has
/// read, however far that is ahead of the wall. A wall clock that is wrong makes stamps look odd, and that is all. The
/// writer is drawn at random when a ``Runtime`` is made.
///
/// Stamps order by time, then by writer. They are unique as long as no two runtimes draw the same 64-bit writer.
///
/// Source: S. Kulkarni et al., *Logical Physical Clocks and Consistent Snapshots in Globally Distributed Databases*.
public struct Stamp: Hashable, Sendable {
  /// Milliseconds since 1970 in the upper 48 bits, the counter in the lower 16.
  public let time: UInt64
  /// The writer that made the stamp.
  public let writer: UInt64

  /// Makes a stamp of its two parts, for stores that keep them in fields of their own.
  public init(time: UInt64, writer: UInt64) {
    self.time = time
    self.writer = writer
  }

  /// The wall-clock part, in milliseconds since 1970.
  public var milliseconds: UInt64 { time >> 16 }

  /// The part that orders stamps within one millisecond.
  public var counter: UInt16 { UInt16(truncatingIfNeeded: time) }
}

extension Stamp: Comparable, CustomStringConvertible {
  /// Orders by time, then by writer.
  public static func < (left: Stamp, right: Stamp) -> Bool {
    (left.time, left.writer) < (right.time, right.writer)
  }

  /// `milliseconds.counter@writer`, the writer in hexadecimal digits.
  public var description: String { "\(milliseconds).\(counter)@\(String(writer, radix: 16))" }
}

extension Stamp {
  /// Whether a copy with one stamp ranks above a copy with another, as far as stamps and tombstones say: the newer stamp,
  /// any stamp over none, and of equal stamps the tombstone. `nil` when the bytes must decide.
  static func order(_ mine: Stamp?, _ isTombstone: Bool, above theirs: Stamp?, _ isTheirsOne: Bool) -> Bool? {
    switch (mine, theirs) {
    case (let mine?, let theirs?) where mine != theirs: mine > theirs
    case (_?, nil): true
    case (nil, _?): false
    default: isTombstone == isTheirsOne ? nil : isTombstone
    }
  }
}
