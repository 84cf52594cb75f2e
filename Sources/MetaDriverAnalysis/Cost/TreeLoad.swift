/// How busy a tree keeps its leaves, an operation a second.
public struct TreeLoad: Hashable, Sendable {
  /// How busy each leaf is, by its label: 1 is all it can bear.
  public let loads: [String: Double]
  /// How many calls an operation makes on average.
  public let network: Double

  /// How busy the busiest leaf is.
  public var busiest: Double { loads.values.max() ?? 0 }
  /// How many operations a second the tree could serve, until its busiest leaf can bear no more.
  public var capacity: Double { 1 / busiest }
}
