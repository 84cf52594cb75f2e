extension Migration {
  /// How far a migration is: which side is read, and which sides are written.
  ///
  /// | phase | reads | writes, in this order |
  /// |---|---|---|
  /// | `notBegun` | from | from |
  /// | `copying`, `verifying`, `verified` | from | to, from |
  /// | `switched` | to | from, to |
  /// | `retired` | to | to |
  /// | `aborted` | from | from |
  ///
  /// New cases may come with any release, so a `switch` needs a `default`.
  public enum Phase: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// Nothing has happened.
    case notBegun
    /// Both sides are written, and what was there before is copied.
    case copying
    /// Everything was copied, and the sides are compared.
    case verifying
    /// Both sides hold the same.
    case verified
    /// Reads use the new side. Both are still written, so that there is a way back.
    case switched
    /// The old side is no longer used. This is the end.
    case retired
    /// The migration was given up, and the old side is used as before.
    case aborted

    /// The phase in words.
    public var description: String {
      switch self {
      case .notBegun: "not begun"
      case .copying, .verifying, .verified, .switched, .retired, .aborted: rawValue
      }
    }
  }

  /// How far a migration is, at the moment of the look.
  public struct Status: Hashable, Sendable, CustomStringConvertible {
    /// Which side is read, and which are written.
    public let phase: Phase
    /// How many data were copied in this round.
    public let copied: Int
    /// How many data were compared in this round.
    public let compared: Int
    /// How many of those compared differed, and were brought to the newer copy: writes that did not reach both sides.
    public let repaired: Int
    /// The last datum that was copied or compared; `nil` at the beginning and at the end of either.
    public let position: Key?

    /// One line.
    public var description: String {
      let place = position.map { ", after \($0)" } ?? ""
      return "\(phase)\(place): \(copied) copied, \(compared) compared, \(repaired) repaired"
    }
  }
}
