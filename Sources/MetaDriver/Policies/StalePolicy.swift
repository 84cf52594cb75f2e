/// What a session's read does when the copy that it found is older than what the session has written or seen.
///
/// ```swift
/// MonotonicReads(onStale: .wait(atMost: .seconds(2), every: .milliseconds(50))) { cloud }
/// ```
///
/// Whatever the policy, a read that is given up throws `stale`, whose ``DriverError/staleness`` has both stamps. A call
/// whose options say ``CallOptions/acceptsStale`` gets the copy as it was found instead, and no policy is asked.
public enum StalePolicy: Hashable, Sendable, CustomStringConvertible {
  /// Asks once more, and this time every driver that may hold a copy, and waits for all of them; then throws `stale`.
  case widen
  /// Asks again until a copy is new enough or so much time, and no more than the call's deadline, has passed; then
  /// throws `stale`. The pause between two questions is this long.
  case wait(atMost: Duration, every: Duration)
  /// Answers with the session's own copy; throws `stale` when that is no longer kept, or too old itself.
  case serveOwnCopy
  /// Throws `stale`.
  case fail

  /// A few words.
  public var description: String {
    switch self {
    case .widen: "widen"
    case .wait(let limit, _): "wait at most \(limit)"
    case .serveOwnCopy: "serve own copy"
    case .fail: "fail"
    }
  }
}
