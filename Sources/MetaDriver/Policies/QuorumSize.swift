/// How many children of a `Quorum` an operation needs.
///
/// ```swift
/// Quorum(read: 2, write: 2) { … }
/// Quorum(read: .majority, write: .majority) { … }
/// ```
public enum QuorumSize: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// So many.
  case exactly(Int)
  /// More than half.
  case majority
  /// Every one.
  case all

  /// So many.
  public init(integerLiteral value: Int) { self = .exactly(value) }

  /// The number, for a node with `count` children.
  public func count(of count: Int) -> Int {
    switch self {
    case .exactly(let number): number
    case .majority: count / 2 + 1
    case .all: count
    }
  }
}
