/// What became of an operation at one child of a node.
public struct Outcome: Sendable {
  /// What became of it. New cases may come with any release, so a `switch` needs a `default`.
  public enum Result: Sendable {
    /// The record is stored.
    case stored
    /// The child holds a record with this newer stamp, which stays: the write was not made, and is not acknowledged.
    case superseded(by: Stamp)
    /// The record, or the tombstone, is stored where a damaged copy was. What that said, and whether it was newer, nobody
    /// can tell: a node with several children does not take this child's word for it that nothing newer is there.
    case replacedDamaged
    /// The datum was there and is deleted.
    case deleted
    /// There was nothing to delete.
    case alreadyAbsent
    /// The write is in a durable queue, and will be sent.
    case queued
    /// The child has not answered yet; it goes on in the background.
    case pending
    /// The child was not asked, for this reason.
    case skipped(String)
    /// The child failed, and nothing was changed there.
    case failed(DriverError)
    /// The child failed, and may have made the change all the same.
    case unknown(DriverError)
    /// A read found a copy.
    case found
    /// A read was told that there is none.
    case absent
    /// The child is open.
    case opened

    /// Whether this is the acknowledgement of a write: a store holds it.
    public var isAcknowledged: Bool {
      switch self {
      case .stored, .replacedDamaged, .deleted, .alreadyAbsent: true
      default: false
      }
    }

    /// Whether the child holds the record now, or one that ranks above it: what a repair is for.
    public var isUpToDate: Bool { if case .superseded = self { true } else { isAcknowledged } }

    /// The error, where there is one.
    public var error: DriverError? {
      switch self {
      case .failed(let error), .unknown(let error): error
      default: nil
      }
    }

    /// `failed` or `unknown`, as the error says.
    init(_ error: DriverError) { self = error.effect == .unchanged ? .failed(error) : .unknown(error) }
  }

  /// The child: its name, or its kind where it has none.
  public var node: String
  /// What became of the operation there.
  public var result: Result
  /// What became of it at the child's own children.
  public var children: [Outcome]

  /// Makes an outcome.
  public init(_ node: String, _ result: Result, children: [Outcome] = []) {
    self.node = node
    self.result = result
    self.children = children
  }
}

extension Outcome: CustomStringConvertible {
  /// One line: the child, what became of it, why.
  public var description: String {
    "\(node): \(result)"
      + (children.isEmpty ? "" : " [\(children.map(\.description).joined(separator: "; "))]")
  }
}

extension Outcome.Result: CustomStringConvertible {
  /// A word or two, and the reason.
  public var description: String {
    switch self {
    case .stored: "stored"
    case .superseded(let stamp): "superseded by \(stamp)"
    case .replacedDamaged: "stored, over a damaged copy"
    case .deleted: "deleted"
    case .alreadyAbsent: "already absent"
    case .queued: "queued"
    case .pending: "pending"
    case .skipped(let reason): "skipped, \(reason)"
    case .failed(let error): "failed, \(error.code): \(error.summary)"
    case .unknown(let error): "unknown, \(error.code): \(error.summary)"
    case .found: "found"
    case .absent: "absent"
    case .opened: "opened"
    }
  }
}
