/// A write queued for a child that did not take it: what an entry of a handoff journal says.
struct HandedOffWrite {
  /// What the keys of all entries begin with.
  static let prefix = "metadriver/handoff/"
  private static let version: UInt8 = 1

  let slot: HandoffQueue.Slot
  let record: Record
  /// When it was queued, since 1970.
  let since: Duration

  init(_ record: Record, for slot: HandoffQueue.Slot, since: Duration) {
    self.slot = slot
    self.record = record
    self.since = since
  }

  /// The key of the entry for a child and a key.
  static func key(of slot: HandoffQueue.Slot) -> Key { .document(prefix, about: slot.key, of: slot.child) }

  /// The entry as it is stored.
  var encoded: [UInt8] {
    var document = Document(.handoff, version: Self.version)
    document.append(slot.child)
    document.append(slot.key)
    document.append(UInt64(max(.zero, since) / .milliseconds(1)))
    document.append(record.encoded(for: slot.key))
    return document.finished()
  }

  /// Reads an entry.
  ///
  /// - Throws: `corrupt` when it is none, is damaged, or is another's.
  init(_ stored: Record, at key: Key) throws(DriverError) {
    var reader = try Document.Reader(stored.bytes, .handoff, version: Self.version)
    slot = HandoffQueue.Slot(child: try reader.text(), key: try reader.key())
    since = .milliseconds(Int64(clamping: try reader.number()))
    record = try Record(decoding: try reader.field(), for: slot.key)
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
      rank: HandoffQueue.Rank(record), byteCount: record.bytes.count, storedByteCount: storedByteCount, since: since,
      seen: seen, isDurable: isDurable)
  }
}
