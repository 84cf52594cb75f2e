/// What becomes of a child that a read found lagging: with an older copy, none, or a damaged one, while another child has
/// the newest.
///
/// A repair writes the newest copy that the read found, and never replaces anything that ranks above it: not on a leaf
/// that compares stamps, not on one with compare-and-put, and not on any other leaf while this process alone writes there.
/// A tombstone is repaired like any copy, so data never comes back.
public enum ReadRepair: String, Hashable, Sendable, CustomStringConvertible {
  /// It is brought up to date after the caller was answered. At most 256 keys at a time are under repair at one node, and
  /// each once; the observer is told of the others as `throttled`.
  case background
  /// It is brought up to date before the caller is answered. A repair that fails is the observer's to know; the answer
  /// comes all the same.
  case blocking
  /// It stays as it is.
  case off

  /// The name, as it is written in Swift.
  public var description: String { rawValue }
}
