/// How often to go to which leaves: for reads and for writes, sets of leaves that are enough, each with its share.
public struct QuorumStrategy: Sendable {
  /// A set of leaves that is enough, and how often it is chosen.
  public struct Choice: Hashable, Sendable {
    /// The labels of the leaves, in the order of the tree.
    public let leaves: [String]
    /// How often it is chosen, from 0 to 1.
    public let share: Double
  }

  /// How reads choose. The shares add up to 1.
  public let reads: [Choice]
  /// How writes choose. The shares add up to 1.
  public let writes: [Choice]
  /// How busy the busiest leaf is with each operation a second: the smaller the better. Its inverse is the capacity.
  public let load: Double
  /// The load as a fraction, such as `7/12`; `nil` where the figures could not be kept exact.
  public let exactLoad: String?
  /// How many messages an operation takes, on average.
  public let network: Double
  /// How long an operation takes until the slowest leaf of its choice has answered, on average.
  public let latency: Duration

  /// How many operations the tree serves in a second, with the capacities that were given.
  public var capacity: Double { 1 / load }
}
