extension DriverError {
  /// The kind of a failure. New ones may come with any release, so a `switch` needs a `default`.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String {
      case unavailable, timedOut, cancelled, throttled, denied, conflict, stale, corrupt, tooLarge, invalidKey
      case unroutable, unsupported, noSpace, quorumNotMet, closed
    }
    private let value: Value
    private init(_ value: Value) { self.value = value }

    /// The store could not be asked, or did not give a usable answer.
    public static var unavailable: Code { Code(.unavailable) }
    /// The time allowed ran out before the answer.
    public static var timedOut: Code { Code(.timedOut) }
    /// The caller's task was cancelled.
    public static var cancelled: Code { Code(.cancelled) }
    /// The store, or a limit of this process, asks for less; see `retryAfter`.
    public static var throttled: Code { Code(.throttled) }
    /// The store refuses this identity or these credentials.
    public static var denied: Code { Code(.denied) }
    /// The precondition of a conditional put does not hold.
    public static var conflict: Code { Code(.conflict) }
    /// The copy found is older than what the reader must not go below.
    public static var stale: Code { Code(.stale) }
    /// The copy is torn, flipped, truncated, stored for another key, or fails verification.
    public static var corrupt: Code { Code(.corrupt) }
    /// The datum is larger than the store takes.
    public static var tooLarge: Code { Code(.tooLarge) }
    /// The key, hash or cursor is not one.
    public static var invalidKey: Code { Code(.invalidKey) }
    /// No driver answers for this URL.
    public static var unroutable: Code { Code(.unroutable) }
    /// The node, as it was composed, cannot do this.
    public static var unsupported: Code { Code(.unsupported) }
    /// The store is full.
    public static var noSpace: Code { Code(.noSpace) }
    /// Too few children answered, or acknowledged.
    public static var quorumNotMet: Code { Code(.quorumNotMet) }
    /// The driver or the strategy was closed.
    public static var closed: Code { Code(.closed) }

    /// Whether a failure of this kind leaves open what a write changed, unless its thrower knows better.
    public var mayHaveEffect: Bool {
      switch value {
      case .unavailable, .timedOut, .cancelled, .quorumNotMet: true
      default: false
      }
    }

    /// Whether the same call may succeed later, unless the thrower knows better.
    public var isRetryable: Bool {
      switch value {
      case .unavailable, .timedOut, .throttled, .quorumNotMet: true
      default: false
      }
    }

    /// The name of the code, as it is written in Swift.
    public var description: String { value.rawValue }
  }
}
