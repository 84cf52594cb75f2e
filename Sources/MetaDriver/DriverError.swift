/// Why a driver could not do what was asked: which node, how many of how many, who, why, and what to do.
///
/// ```swift
/// do throws(DriverError) {
///   try await profiles.put(bytes, at: "alice/profile")
/// } catch {
///   print(error)  // quorumNotMet at profiles/Quorum: put of 'alice/profile' has 1 of 2 acknowledgements needed [disk: …
///   if error.effect == .unknown { … }  // some copy may have been written all the same
/// }
/// ```
///
/// Every failure in the package is this one type, because nodes must decide on what their children threw. Absence is
/// not an error: a `get` that answers `nil` knows that nothing is stored. The value is one word wide, so that a call
/// that does not fail pays nothing for it.
///
/// - Important: A driver never puts a secret into a message: errors are printed and logged.
public struct DriverError: Error, Sendable {
  /// Whether the operation may have changed a store.
  public enum Effect: Hashable, Sendable {
    /// Nothing was changed, by this operation's own doing.
    case unchanged
    /// The change may have been made: the reply was lost, or some children made it and others did not.
    case unknown
  }

  /// Why a copy was too old for its reader.
  public struct Staleness: Hashable, Sendable {
    /// The stamp that the copy had to be as new as.
    public let floor: Stamp
    /// The stamp of the copy that was found; `nil` when none was, or none with a stamp.
    public let found: Stamp?
  }

  private final class Storage: Sendable {
    let code: Code
    let message: String
    let path: [String]
    let underlying: (any Error)?
    let outcomes: [Outcome]
    let effect: Effect
    let isRetryable: Bool
    let isExhausted: Bool
    let retryAfter: Duration?
    let staleness: Staleness?

    init(
      _ code: Code, _ message: String, path: [String], underlying: (any Error)?, outcomes: [Outcome], effect: Effect,
      isRetryable: Bool, isExhausted: Bool, retryAfter: Duration?, staleness: Staleness?
    ) {
      self.code = code
      self.message = message
      self.path = path
      self.underlying = underlying
      self.outcomes = outcomes
      self.effect = effect
      self.isRetryable = isRetryable
      self.isExhausted = isExhausted
      self.retryAfter = retryAfter
      self.staleness = staleness
    }
  }

  private let storage: Storage

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - code: The kind of failure.
  ///   - message: What happened, in a sentence without a full stop, naming the values concerned and never a secret.
  ///   - underlying: The error of the store's own library, if there is one.
  ///   - outcomes: What became of each child, for a node that has several.
  ///   - effect: Whether a store may have changed; as ``Code/mayHaveEffect`` says when it is not given.
  ///   - isRetryable: Whether the same call may succeed later; as the code says when it is not given.
  ///   - isExhausted: Whether a retry has already given up on it.
  ///   - retryAfter: How long the store asked to be left alone.
  public init(
    _ code: Code, _ message: String, underlying: (any Error)? = nil, outcomes: [Outcome] = [], effect: Effect? = nil,
    isRetryable: Bool? = nil, isExhausted: Bool = false, retryAfter: Duration? = nil
  ) {
    storage = Storage(
      code, message, path: [], underlying: underlying, outcomes: outcomes,
      effect: effect ?? (code.mayHaveEffect ? .unknown : .unchanged), isRetryable: isRetryable ?? code.isRetryable,
      isExhausted: isExhausted, retryAfter: retryAfter, staleness: nil)
  }

  private init(_ storage: Storage) { self.storage = storage }

  /// The kind of failure.
  public var code: Code { storage.code }
  /// What happened, without the path.
  public var message: String { storage.message }
  /// The nodes from the root to the one that failed, by name, or by kind where there is no name.
  public var path: [String] { storage.path }
  /// The error of the store's own library, if there is one.
  public var underlying: (any Error)? { storage.underlying }
  /// What became of each child, for a node that has several.
  public var outcomes: [Outcome] { storage.outcomes }
  /// Whether a store may have been changed.
  public var effect: Effect { storage.effect }
  /// Whether the same call may succeed later without anybody changing anything.
  public var isRetryable: Bool { storage.isRetryable }
  /// Whether a retry has already given up on it: an outer retry lets it pass.
  public var isExhausted: Bool { storage.isExhausted }
  /// How long the store asked to be left alone; only with `throttled`.
  public var retryAfter: Duration? { storage.retryAfter }

  /// How old the copy found was, and how new it had to be; only with `stale`.
  public var staleness: Staleness? { storage.staleness }

  /// Describes a copy that is too old.
  ///
  /// - Parameters:
  ///   - floor: What the copy had to be as new as.
  ///   - found: The stamp of the copy that was found, if there was one with a stamp.
  ///   - message: What happened, naming both.
  init(staleBelow floor: Stamp, found: Stamp?, _ message: String) {
    storage = Storage(
      .stale, message, path: [], underlying: nil, outcomes: [], effect: .unchanged, isRetryable: true,
      isExhausted: false, retryAfter: nil, staleness: Staleness(floor: floor, found: found))
  }

  /// The same failure, seen from the node above: `component` is put in front of the path.
  public func inside(_ component: String) -> DriverError {
    DriverError(
      Storage(
        code, message, path: [component] + path, underlying: underlying, outcomes: outcomes, effect: effect,
        isRetryable: isRetryable, isExhausted: isExhausted, retryAfter: retryAfter, staleness: staleness))
  }

  /// The same failure with another statement of what it changed.
  package func with(effect: Effect) -> DriverError {
    DriverError(
      Storage(
        code, message, path: path, underlying: underlying, outcomes: outcomes, effect: effect,
        isRetryable: isRetryable, isExhausted: isExhausted, retryAfter: retryAfter, staleness: staleness))
  }
}

extension DriverError: CustomStringConvertible {
  /// One line: code, path, message, then each child with what became of it.
  public var description: String {
    let place = path.isEmpty ? "" : " at \(path.joined(separator: "/"))"
    return "\(code)\(place): \(summary)"
  }

  /// The description without code and path.
  var summary: String {
    let cause = underlying.map { " (\($0))" } ?? ""
    let children = outcomes.map(\.description).joined(separator: "; ")
    return message + cause + (children.isEmpty ? "" : " [\(children)]")
  }
}
