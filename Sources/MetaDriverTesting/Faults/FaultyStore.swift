import MetaDriver

/// What a misbehaving store holds: the copies, those before them, and what a crash brings back.
///
/// Pure: it has no clock, and says itself what is to happen later (``takeLater()``).
struct FaultyStore: Sendable {
  /// What is stored of one datum.
  enum Copy: Hashable, Sendable {
    case absent
    case sound(Record)
    /// Bytes that are not what was written. Reading them decides what they are.
    case damaged([UInt8])
  }

  /// What goes wrong with one call, and the random numbers that say where.
  struct Mishap: Sendable {
    let fault: Fault?
    var random: SeededGenerator
    /// No mishap.
    static var none: Mishap { Mishap(fault: nil, random: SeededGenerator(seed: 0)) }
  }

  /// Something that happens later, by itself.
  private enum Work {
    /// A change that was hidden is shown.
    case appear(Key)
    /// A put takes effect. It outlives a crash if it does not belong to what the device does not have yet.
    case land(Key, Record, isSynced: Bool)
    /// The device gets everything.
    case sync
  }

  private struct Slot {
    var copy = Copy.absent
    var before = Copy.absent
    /// What readers see in place of the copy, and the work that ends it.
    var shown: (copy: Copy, until: Int)?
    var visible: Copy { shown?.copy ?? copy }
  }

  let ordering: PutOrdering
  /// What a crash loses of what is written from now on.
  var durability = FaultProfile.Durability.synced
  private var slots: [Key: Slot] = [:]
  /// What the device has, of those data of which it is not what is stored.
  private var unsynced: [Key: Slot] = [:]
  private var agenda: [Int: Work] = [:]
  private var lastWork = 0
  private var later: [(id: Int, delay: Duration)] = []
  private var isSyncPlanned = false

  init(_ ordering: PutOrdering) { self.ordering = ordering }

  // MARK: Reads

  func get(_ key: Key, _ mishap: inout Mishap) throws(DriverError) -> Record? {
    let slot = slots[key] ?? Slot()
    switch mishap.fault {
    case .staleRead: return try decode(slot.before, of: key)
    case .bitFlipOnRead: return try decode(slot.visible.flipped(of: key, &mishap.random), of: key)
    case .truncatedRead: return try decode(slot.visible.halved(of: key), of: key)
    default: return try decode(slot.visible, of: key)
    }
  }

  /// A damaged copy is listed too, with the bytes it takes, as every store's listing does: there is something.
  func list(_ request: ListRequest, _ mishap: Mishap) -> Page {
    let entries = slots.lazy.compactMap { key, slot -> Page.Entry? in
      switch mishap.fault == .staleRead ? slot.before : slot.visible {
      case .absent: nil
      case .sound(let record): Page.Entry(key, Stat(of: record))
      case .damaged(let bytes):
        Page.Entry(
          key,
          (try? Record.stat(decoding: bytes, storedByteCount: bytes.count, for: key)) ?? Stat(byteCount: bytes.count))
      }
    }
    return Page(of: entries, for: request)
  }

  /// What is stored, hidden changes included; damaged copies that cannot be read are left out.
  var contents: [Key: Record] {
    slots.reduce(into: [:]) { contents, slot in contents[slot.key] = try? decode(slot.value.copy, of: slot.key) }
  }

  private func decode(_ copy: Copy, of key: Key) throws(DriverError) -> Record? {
    switch copy {
    case .absent: nil
    case .sound(let record): record
    case .damaged(let bytes): try Record(decoding: bytes, for: key)
    }
  }

  // MARK: Writes

