public import MetaDriver

extension History {
  /// One operation of one client: when it began and ended, and how.
  public struct Operation: Hashable, Sendable, Identifiable {
    /// What was done. Every put of a key in one history has a value of its own.
    public enum Kind: Hashable, Sendable {
      /// Wrote a value, which is not 0: in a ``HistoryFile``, 0 stands for nothing.
      case put(Int)
      /// Deleted.
      case delete
      /// Read: the value found; `nil` when nothing was stored, or it was deleted.
      case get(Int?)
    }

    /// How an operation ended.
    public enum Outcome: Hashable, Sendable {
      /// It succeeded, at this moment: of a write, what it wrote is stored. One that is queued, or met a newer copy and
      /// left it there, is ``unknown``.
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
    ///
    /// Stamps say in which order writes took effect that were under way at one time, and which delete a get that found
    /// nothing has seen. Of writes that were not, the time says it, whatever the clocks show that the stamps come from.
    ///
    /// One write may be stored under several stamps, one after the other, as when it met a newer copy and was sent again:
    /// for a write this is the last, which its receipt has; for a get that of the copy that it found. Leave it out for a
    /// write of which nobody knows how it ended, and for one that was told the stamp of another write.
    public var stamp: Stamp?
    /// For a get that was made after everything had come to rest, to see what is left: what was down meanwhile, in
    /// words, as in `"a and b are down"` or `"all are up"`. `nil` for every other operation.
    ///
    /// An audit is judged as any get is, and by ``Guarantee/durable`` besides.
    public var audit: String?

    /// Describes an operation.
    public init(
      id: Int, session: Int = 0, key: Key = "x", _ kind: Kind, invoked: Int, _ outcome: Outcome, stamp: Stamp? = nil,
      audit: String? = nil
    ) {
      self.id = id
      self.session = session
      self.key = key
      self.kind = kind
      self.invoked = invoked
      self.outcome = outcome
      self.stamp = stamp
      self.audit = audit
    }
  }
}

extension History.Operation: CustomStringConvertible {
  /// One line: `operation 4 (get by session 1, 5 to 6)`.
  public var description: String {
    let name =
      switch kind {
      case .put(let value): "put \(value)"
      case .delete: "delete"
      case .get: "get"
      }
    let end =
      switch outcome {
      case .ok(let end): "\(invoked) to \(end)"
      case .failed: "from \(invoked), failed"
      case .unknown: "from \(invoked), end unknown"
      }
    return "operation \(id) (\(name) by session \(session), \(end)\(audit.map { ", audit: \($0)" } ?? ""))"
  }
}
