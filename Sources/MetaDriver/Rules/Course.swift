/// How a node goes about asking its children: what `Outline` says of it, for predictions and explanations.
///
/// ```swift
/// Access(read: .any(2), write: .all(2), readCourse: .hedged(after: .milliseconds(20)))
/// ```
public struct Course: Hashable, Sendable {
  /// When each child is asked.
  public enum Order: Hashable, Sendable {
    /// All at once.
    case concurrent
    /// Each when the one before it has answered.
    case sequential
    /// Each so long after the one before it, unless enough have answered by then.
    case hedged(after: Duration)
  }

  /// When each child is asked.
  public var order: Order
  /// Whether every child is asked and waited for, although fewer would be enough.
  public var awaitsAll: Bool

  private init(_ order: Order, awaitsAll: Bool = false) {
    self.order = order
    self.awaitsAll = awaitsAll
  }

  /// All at once, until enough have answered.
  public static let concurrent = Course(.concurrent)
  /// One after the other, until enough have answered.
  public static let sequential = Course(.sequential)
  /// One, and after each delay one more, until enough have answered.
  public static func hedged(after delay: Duration) -> Course { Course(.hedged(after: delay)) }

  /// The same, with every child asked and waited for.
  public var awaitingAll: Course { Course(order, awaitsAll: true) }
}
