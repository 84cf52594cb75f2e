/// What becomes of the children that are still writing when a write holds, or can no longer hold.
public enum Remainder: String, Hashable, Sendable, CustomStringConvertible {
  /// They go on in the background: the runtime owns them, `drain()` waits for them, the observer is told how they end.
  case background
  /// The caller waits for them.
  case `await`
  /// Their tasks are cancelled; whether they took effect is unknown. What honours cancellation leaves fewer copies than
  /// it could have.
  case cancel

  /// The name, as it is written in Swift.
  public var description: String { rawValue }
}
