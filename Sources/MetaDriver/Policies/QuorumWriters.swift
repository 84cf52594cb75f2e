/// How many writers a `Quorum` has to reckon with, whose clocks may differ.
///
/// Source: N. Lynch, A. Shvartsman, *Robust Emulation of Shared Memory Using Dynamic Quorum-Acknowledged Broadcasts*.
public enum QuorumWriters: String, Hashable, Sendable, CustomStringConvertible {
  /// One at a time for each key, or several whose clocks agree. A write is stamped at once: one round.
  case one
  /// Several, whatever their clocks say. A write first reads the copies of `read` children, so that its own is above
  /// every write that was acknowledged before: two rounds.
  case many

  /// The name, as it is written in Swift.
  public var description: String { rawValue }
}
