extension HandoffJournal {
  /// A write that is queued for one child.
  public struct Entry: Sendable, CustomStringConvertible {
    /// The child, by its name in the node that queued the write.
    public let child: String
    /// The datum.
    public let key: Key
    /// When the record was written, and by whom.
    public let stamp: Stamp?
    /// The size of the datum in bytes.
    public let byteCount: Int
    /// Whether it is a delete.
    public let isTombstone: Bool
    /// When the write was queued, by the wall clock of then: the time since 1970. It is as right as that clock was.
    public let since: Duration
    /// Whether it waited for longer than the journal's window, and is not sent any more.
    public let isExpired: Bool
    /// Whether the child has refused it for good, or no store has its bytes any more: it is not sent again by this process,
    /// unless ``HandoffJournal/drain(deadline:in:)`` is asked to.
    public let isRefused: Bool
    /// Why it is still queued: why the last attempt failed, or the write that it was queued for; `nil` when none has yet.
    public let reason: DriverError?

    init(_ slot: HandoffQueue.Slot, _ item: HandoffQueue.Item) {
      child = slot.child
      key = slot.key
      stamp = item.rank.stamp
      byteCount = item.byteCount
      isTombstone = item.rank.isTombstone
      since = item.since
      isExpired = item.isExpired
      isRefused = item.isRefused
      reason = item.lastError
    }

    /// Whether it is of the same write, whatever has become of it since.
    func isSameWrite(as other: Entry) -> Bool {
      (child, key, stamp, isTombstone, byteCount)
        == (other.child, other.key, other.stamp, other.isTombstone, other.byteCount)
    }

    /// One line: what, for whom.
    public var description: String {
      "\(isTombstone ? "delete" : "put") of \(key), \(byteCount) bytes, for \(child)"
    }
  }

  /// What became of the entries of a journal when it was drained.
  public struct Report: Sendable, CustomStringConvertible {
    /// An entry that is still queued.
    public struct Left: Sendable {
      /// The entry.
      public let entry: Entry
      /// Why it could not be sent; `nil` when it was not tried.
      public let reason: DriverError?
    }

    /// The child has the record now.
    public internal(set) var sent: [Entry] = []
    /// The child held something newer already.
    public internal(set) var superseded: [Entry] = []
    /// Queued for longer than the journal's window, and not sent any more. ``HandoffJournal/discard(_:in:)`` gives them up.
    public internal(set) var expired: [Entry] = []
    /// Still queued, and why.
    public internal(set) var left: [Left] = []
    /// Entries that cannot be read. ``HandoffJournal/discardDamaged(in:)`` gives them up.
    public internal(set) var damaged: [DriverError] = []

    /// Whether nothing was sent, and nothing was found to be there.
    var isIdle: Bool { sent.isEmpty && superseded.isEmpty }

    /// Whether nothing is queued any more.
    public var isEmpty: Bool { left.isEmpty && expired.isEmpty && damaged.isEmpty }

    /// The numbers, then a line for each entry that needs somebody's attention.
    public var description: String {
      let lines =
        expired.map { "expired: \($0)" } + left.map { "left: \($0.entry)" + ($0.reason.map { ": \($0)" } ?? "") }
        + damaged.map { "damaged: \($0)" }
      let numbers = [
        ("sent", sent.count), ("superseded", superseded.count), ("expired", expired.count), ("left", left.count),
        ("damaged", damaged.count),
      ]
      return ([numbers.map { "\($0.0) \($0.1)" }.joined(separator: ", ")] + lines).joined(separator: "\n")
    }
  }
}
