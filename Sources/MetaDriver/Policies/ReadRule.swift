/// How `Replicated` reads.
public enum ReadRule: String, Hashable, Sendable, CustomStringConvertible {
  /// One child after the other, in their order; the first copy wins.
  case ordered
  /// Like `ordered`, the local-only children first. None is left out.
  case localFirst
  /// All at once; the first copy wins, and the others are cancelled.
  case race
  /// All at once, and all are waited for; the newest copy wins. Records are stamped, so that copies can be ranked. As slow as
  /// the slowest child: give each a `Timeout`.
  case newest

  /// `ordered`, `local first`, `race` or `newest`.
  public var description: String { self == .localFirst ? "local first" : rawValue }

  /// How the children are asked.
  var course: Course {
    switch self {
    case .ordered, .localFirst: .sequential
    case .race: .concurrent
    case .newest: .concurrent.awaitingAll
    }
  }
}
