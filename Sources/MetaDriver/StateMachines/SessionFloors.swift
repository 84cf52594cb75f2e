/// What one session knows of the data that it has written and read, so that it never goes back. Pure.
///
/// A key has two floors: the newest stamp that the session has written, and the newest that it has written or seen. Of the
/// four guarantees of a session, read your writes holds a copy that was read against the first, monotonic reads against
/// the second; monotonic writes and writes follow reads hold a stamp to be written against the second, which is never
/// below the first.
///
/// Source: D. Terry et al., *Session Guarantees for Weakly Consistent Replicated Data*.
struct SessionFloors: Sendable {
  /// Which of the floors a read is held against.
  enum Guarantee {
    case readYourWrites, monotonicReads
  }

  /// The floors of one key.
  struct Entry: Equatable, Sendable {
    /// The newest of the session's own acknowledged writes.
    private(set) var own: Stat?
    /// The newest of what was written or seen: never below `own`.
    private(set) var seen: Stat?

    init(own: Stat? = nil, seen: Stat? = nil) {
      if let own { write(own) }
      if let seen { see(seen) }
    }

    func copy(_ guarantee: Guarantee) -> Stat? { guarantee == .readYourWrites ? own : seen }
    func floor(_ guarantee: Guarantee) -> Stamp? { copy(guarantee)?.stamp }

    /// Raises the floors by an acknowledged write. They are never lowered, not by a write acknowledged late either.
    mutating func write(_ stat: Stat) {
      if Self.isBelow(own, stat) { own = stat }
      see(stat)
    }

    /// Raises the floor of what was seen.
    mutating func see(_ stat: Stat) {
      if Self.isBelow(seen, stat) { seen = stat }
    }

    /// Raises the floors by what another source knows of the same session.
    mutating func merge(_ other: Entry) {
      if let own = other.own { write(own) }
      if let seen = other.seen { see(seen) }
    }

    private static func isBelow(_ floor: Stat?, _ stat: Stat) -> Bool {
      guard let stamp = stat.stamp else { return false }
      return (floor?.stamp).map { $0 < stamp } ?? true
    }
  }

  /// An entry, and how much of it is in the journal.
  private struct Slot {
    var entry = Entry()
    /// Whether what the journal holds of the key was taken in.
    var isLoaded: Bool
    /// How often the entry has changed, and up to which change the journal has it.
    var version = 0
    var journalled = 0
    /// The stamp of the journal's own record of the entry.
    var stored: Stamp?

    var isClean: Bool { isLoaded && version == journalled }

    mutating func change(_ change: (inout Entry) -> Void) {
      let before = entry
      change(&entry)
      if entry != before { version += 1 }
    }
  }

  /// How many keys are remembered: with a journal, at once; without, ever.
  let keyLimit: Int
  /// How many bytes of the session's own records are kept: with a journal, of one record; without, of all together.
  let byteLimit: Int
  /// Whether a journal holds what is let go of.
  let isDurable: Bool
  private var slots: [Key: Slot] = [:]
  /// The keys in the order in which they came, those that were looked at and kept at the end. Only with a journal.
  private var arrivals: [Key] = []
  private var firstArrival = 0
  private var records = OwnRecords()

  init(keyLimit: Int, byteLimit: Int, isDurable: Bool = false) {
    self.keyLimit = keyLimit
    self.byteLimit = byteLimit
    self.isDurable = isDurable
  }

  // MARK: What is known

  /// The floors of a key; `nil` when they are in the journal, if anywhere.
  func entry(of key: Key) -> Entry? {
    guard let slot = slots[key] else { return isDurable ? nil : Entry() }
    return slot.isLoaded ? slot.entry : nil
  }

  /// The floor of a key, as far as it is in memory.
  func floor(_ guarantee: Guarantee, of key: Key) -> Stamp? { slots[key]?.entry.floor(guarantee) }

  /// The session's own record, where it is in memory.
  func record(at key: Key) -> Record? { records[key] }

  /// What the floors are made of, for listings.
  func copies(_ guarantee: Guarantee) -> some Sequence<(key: Key, stat: Stat)> {
    slots.lazy.compactMap { key, slot in slot.entry.copy(guarantee).map { (key, $0) } }
  }

  /// Every key of which anything is known, in ascending order.
  var entries: [(key: Key, entry: Entry)] {
    slots.filter { $0.value.entry.seen != nil }.map { ($0.key, $0.value.entry) }.sorted { $0.key < $1.key }
  }

  /// Whether there is room for the key.
  mutating func hasRoom(for key: Key) -> Bool { slots[key] != nil || makeRoom() }

  // MARK: Floors