  mutating func put(
    _ record: Record, at key: Key, if condition: Precondition? = nil, _ mishap: inout Mishap
  ) throws(DriverError) -> Receipt {
    let slot = slots[key] ?? Slot()
    // A damaged copy beats nothing, so that it can be overwritten; a condition on it cannot be judged, and throws.
    let stored = condition == nil ? try? decode(slot.copy, of: key) : try decode(slot.copy, of: key)
    let isDamaged = stored == nil && slot.copy != .absent
    if case .reordered(let delay) = mishap.fault {
      plan(.land(key, record, isSynced: durability == .synced), after: delay)
      return Receipt(storing: record, over: stored, isDamaged: isDamaged)
    }
    if let condition { try condition.check(stored, at: key, writing: record) }
    if ordering == .newestWins || condition != nil, let kept = try Receipt.keeping(stored, over: record, if: condition)
    {
      return kept
    }
    let new = Copy.sound(record)
    switch mishap.fault {
    case .tornWrite:
      write(new.torn(over: slot.copy, of: key, &mishap.random), at: key)
      throw DriverError(.unavailable, "injected: the write of \(key) was torn")
    case .bitFlipAtRest: write(new.flipped(of: key, &mishap.random), at: key)
    case .delayedVisibility(let delay):
      write(new, at: key)
      let appearance = plan(.appear(key), after: delay)
      slots[key]?.shown = (slot.visible, appearance)
    case .duplicated(let delay):
      write(new, at: key)
      plan(.land(key, record, isSynced: durability == .synced), after: delay)
    default: write(new, at: key)
    }
    return Receipt(storing: record, over: stored, isDamaged: isDamaged)
  }

  mutating func delete(_ key: Key, if condition: Precondition? = nil) throws(DriverError) -> Receipt {
    let copy = slots[key]?.copy ?? .absent
    if let condition { try condition.check(try decode(copy, of: key), at: key) }
    guard copy != .absent else { return Receipt(.alreadyAbsent) }
    write(.absent, at: key)
    if case .sound(let record) = copy, record.isTombstone { return Receipt(.alreadyAbsent) }
    return Receipt(.deleted)
  }

  private mutating func write(_ copy: Copy, at key: Key) {
    let old = slots[key] ?? Slot()
    switch durability {
    case .synced: unsynced[key] = nil
    case .lazy(let interval):
      if unsynced[key] == nil { unsynced[key] = old }
      if !isSyncPlanned {
        isSyncPlanned = true
        plan(.sync, after: interval)
      }
    }
    slots[key] = Slot(copy: copy, before: old.copy)
  }

  // MARK: Later, and disasters

  @discardableResult
  private mutating func plan(_ work: Work, after delay: Duration) -> Int {
    lastWork += 1
    agenda[lastWork] = work
    later.append((lastWork, delay))
    return lastWork
  }

  /// What was planned since this was last asked: each is to be carried out after its delay.
  mutating func takeLater() -> [(id: Int, delay: Duration)] {
    defer { later = [] }
    return later
  }

  /// Does what was planned, unless a disaster prevented it.
  ///
  /// - Returns: What happened, for the trace; `nil` when nothing did.
  mutating func carryOut(_ id: Int) -> String? {
    switch agenda.removeValue(forKey: id) {
    case .appear(let key):
      // The device may have the change too, under another that a crash takes away.
      if unsynced[key]?.shown?.until == id { unsynced[key]?.shown = nil }
      guard slots[key]?.shown?.until == id else { return nil }
      slots[key]?.shown = nil
      return "the change of \(key) appears"
    case .land(let key, let record, _):
      var mishap = Mishap.none
      do throws(DriverError) {
        return "the put of \(key) lands late: \(try put(record, at: key, &mishap).result)"
      } catch { return "the put of \(key) lands late: \(error)" }
    case .sync:
      isSyncPlanned = false
      unsynced = [:]
      for case (let id, .land(let key, let record, false)) in agenda {
        agenda[id] = .land(key, record, isSynced: true)
      }
      return "synced"
    case nil: return nil
    }
  }

  /// Loses what the device does not have.
  mutating func crash() {
    for (key, slot) in unsynced { slots[key] = slot }
    unsynced = [:]
    isSyncPlanned = false
    agenda = agenda.filter { _, work in
      switch work {
      case .appear, .land(_, _, isSynced: true): true
      case .land, .sync: false
      }
    }
  }

  /// Loses everything.
  mutating func wipe() {
    slots = [:]
    unsynced = [:]
    isSyncPlanned = false
    agenda = [:]
  }
}
