/// What is queued for children that have another name now, or are gone.
extension HandoffJournal {
  /// Gives what is queued under the former name of a child to the child: the one with the same stores.
  ///
  /// - Throws: What the journal's driver throws; it is then done with the next call.
  func adopt(in context: Context) async throws(DriverError) {
    let renamed = withState { state in
      state.hasNewTargets = false
      return state.renamed
    }
    for (slot, child) in renamed {
      do throws(DriverError) { try await rename(slot, to: child, in: context) } catch {
        guard error.code == .corrupt else {
          withState { $0.hasNewTargets = true }
          throw error
        }
      }
    }
    for child in Set(renamed.map(\.child)) { startLoop(for: child) }
    for (child, count) in withState(\.stranded) {
      guard let target = withState({ $0.targets.min { $0.key < $1.key }?.value.last }) else { continue }
      target.report(nil, .failed(Self.stranding(child, count, at: label)), since: context.runtime.now)
    }
  }

  private func rename(_ slot: HandoffQueue.Slot, to child: String, in context: Context) async throws(DriverError) {
    let moved = HandoffQueue.Slot(child: child, key: slot.key)
    guard let write = try await read(slot, in: context) else { return }
    // The newest under either name stays.
    let entry = HandedOffWrite.key(of: moved)
    try await turns.enter(entry)
    do throws(DriverError) {
      let held = try await look(at: entry, of: moved, in: context)
      if held.map({ write.rank.isAbove($0.write.rank) }) ?? true {
        let encoded = write.renamed(child).encoded
        let item = write.item(storedByteCount: encoded.count, isDurable: false, seen: context.runtime.now)
        withState { $0.queue[moved] = item }
        try await store(encoded, moved, entry, stamp: write.rank.stamp, in: context)
      }
    } catch {
      turns.leave(entry)
      throw error
    }
    turns.leave(entry)
    try await discard(slot, write.rank, in: context)
  }

  /// Lets go of what is queued for children that are gone, where every child of a node has it, or what is newer: nobody
  /// else is left to need it.
  func settleStranded(in context: Context, into report: inout Report) async throws(DriverError) {
    let slots = withState { state in
      state.stranded.flatMap { state.queue.slots(of: $0.child) }.sorted()
    }
    for slot in slots {
      guard let item = withState({ $0.queue[slot] }), await isHeldByAll(item.rank, slot.key) else { continue }
      if try await discard(slot, item.rank, in: context) { report.superseded.append(Entry(slot, item)) }
    }
  }

  private func isHeldByAll(_ rank: HandoffQueue.Rank, _ key: Key) async -> Bool {
    let targets = withState { $0.targets.values.flatMap(\.self) }
    for (_, children) in Dictionary(grouping: targets, by: \.owner) {
      var isHeld = true
      for child in children where isHeld {
        let limit = HandoffQueue.attemptLimit(byteCount: 0, timeouts: 0)
        let inner = child.context.within(child.context.runtime.now + limit)
        do throws(DriverError) {
          isHeld = try await inner.limited("stat of \(key)", limit: limit, isWrite: false, stragglers: child.stragglers)
          {
            context throws(DriverError) in
            guard let stat = try await child.describe?(key, context) else { return false }
            return rank.isMet(by: stat.stamp, isTombstone: stat.isTombstone)
          }
        } catch { isHeld = false }
      }
      if isHeld { return true }
    }
    return false
  }

  /// What the receipt of `open` says of the children that something is queued for, and that no node has.
  func strandedOutcomes(in context: Context) async -> [Outcome] {
    do throws(DriverError) { try await load(in: context.apart(traced: false)) } catch { return [] }
    return withState(\.stranded).map { child, count in
      Outcome(child, .failed(Self.stranding(child, count, at: label)))
    }
  }

  static func stranding(_ child: String, _ count: Int, at label: String) -> DriverError {
    DriverError(
      .unroutable,
      "\(count == 1 ? "1 write is" : "\(count) writes are") queued in the handoff journal on \(label) for \(child), and no "
        + "node that was opened has a child of this name, or with its stores: bring it back, or give them up with "
        + "discard(_:)", effect: .unchanged)
  }
}

extension HandoffJournal.State {
  /// The entries of children that are known under other names now.
  fileprivate var renamed: [(slot: HandoffQueue.Slot, child: String)] {
    queue.items.compactMap { slot, item in
      guard targets[slot.child] == nil, !item.stores.isEmpty else { return nil }
      let children = targets.filter { $0.value.contains { $0.lastingStores == item.stores } }.keys
      return children.count == 1 ? children.first.map { (slot, $0) } : nil
    }
    .sorted { $0.slot < $1.slot }
  }

  /// The children that something is queued for, and that no node has, with how many entries.
  var stranded: [(child: String, count: Int)] {
    queue.waiting.filter { targets[$0.child] == nil }.map { ($0.child, $0.count) }
  }
}
