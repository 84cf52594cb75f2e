/// Whether a `Replicated` write asks its children at once or in turn.
public enum WriteOrder: String, Hashable, Sendable, CustomStringConvertible {
  /// All at once: n children of latency t take about t.
  case concurrent
  /// One after the other, in their order; ends at the first child whose failure decides the write. For parity with
  /// clients that wrote so: n children of latency t take n times t.
  case sequential

  /// The name, as it is written in Swift.
  public var description: String { rawValue }
}
