extension HandoffJournal {
  /// A write that is queued for one child.
  public struct Entry: Hashable, Sendable, CustomStringConvertible {
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

    init(_ slot: HandoffQueue.Slot, _ item: HandoffQueue.Item) {
      child = slot.child
      key = slot.key
      stamp = item.rank.stamp
      byteCount = item.byteCount
      isTombstone = item.rank.isTombstone
      since = item.since
      isExpired = item.isExpired
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
    /// Queued for longer than the journal's window, and not sent any more. ``HandoffJournal/discardExpired(in:)`` gives them up.
    public internal(set) var expired: [Entry] = []
    /// Still queued, and why.
    public internal(set) var left: [Left] = []
    /// Entries that cannot be read. ``HandoffJournal/discardDamaged(in:)`` gives them up.
    public internal(set) var damaged: [DriverError] = []

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
