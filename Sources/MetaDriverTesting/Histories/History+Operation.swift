public import MetaDriver

extension History {
  /// One operation of one client: when it began and ended, and how.
  public struct Operation: Hashable, Sendable, Identifiable {
    /// What was done. Every put of a key in one history has a value of its own.
    public enum Kind: Hashable, Sendable {
      /// Wrote a value.
      case put(Int)
      /// Deleted.
      case delete
      /// Read: the value found; `nil` when nothing was stored, or it was deleted.
      case get(Int?)
    }

    /// How an operation ended.
    public enum Outcome: Hashable, Sendable {
      /// It succeeded, at this moment.
      case ok(at: Int)
      /// It certainly had no effect.
      case failed
      /// It may have taken effect, at any time since it was invoked, and may yet.
      case unknown
    }

    /// Names the operation in verdicts.
    public var id: Int
    /// Who did it. The guarantees of a session hold for operations with one number.
    public var session: Int
    /// Of which datum.
    public var key: Key
    /// What was done.
    public var kind: Kind
    /// When it was invoked, on a clock that all operations share; any unit, only the order matters.
    public var invoked: Int
    /// How it ended.
    public var outcome: Outcome
    /// The stamp of what was written, or found, where the store has stamps.
    public var stamp: Stamp?

    /// Describes an operation.
    public init(
      id: Int, session: Int = 0, key: Key = "x", _ kind: Kind, invoked: Int, _ outcome: Outcome, stamp: Stamp? = nil
    ) {
      self.id = id
      self.session = session
      self.key = key
      self.kind = kind
      self.invoked = invoked
      self.outcome = outcome
      self.stamp = stamp
    }
  }
}
