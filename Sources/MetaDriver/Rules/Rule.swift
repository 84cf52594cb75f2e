/// Which children an operation needs: what `Outline` says a node does. A monotone formula: whoever has more never has less.
///
/// Checks and analysis read it, over the children of a node or over the leaves of a tree; execution never does.
public indirect enum Rule: Hashable, Sendable {
  /// The child at this index.
  case child(Int)
  /// Every one of these.
  case all([Rule])
  /// One of these.
  case any([Rule])
  /// At least so many of these.
  case atLeast(Int, [Rule])

  /// Every child of `count`.
  public static func all(_ count: Int) -> Rule { .all((0..<count).map(Rule.child)) }
  /// One child of `count`.
  public static func any(_ count: Int) -> Rule { .any((0..<count).map(Rule.child)) }
  /// At least `needed` children of `count`.
  public static func atLeast(_ needed: Int, of count: Int) -> Rule { .atLeast(needed, (0..<count).map(Rule.child)) }

  /// Whether the rule holds when exactly the children for which `isTrue` answers yes are there.
  public func holds(_ isTrue: (Int) -> Bool) -> Bool {
    switch self {
    case .child(let index): isTrue(index)
    case .all(let rules): rules.allSatisfy { $0.holds(isTrue) }
    case .any(let rules): rules.contains { $0.holds(isTrue) }
    case .atLeast(let needed, let rules): rules.count { $0.holds(isTrue) } >= needed
    }
  }
}
