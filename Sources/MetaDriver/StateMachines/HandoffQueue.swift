/// What a handoff journal knows of its entries without reading them: for each child and key the newest write. Pure.
struct HandoffQueue {
  /// For whom a write is queued.
  struct Slot: Hashable, Comparable {
    let child: String
    let key: Key

    static func < (left: Slot, right: Slot) -> Bool { (left.child, left.key) < (right.child, right.key) }
  }

  /// Ranks a record as `Record.ranksAbove` does, without its bytes.
  struct Rank: Equatable {
    let stamp: Stamp?
    let isTombstone: Bool
    let digest: ContentHash

    init(_ record: Record) {
      stamp = record.stamp
      isTombstone = record.isTombstone
      digest = ContentHash(of: record.bytes)
    }

    func isAbove(_ other: Rank) -> Bool {
      Stamp.order(stamp, isTombstone, above: other.stamp, other.isTombstone) ?? (digest > other.digest)
    }
  }

  struct Item {
    let rank: Rank
    /// The size of the datum, and of what is stored of the entry.
    let byteCount, storedByteCount: Int
    /// When it was queued, by the wall clock of then: for people, and for the order in which entries are sent. Nothing
    /// is given up by it.
    let since: Duration
    /// When this process queued it, or first saw it, on the runtime's clock; or when it was last needed again.
    var seen: Duration
    /// Whether the store has acknowledged it. Otherwise nobody knows which entry it holds.
    var isDurable: Bool
    /// How many times it was sent in vain, and why the last time.
    var failures = 0
    var lastError: DriverError?
    /// Whether it waited for too long, and is not sent any more.
    var isExpired = false
    /// The newest that the child was found to have since something is queued for it.
    var atChild: Stamp?

    /// Whether the child was found to have something newer.
    var isOvertaken: Bool { atChild.map { newer in rank.stamp.map { $0 < newer } ?? true } ?? false }
  }

  enum Offer {
    /// It is to be written; what is known of the entry that it replaces.
    case store(replacing: Item?)
    /// What is queued ranks as high.
    case held
    /// The limit that it would exceed, in words.
    case full(String)
  }

  let entryLimit, byteLimit: Int
  /// How long an entry may wait, seen from one process; `nil` for as long as it takes.
  let window: Duration?
  private(set) var items: [Slot: Item] = [:]
  private(set) var byteCount = 0

  init(entryLimit: Int, byteLimit: Int, window: Duration?) {
    self.entryLimit = entryLimit
    self.byteLimit = byteLimit
    self.window = window
  }

  /// Makes room for a write, unless one that ranks as high is queued, or the queue is full.
  ///
  /// An older write never takes the place of a newer one. Whoever offers it is told that it is queued, so a newer one that
  /// had expired waits anew, and is sent.
  mutating func offer(_ item: Item, at slot: Slot) -> Offer {
    let known = items[slot]
    if let known, known.isDurable, !item.rank.isAbove(known.rank) {
      guard known.isExpired else { return .held }
      if known.rank.isAbove(item.rank) {
        items[slot]?.isExpired = false
        items[slot]?.seen = item.seen
        return .held
      }
    }
    guard known != nil || items.count < entryLimit else {
      return .full("\(items.count) entries, the limit is \(entryLimit)")
    }
    let total = byteCount - (known?.storedByteCount ?? 0) + item.storedByteCount
    guard total <= byteLimit else {
      return .full("\(byteCount) bytes, \(item.storedByteCount) more are needed, the limit is \(byteLimit)")
    }
    self[slot] = item
    return .store(replacing: known)
  }

  subscript(slot: Slot) -> Item? {
    get { items[slot] }
    set {
      let known = items[slot]
      byteCount += (newValue?.storedByteCount ?? 0) - (known?.storedByteCount ?? 0)
      items[slot] = newValue
      // Another entry for the same child changes nothing about what the child was found to have.
      if let stamp = known?.atChild { find(stamp, at: slot) }
    }
  }

  /// Takes note of what a child was found to have, if something is queued for it.
  mutating func find(_ stamp: Stamp, at slot: Slot) {
    let known = items[slot]?.atChild
    items[slot]?.atChild = max(known ?? stamp, stamp)
  }

  /// Takes note that sending failed.
  mutating func fail(_ slot: Slot, _ error: DriverError) {
    items[slot]?.failures += 1
    items[slot]?.lastError = error
  }

  /// Takes note that an entry is not sent any more, if it has waited for too long.
  ///
  /// - Parameter now: The time on the runtime's clock.
  /// - Returns: How long it has waited, when it has just expired.
  mutating func expire(_ slot: Slot, now: Duration) -> Duration? {
    guard let window, let item = items[slot], !item.isExpired, now - item.seen > window else { return nil }
    items[slot]?.isExpired = true
    return now - item.seen
  }

  /// Whether something is to be sent to a child.
  func hasItems(for child: String) -> Bool { items.contains { $0.key.child == child && !$0.value.isExpired } }

  /// The children that something is queued for, in order.
  var children: [String] { Set(items.keys.map(\.child)).sorted() }

  /// What is queued for a child, what is not sent any more included.
  func slots(of child: String) -> [Slot] { items.keys.filter { $0.child == child } }

  /// What is to be sent to a child, in the order in which it is sent: what failed least, then what waits longest.
  func turn(of child: String) -> [Slot] {
    items.filter { $0.key.child == child && !$0.value.isExpired }
      .sorted { ($0.value.failures, $0.value.since, $0.key) < ($1.value.failures, $1.value.since, $1.key) }
      .map(\.key)
  }
}
