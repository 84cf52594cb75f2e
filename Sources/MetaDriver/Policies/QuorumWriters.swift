/// How many writers a `Quorum` has to reckon with. Both are safe whatever clocks say.
///
/// A write whose children do not tell what was acknowledged before asks for the newest copy first, in a round of its own.
/// That is so with `reads: .atomic`, where two writes need not meet (`write` is at most half), and over leaves that do not
/// compare stamps. In every other quorum a write takes one round, and the two cases are the same.
///
/// Source: N. Lynch, A. Shvartsman, *Robust Emulation of Shared Memory Using Dynamic Quorum-Acknowledged Broadcasts*.
public enum QuorumWriters: String, Hashable, Sendable, CustomStringConvertible {
  /// One at a time for each key: no two processes ever write one key at once, or in turn while both run. A process asks for
  /// a key before it first writes it, and then writes it in one round.
  case one
  /// Several. Every write asks first, where one has to.
  case many

  /// The name, as it is written in Swift.
  public var description: String { rawValue }
}
