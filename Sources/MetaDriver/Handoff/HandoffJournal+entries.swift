/// How entries get into the store, and out of it.
extension HandoffJournal {
  /// An entry, and the record in the store that says it.
  typealias Stored = (write: HandedOffWrite, record: Record)

  /// Learns what the store holds, once.
  func load(in context: Context) async throws(DriverError) {
    guard withState({ !$0.isLoaded }) else { return }
    let turn: Key = "handoff"
    try await turns.enter(turn)
    defer { turns.leave(turn) }
    guard withState({ !$0.isLoaded }) else { return }
    var request = ListRequest(prefix: HandedOffWrite.prefix)
    while true {
      let page = try await context.list(request, from: driver)
      guard page.isComplete else {
        throw DriverError(
          .unavailable,
          "the handoff journal cannot be read in full: \(page.unanswered.joined(separator: ", ")) did not answer",
          effect: .unchanged)
      }
      for entry in page.entries where !entry.stat.isTombstone {
        // One damaged entry must not keep the others from being sent.
        do throws(DriverError) { _ = try await look(at: entry.key, of: nil, in: context) } catch {
          guard error.code == .corrupt else { throw error }
        }
      }
      guard let next = page.next else { break }
      request = ListRequest(prefix: HandedOffWrite.prefix, after: next)
    }
    withState { $0.isLoaded = true }
  }

  /// Queues a write, durably.
  ///
  /// - Throws: `noSpace` when the journal is full; what its driver throws.
  func enqueue(_ record: Record, at key: Key, for child: String, in caller: Context) async throws(DriverError) {
    let context = caller.apart(traced: false)
    try await load(in: context)
    let slot = HandoffQueue.Slot(child: child, key: key)
    let entry = HandedOffWrite.key(of: slot)
    let write = HandedOffWrite(record, for: slot, since: context.runtime.wallTime)
    let encoded = write.encoded
    try await turns.enter(entry)
    defer { turns.leave(entry) }
    let offer = try withState { state throws(DriverError) in
      guard !state.isClosed else { throw DriverError(.closed, "the handoff journal was closed") }
      return state.queue.offer(
        write.item(storedByteCount: encoded.count, isDurable: false, seen: context.runtime.now), at: slot)
    }
    switch offer {
    case .held: return
    case .full(let why):
      throw DriverError(
        .noSpace, "the handoff journal on \(label) holds \(why). Drain it, or raise the limit", effect: .unchanged)
    case .store(let replaced):
      do throws(DriverError) {
        try await store(encoded, slot, entry, stamp: record.stamp, in: context)
      } catch {
        // Unless it is certain that nothing was written, the store is asked before anything is sent.
        if error.effect == .unchanged { withState { $0.queue[slot] = replaced } }
        startLoop(for: child)
        throw error
      }
    }
    withState { $0.target(of: child) }?.report(key, .acknowledged(Receipt(.queued)), since: context.runtime.now)
    startLoop(for: child)
  }

  /// Writes an entry. In turn.
  private func store(
    _ encoded: [UInt8], _ slot: HandoffQueue.Slot, _ entry: Key, stamp: Stamp?, in context: Context
  ) async throws(DriverError) {
    // A store that ranks keeps the newest by itself, even from a write that lands after its process has died. A tree
    // that stamps does so by its own stamps, because its deletes have some too.
    let isRanking = driver.leaf?.ordering == .newestWins
    let receipt = try await context.put(Record(encoded, stamp: isRanking ? stamp : nil), at: entry, to: driver)
    guard receipt.result.isUpToDate else {
      throw DriverError(.unavailable, "the handoff journal's own driver did not store the entry: \(receipt.result)")
    }
    if case .superseded = receipt.result, try await look(at: entry, of: slot, in: context) == nil {
      throw DriverError(.unavailable, "the handoff journal's own driver kept something newer, and does not find it")
    }
    withState { state in
      state.queue[slot]?.isDurable = true
      state.damaged[entry] = nil
    }
  }

