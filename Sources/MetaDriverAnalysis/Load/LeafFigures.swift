/// What a leaf can bear, and how long it takes.
///
/// ```swift
/// let figures = ["disk": LeafFigures(readCapacity: 4_000, writeCapacity: 2_000, latency: .milliseconds(1))]
/// ```
public struct LeafFigures: Hashable, Sendable {
  /// How many reads it serves in a second when it does nothing else.
  public var readCapacity: Double
  /// How many writes it serves in a second when it does nothing else.
  public var writeCapacity: Double
  /// How long it takes to answer.
  public var latency: Duration

  /// Makes the figures of a leaf; without any, one operation a second, at once.
  public init(readCapacity: Double = 1, writeCapacity: Double = 1, latency: Duration = .zero) {
    (self.readCapacity, self.writeCapacity, self.latency) = (readCapacity, writeCapacity, latency)
  }

  /// Refuses what no leaf can have.
  func check(_ label: String) throws(AnalysisError) {
    for (word, capacity) in [("read", readCapacity), ("write", writeCapacity)] {
      guard capacity > 0, capacity.isFinite else {
        throw AnalysisError("the \(word) capacity of '\(label)' is \(capacity), and must be above zero")
      }
    }
    guard latency >= .zero else {
      throw AnalysisError("the latency of '\(label)' is \(latency), and cannot be below zero")
    }
  }
}
