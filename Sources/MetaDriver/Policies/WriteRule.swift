/// How many children of `Replicated` must accept a write, beside those that are `Required`.
public enum WriteRule: Hashable, Sendable, CustomStringConvertible {
  /// Every child.
  case all
  /// At least so many, the required ones counted.
  case atLeast(Int)

  /// The number, for a node with `count` children.
  func needed(of count: Int) -> Int {
    switch self {
    case .all: count
    case .atLeast(let needed): needed
    }
  }

  /// `all`, or `at least` and the number.
  public var description: String {
    switch self {
    case .all: "all"
    case .atLeast(let needed): "at least \(needed)"
    }
  }
}
