private import Synchronization

/// What makes a driver a leaf: which store it is, and how puts of one key are kept in order.
///
/// A leaf makes one when it is created and keeps it, so that every copy of the driver's value is the same leaf:
///
/// ```swift
/// let leaf = Leaf("keychain", identity: "keychain:\(service)")
/// ```
public final class Leaf: Sendable {
  /// The name its author gave it.
  public let name: String?
  /// Which store it is. Two leaves with one identity are one leaf, wherever they were made.
  public let identity: String
  /// Whether another process knows the store by the same identity.
  let isLasting: Bool
  /// How puts of one key are ordered.
  public let ordering: PutOrdering
  private let turns: TurnQueue?

  /// Describes a leaf.
  ///
  /// - Parameters:
  ///   - name: What to call it in reports; two children of one node need different names.
  ///   - identity: Which store it is, such as its URL; a new one, unlike every other, when it is not given.
  ///   - ordering: How puts of one key are ordered; by default the package keeps them first in, first out.
  public init(_ name: String? = nil, identity: String? = nil, ordering: PutOrdering = .fifo) {
    self.name = name
    self.identity = identity ?? "leaf:\(Self.count.wrappingAdd(1, ordering: .relaxed).newValue)"
    isLasting = identity != nil
    self.ordering = ordering
    turns = ordering == .fifo ? TurnQueue() : nil
  }

  /// The same store as another process reaches it: its writes take no turns with those of this one.
  package init(sameAs other: Leaf) {
    (name, identity, isLasting, ordering) = (other.name, other.identity, other.isLasting, other.ordering)
    turns = ordering == .fifo ? TurnQueue() : nil
  }

  private static let count = Atomic<Int>(0)

  /// Runs a write when all writes of the key that came before it have ended.
  func inTurn<Answer>(
    _ key: Key, _ context: Context, _ write: () async throws(DriverError) -> Answer
  ) async throws(DriverError) -> Answer {
    guard let turns else { return try await write() }
    try await turns.enter(key)
    defer { turns.leave(key) }
    if let deadline = context.deadline, context.runtime.now >= deadline {
      throw DriverError(
        .timedOut, "the deadline passed while earlier writes of \(key) were under way", effect: .unchanged)
    }
    return try await write()
  }
}

/// How a leaf orders puts of one key: what decides whether a late old put can overwrite a newer one.
public enum PutOrdering: String, Hashable, Sendable, CustomStringConvertible {
  /// The store compares stamps and writes in one step: an older record never replaces a newer one.
  case newestWins
  /// Puts of one key reach the store one after the other, in the order in which they were made. The package sees to
  /// it, within one process.
  case fifo
  /// Puts may overtake each other.
  case none

  /// `newest wins`, `first in, first out` or `none`.
  public var description: String {
    switch self {
    case .newestWins: "newest wins"
    case .fifo: "first in, first out"
    case .none: "none"
    }
  }
}