  /// Takes note of an acknowledged write.
  ///
  /// - Parameter keepsRecord: Whether the record may be wanted later.
  mutating func write(_ record: Record, at key: Key, keepsRecord: Bool) {
    change(key) { $0.write(Stat(of: record)) }
    guard !isDurable, floor(.readYourWrites, of: key) == record.stamp else { return }
    records.keep(keepsRecord ? record : nil, at: key, limit: byteLimit)
  }

  /// Takes note of a copy that a read has found.
  mutating func see(_ stat: Stat, at key: Key) { change(key) { $0.see(stat) } }

  /// Takes in what another process knew.
  mutating func merge(_ entry: Entry, at key: Key) { change(key) { $0.merge(entry) } }

  /// Forgets what is known of a key in memory.
  mutating func forget(_ key: Key) {
    records.keep(nil, at: key, limit: byteLimit)
    slots[key] = nil
    arrivals = arrivals[firstArrival...].filter { $0 != key }
    firstArrival = 0
  }

  private mutating func change(_ key: Key, _ change: (inout Entry) -> Void) {
    insert(key)
    slots[key]?.change(change)
  }

  private mutating func insert(_ key: Key) {
    guard slots[key] == nil else { return }
    slots[key] = Slot(isLoaded: !isDurable)
    if isDurable { arrivals.append(key) }
  }

  // MARK: The journal

  /// What the journal has yet to be told of a key, and the number of that change; `nil` when it has everything.
  func unjournalled(_ key: Key) -> (entry: Entry, version: Int)? {
    guard let slot = slots[key], !slot.isClean else { return nil }
    return (slot.entry, slot.version)
  }

  func isLoaded(_ key: Key) -> Bool { slots[key]?.isLoaded ?? false }

  /// The stamp of the journal's own record of a key's entry.
  func stored(_ key: Key) -> Stamp? { slots[key]?.stored }

  /// Takes in what the journal holds of a key, and under which stamp.
  mutating func load(_ entry: Entry, stored: Stamp?, at key: Key) {
    insert(key)
    guard var slot = slots[key], !slot.isLoaded else { return }
    let isUnchanged = slot.version == slot.journalled
    slot.change { $0.merge(entry) }
    if isUnchanged { slot.journalled = slot.version }
    slot.isLoaded = true
    slot.stored = stored
    slots[key] = slot
  }

  /// Takes note that the journal holds something newer than was taken in.
  mutating func unload(_ key: Key) { slots[key]?.isLoaded = false }

  /// Takes note that the journal has a key's entry as it was at a change.
  mutating func markJournalled(_ key: Key, version: Int, stored: Stamp) {
    guard let journalled = slots[key]?.journalled else { return }
    slots[key]?.journalled = max(journalled, version)
    slots[key]?.stored = stored
  }

  /// Makes room for one key more, and lets go of the one that came first of those that the journal has. False when there
  /// is none.
  private mutating func makeRoom() -> Bool {
    guard slots.count >= keyLimit else { return true }
    guard isDurable else { return false }
    for _ in firstArrival..<arrivals.count where slots.count >= keyLimit {
      let key = arrivals[firstArrival]
      firstArrival += 1
      if slots[key]?.isClean ?? true { slots[key] = nil } else { arrivals.append(key) }
    }
    // Half of it at most is of the past, so that a key costs a constant time on average.
    if firstArrival > arrivals.count / 2 {
      arrivals.removeFirst(firstArrival)
      firstArrival = 0
    }
    return slots.count < keyLimit
  }
}

/// The records that a session has written last, up to a number of bytes.
private struct OwnRecords {
  private var records: [Key: Record] = [:]
  /// The writes in their order, the latest last. One whose stamp is not that of the key's record any more was overwritten.
  private var order: [(key: Key, stamp: Stamp?)] = []
  private var first = 0
  private var byteCount = 0

  subscript(key: Key) -> Record? { records[key] }

  /// Keeps a record instead of the key's last one, and lets go of those that were written longest ago.
  mutating func keep(_ record: Record?, at key: Key, limit: Int) {
    byteCount -= records.removeValue(forKey: key)?.bytes.count ?? 0
    guard let record else { return }
    records[key] = record
    byteCount += record.bytes.count
    order.append((key, record.stamp))
    while byteCount > limit, first < order.count {
      let oldest = order[first]
      first += 1
      if records[oldest.key]?.stamp == oldest.stamp {
        byteCount -= records.removeValue(forKey: oldest.key)?.bytes.count ?? 0
      }
    }
    // Half of it at most is of the past, so that a write costs a constant time on average.
    if order.count > 2 * records.count + 64 {
      order = order[first...].filter { records[$0.key].map { [stamp = $0.stamp] in $0.stamp == stamp } ?? false }
      first = 0
    }
  }
}
