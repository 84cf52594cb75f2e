/// What a session's read does when every copy it can find is older than what the session itself has written.
public enum StalePolicy: Hashable, Sendable, CustomStringConvertible {
  /// Answers with the session's own copy; throws `stale` when that is no longer kept.
  case serveOwnCopy
  /// Asks again until a copy is new enough or so much time, and no more than the call's deadline, has passed; then
  /// throws `stale`. The pause between two questions is this long.
  case wait(atMost: Duration, every: Duration)
  /// Throws `stale`.
  case fail

  /// A few words.
  public var description: String {
    switch self {
    case .serveOwnCopy: "serve own copy"
    case .wait(let limit, _): "wait at most \(limit)"
    case .fail: "fail"
    }
  }
}
