/// A write queued for a child that did not take it: what an entry of a handoff journal says.
struct HandedOffWrite {
  /// Where the bytes of a queued write are.
  enum Content {
    /// In the entry.
    case copied(Record)
    /// In the stores that have acknowledged the write.
    case noted(HandoffQueue.Rank, byteCount: Int)
  }

  /// What the keys of all entries begin with.
  static let prefix = "metadriver/handoff/"
  private static let version: UInt8 = 2

  let slot: HandoffQueue.Slot
  let content: Content
  /// The stores of the child when the write was queued: they tell it when it has been renamed since.
  let stores: Set<String>
  /// When it was queued, since 1970.
  let since: Duration

  init(_ content: Content, for slot: HandoffQueue.Slot, of stores: Set<String> = [], since: Duration) {
    self.slot = slot
    self.content = content
    self.stores = stores
    self.since = since
  }

  /// The same write, for the same stores under another name.
  func renamed(_ child: String) -> HandedOffWrite {
    HandedOffWrite(content, for: HandoffQueue.Slot(child: child, key: slot.key), of: stores, since: since)
  }

  var rank: HandoffQueue.Rank {
    switch content {
    case .copied(let record): HandoffQueue.Rank(record)
    case .noted(let rank, _): rank
    }
  }

  /// Whether it ranks above a record, so that who has that needs this.
  func outranks(_ record: Record) -> Bool {
    switch content {
    case .copied(let mine): mine.ranksAbove(record)
    case .noted(let rank, _): rank.isAbove(HandoffQueue.Rank(noting: record))
    }
  }

  /// The size of the datum in bytes.
  var byteCount: Int {
    switch content {
    case .copied(let record): record.bytes.count
    case .noted(_, let byteCount): byteCount
    }
  }

  /// The key of the entry for a child and a key.
  static func key(of slot: HandoffQueue.Slot) -> Key { .document(prefix, about: slot.key, of: slot.child) }

  /// The entry as it is stored.
  var encoded: [UInt8] {
    var document = Document(.handoff, version: Self.version)
    document.append(slot.child)
    document.append(slot.key)
    document.append(UInt64(max(.zero, since) / .milliseconds(1)))
    document.append(UInt64(stores.count))
    for store in stores.sorted() { document.append(store) }
    switch content {
    case .copied(let record):
      document.append(0)
      document.append(record.encoded(for: slot.key))
    case .noted(let rank, let byteCount):
      document.append(rank.isTombstone ? 2 : 1)
      document.append(rank.stamp)
      document.append(UInt64(byteCount))
    }
    return document.finished()
  }

  /// Reads an entry.
  ///
  /// - Throws: `corrupt` when it is none, is damaged, or is another's.
  init(_ stored: Record, at key: Key) throws(DriverError) {
    var reader = try Document.Reader(stored.bytes, .handoff, version: Self.version)
    slot = HandoffQueue.Slot(child: try reader.text(), key: try reader.key())
    since = .milliseconds(Int64(clamping: try reader.number()))
    var stores: Set<String> = []
    // One that is not there ends the loop by an error.
    for _ in 0..<(try reader.number()) { stores.insert(try reader.text()) }
    self.stores = stores
    switch try reader.number() {
    case 0: content = .copied(try Record(decoding: try reader.field(), for: slot.key))
    case let number where number <= 2:
      let rank = HandoffQueue.Rank(stamp: try reader.stamp(), isTombstone: number == 2, digest: nil)
      content = .noted(rank, byteCount: Int(clamping: try reader.number()))
    case let number: throw DriverError(.corrupt, "the stored handed-off write is of an unknown kind, \(number)")
    }
    try reader.finish()
    guard Self.key(of: slot) == key else {
      throw DriverError(.corrupt, "the entry is that of \(slot.key) for \(slot.child): it was moved or copied")
    }
  }

  /// What the queue remembers of the entry.
  ///
  /// - Parameter seen: The time on the runtime's clock.
  func item(storedByteCount: Int, isDurable: Bool, seen: Duration) -> HandoffQueue.Item {
    HandoffQueue.Item(
      rank: rank, byteCount: byteCount, storedByteCount: storedByteCount, stores: stores, since: since, seen: seen,
      isDurable: isDurable)
  }
}