  /// Reads an entry, if there is one, and brings what is remembered of it up to date. In turn, or while loading.
  ///
  /// - Throws: `corrupt`, naming the entry and what to do, when it is damaged.
  private func look(
    at entry: Key, of slot: HandoffQueue.Slot?, in context: Context
  ) async throws(DriverError) -> Stored? {
    let write: HandedOffWrite
    let record: Record
    do throws(DriverError) {
      guard let found = try await context.get(entry, from: driver), !found.isTombstone else {
        withState { $0.forget(entry, slot) }
        return nil
      }
      record = found
      write = try HandedOffWrite(found, at: entry)
    } catch {
      guard error.code == .corrupt || error.code == .invalidKey else { throw error }
      let damage = DriverError(
        .corrupt,
        "the entry \(entry) of the handoff journal on \(label) is damaged: \(error.message). Repair it there, or give "
          + "it up with discardDamaged()", underlying: error.underlying)
      withState { state in
        state.forget(entry, slot)
        state.damaged[entry] = damage
      }
      throw damage
    }
    let found = write.item(storedByteCount: record.bytes.count, isDurable: true, seen: context.runtime.now)
    withState { state in
      state.damaged[entry] = nil
      if state.queue[write.slot]?.rank == found.rank {
        state.queue[write.slot]?.isDurable = true
      } else {
        state.queue[write.slot] = found
      }
    }
    return (write, record)
  }

  /// The entry for a child and a key, as the store has it.
  func read(_ slot: HandoffQueue.Slot, in context: Context) async throws(DriverError) -> HandedOffWrite? {
    let entry = HandedOffWrite.key(of: slot)
    try await turns.enter(entry)
    defer { turns.leave(entry) }
    return try await look(at: entry, of: slot, in: context)?.write
  }

  /// Removes an entry, unless a newer one has been queued meanwhile.
  func remove(_ slot: HandoffQueue.Slot, upTo record: Record, in context: Context) async throws(DriverError) {
    let entry = HandedOffWrite.key(of: slot)
    try await turns.enter(entry)
    defer { turns.leave(entry) }
    while let (write, stored) = try await look(at: entry, of: slot, in: context), !write.record.ranksAbove(record) {
      if outline.capabilities.contains(.compareAndDelete) {
        do throws(DriverError) {
          _ = try await context.delete(entry, if: .unchanged(since: stored), from: driver)
        } catch {
          // Another journal on the same driver changed it: look again.
          guard error.code == .conflict else { throw error }
          continue
        }
      } else {
        _ = try await context.delete(entry, proof: nil, from: driver)
      }
      return withState { $0.forget(entry, slot) }
    }
  }

  /// The newest write that is queued for a child, whether or not it is still sent.
  ///
  /// - Throws: `corrupt` when the entry is damaged; what the driver throws.
  func queued(at key: Key, for child: String, in context: Context) async throws(DriverError) -> Record? {
    let inner = context.apart(traced: false)
    try await load(in: inner)
    let slot = HandoffQueue.Slot(child: child, key: key)
    let entry = HandedOffWrite.key(of: slot)
    let isQueued = try withState { state throws(DriverError) in
      if let damage = state.damaged[entry] { throw damage }
      return state.queue[slot] != nil
    }
    return isQueued ? try await read(slot, in: inner)?.record : nil
  }
}

extension HandoffJournal {
  /// What a listing of a child lacks as long as it is queued.
  ///
  /// - Throws: `corrupt` while entries are damaged, because nobody knows which keys they are of.
  func queued(
    for child: String, _ request: ListRequest, in context: Context
  ) async throws(DriverError) -> [Page.Entry] {
    try await load(in: context.apart(traced: false))
    return try withState { state throws(DriverError) in
      if let damage = state.damaged.min(by: { $0.key < $1.key })?.value { throw damage }
      return state.queue.slots(of: child).compactMap { slot in
        guard request.includes(slot.key), let item = state.queue[slot] else { return nil }
        let stat = Stat(byteCount: item.byteCount, stamp: item.rank.stamp, isTombstone: item.rank.isTombstone)
        return Page.Entry(slot.key, stat)
      }
    }
  }
}

extension HandoffJournal.State {
  /// Forgets what is remembered of an entry.
  fileprivate mutating func forget(_ entry: Key, _ slot: HandoffQueue.Slot?) {
    damaged[entry] = nil
    if let slot { queue[slot] = nil }
  }
}
