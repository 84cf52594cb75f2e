/// How `Replicated` reads.
public enum ReadRule: String, Hashable, Sendable, CustomStringConvertible {
  /// One child after the other, in their order; the first copy wins.
  case ordered
  /// Like `ordered`, the local-only children first. None is left out.
  case localFirst
  /// All at once; the first copy wins, and the others are cancelled.
  case race

  /// `ordered`, `local first` or `race`.
  public var description: String { self == .localFirst ? "local first" : rawValue }
}
