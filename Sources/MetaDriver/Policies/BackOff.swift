/// How long to wait after a failure before the next attempt: longer after each, up to a limit, and never in step with
/// others.
///
/// ```swift
/// let journal = HandoffJournal(on: disk, backOff: BackOff(from: .seconds(2), upTo: .seconds(300)))
/// ```
///
/// The n-th wait is drawn from the runtime's randomness, evenly between the half and the whole of `first` x 2^(n-1), or
/// of `limit` where that is less.
public struct BackOff: Hashable, Sendable, CustomStringConvertible {
  /// The longest first wait.
  public let first: Duration
  /// The longest wait of all.
  public let limit: Duration

  /// Describes the waits.
  ///
  /// - Precondition: `first` is positive, and `limit` no shorter.
  public init(from first: Duration = .seconds(1), upTo limit: Duration = .seconds(60)) {
    precondition(first > .zero && limit >= first, "a back-off from \(first) up to \(limit) is none")
    self.first = first
    self.limit = limit
  }

  /// The longest wait after so many failures in a row, at least one.
  func longest(after failures: Int) -> Duration {
    var wait = first
    var left = failures - 1
    while left > 0, wait < limit {
      wait = min(wait * 2, limit)
      left -= 1
    }
    return wait
  }

  /// Draws a wait.
  package func wait(after failures: Int, on runtime: Runtime) -> Duration {
    longest(after: failures) * runtime.withRandom { .random(in: 0.5...1, using: &$0) }
  }

  /// The shortest and the longest wait.
  public var description: String { "\(first) to \(limit)" }
}
