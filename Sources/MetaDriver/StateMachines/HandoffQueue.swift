/// What a handoff journal knows of its entries without reading them: for each child and key the newest write. Pure.
struct HandoffQueue {
  /// For whom a write is queued.
  struct Slot: Hashable, Comparable {
    let child: String
    let key: Key

    static func < (left: Slot, right: Slot) -> Bool { (left.child, left.key) < (right.child, right.key) }
  }

  struct Item {
    let rank: Rank
    /// The size of the datum, and of what is stored of the entry.
    let byteCount, storedByteCount: Int
    /// The stores of the child when it was queued.
    var stores: Set<String> = []
    /// When it was queued, by the wall clock of then: for people, and for the order in which entries are sent. Nothing
    /// is given up by it.
    let since: Duration
    /// When this process queued it, or first saw it, on the runtime's clock; or when it was last needed again.
    var seen: Duration
    /// Whether the store has acknowledged it. Otherwise nobody knows which entry it holds.
    var isDurable: Bool
    /// How many times it was sent in vain, how many of them the time ran out, and why the last one failed.
    var failures = 0
    var timeouts = 0
    var lastError: DriverError?
    /// Until when it is left to the write that goes on, on the runtime's clock.
    var runsUntil: Duration?
    /// Whether the child has refused it for good: it is not sent any more by this process, unless it is asked to drain.
    var isRefused = false
    /// Whether it waited for too long, and is not sent any more.
    var isExpired = false
    /// The newest that the child was found to have since something is queued for it.
    var atChild: Stamp?

    /// Whether its bytes are in the stores that took the write.
    var isNote: Bool { rank.digest == nil }

    /// Whether it is sent at all.
    var isToBeSent: Bool { !isExpired && !isRefused }

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

  /// How long a child has for one attempt: longer for more bytes, and twice as long after each attempt that it did not end in
  /// time, so that what takes long arrives in the end.
  static func attemptLimit(byteCount: Int, timeouts: Int) -> Duration {
    let usual: Duration = .seconds(30) + .seconds(byteCount / slowestBytesPerSecond)
    return min(usual * (1 << min(timeouts, 16)), max(usual, .seconds(86_400)))
  }

  private static let slowestBytesPerSecond = 64 << 10

  let entryLimit, byteLimit: Int
  /// How long an entry may wait, seen from one process; `nil` for as long as it takes.
  let window: Duration?
  private(set) var items: [Slot: Item] = [:]
  private(set) var byteCount = 0
  /// The children that have denied something that is still queued.
  private var denying: Set<String> = []

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
  ///
  /// - Parameter isFinal: Whether trying again cannot help.
  mutating func fail(_ slot: Slot, _ error: DriverError, isFinal: Bool = false) {
    items[slot]?.failures += 1
    items[slot]?.lastError = error
    items[slot]?.isRefused = isFinal
    if error.code == .timedOut { items[slot]?.timeouts += 1 }
    if isFinal, error.code == .denied { denying.insert(slot.child) }
  }

  /// Takes note that a child takes writes: what it has denied is tried once more.
  ///
  /// - Returns: Whether there is any such.
  mutating func admit(_ child: String) -> Bool {
    guard denying.remove(child) != nil else { return false }
    for (slot, item) in items where slot.child == child && item.lastError?.code == .denied {
      items[slot]?.isRefused = false
    }
    return hasItems(for: child)
  }

  /// Takes note that the write that was under way when this was queued has ended, in vain.
  mutating func end(_ slot: Slot, _ stamp: Stamp?, _ error: DriverError) {
    guard items[slot]?.rank.stamp == stamp, items[slot]?.runsUntil != nil else { return }
    items[slot]?.runsUntil = nil
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

  /// Whether something is to be sent to a child, now or when what is under way has ended.
  func hasItems(for child: String) -> Bool { items.contains { $0.key.child == child && $0.value.isToBeSent } }

  /// For each child: how many entries wait, and since when, by the wall clock of then.
  var waiting: [(child: String, count: Int, since: Duration)] {
    Dictionary(grouping: items, by: \.key.child).map { child, items in
      (child, items.count, items.map(\.value.since).min() ?? .zero)
    }
    .sorted { $0.child < $1.child }
  }

  /// The children that something is queued for, in order.
  var children: [String] { Set(items.keys.map(\.child)).sorted() }

  /// What is queued for a child, what is not sent any more included.
  func slots(of child: String) -> [Slot] { items.keys.filter { $0.child == child } }

  /// What is to be sent to a child now, in the order in which it is sent: what failed least, then what waits longest.
  ///
  /// - Parameters:
  ///   - now: The time on the runtime's clock.
  ///   - isThorough: Whether what the child has refused is tried once more.
  func turn(of child: String, now: Duration, isThorough: Bool = false) -> [Slot] {
    items.filter { slot, item in
      slot.child == child && !item.isExpired && (isThorough || !item.isRefused)
        && item.runsUntil.map { $0 <= now } ?? true
    }
    .sorted { ($0.value.failures, $0.value.since, $0.key) < ($1.value.failures, $1.value.since, $1.key) }
    .map(\.key)
  }
}
