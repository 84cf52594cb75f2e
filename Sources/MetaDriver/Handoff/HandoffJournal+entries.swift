/// How entries get into the store, and out of it.
extension HandoffJournal {
  /// An entry, and the record in the store that says it.
  typealias Stored = (write: HandedOffWrite, record: Record)

  /// Learns what the store holds, once.
  func load(in context: Context) async throws(DriverError) {
    guard withState({ !$0.isLoaded || $0.hasNewTargets }) else { return }
    let turn: Key = "handoff"
    try await turns.enter(turn)
    defer { turns.leave(turn) }
    if withState({ !$0.isLoaded }) { try await readAll(in: context) }
    if withState({ $0.hasNewTargets }) { try await adopt(in: context) }
  }

  private func readAll(in context: Context) async throws(DriverError) {
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

  /// Queues a write with its bytes, durably.
  ///
  /// - Throws: `noSpace` when the journal is full; what its driver throws.
  func enqueue(_ record: Record, at key: Key, for child: String, in caller: Context) async throws(DriverError) {
    try await enqueue(.copied(record), at: key, for: child, in: caller)
  }

  /// Queues a write, durably.
  ///
  /// - Parameter writing: The write to the child that is under way: as long as that may still arrive, nothing is sent.
  /// - Throws: `noSpace` when the journal is full; what its driver throws.
  func enqueue(
    _ content: HandedOffWrite.Content, at key: Key, for child: String, while writing: ChildWrites.Write? = nil,
    in caller: Context
  ) async throws(DriverError) {
    let context = caller.apart(traced: false)
    try await load(in: context)
    let slot = HandoffQueue.Slot(child: child, key: key)
    let entry = HandedOffWrite.key(of: slot)
    let stores = withState { $0.target(of: child)?.lastingStores ?? [] }
    let write = HandedOffWrite(content, for: slot, of: stores, since: context.runtime.wallTime)
    let encoded = write.encoded
    try await turns.enter(entry)
    defer { turns.leave(entry) }
    // It may have arrived while the journal was busy.
    if let writing, writing.hasArrived { return }
    var item = write.item(storedByteCount: encoded.count, isDurable: false, seen: context.runtime.now)
    if writing != nil {
      item.runsUntil = context.runtime.now + HandoffQueue.attemptLimit(byteCount: item.byteCount, timeouts: 0)
    }
    let offer = try withState { state throws(DriverError) in
      guard !state.isClosed else { throw DriverError(.closed, "the handoff journal was closed") }
      return state.queue.offer(item, at: slot)
    }
    switch offer {
    case .held: return
    case .full(let why): throw full(why, on: context.runtime)
    case .store(let replaced):
      do throws(DriverError) {
        try await store(encoded, slot, entry, stamp: item.rank.stamp, in: context)
      } catch {
        // Unless it is certain that nothing was written, the store is asked before anything is sent.
        if error.effect == .unchanged { withState { $0.queue[slot] = replaced } }
        startLoop(for: child)
        throw error
      }
    }
    if writing == nil {
      withState { $0.target(of: child) }?.report(key, .acknowledged(Receipt(.queued)), since: context.runtime.now)
    }
    startLoop(for: child)
  }

  /// What a write meets for which there is no room: who is away, since when, and what to do.
  private func full(_ why: String, on runtime: Runtime) -> DriverError {
    let waiting = withState { $0.queue.waiting }.map { child, count, since in
      let age = max(.zero, runtime.wallTime - since)
      return "\(count) for \(child), the oldest for \(Duration.seconds(age.components.seconds).text)"
    }
    return DriverError(
      .noSpace,
      "the handoff journal on \(label) holds \(why). Waiting: \(waiting.joined(separator: "; ")). Bring the child back and "
        + "drain the journal, discard what is not needed, or raise the limit", effect: .unchanged)
  }

  /// Writes an entry. In turn.
  func store(
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
  func look(
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
    guard isQueued, let write = try await read(slot, in: inner) else { return nil }
    return try await record(of: write, for: withState { $0.target(of: child) }, in: inner)
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
  mutating func forget(_ entry: Key, _ slot: HandoffQueue.Slot?) {
    damaged[entry] = nil
    if let slot { queue[slot] = nil }
  }
}
