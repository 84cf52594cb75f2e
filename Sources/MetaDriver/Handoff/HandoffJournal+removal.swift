/// How entries leave the store.
extension HandoffJournal {
  /// Removes an entry, unless a newer one has been queued meanwhile.
  func remove(_ slot: HandoffQueue.Slot, upTo record: Record, in context: Context) async throws(DriverError) {
    let entry = HandedOffWrite.key(of: slot)
    try await turns.enter(entry)
    defer { turns.leave(entry) }
    while let (write, stored) = try await look(at: entry, of: slot, in: context), !write.outranks(record) {
      if try await erase(entry, slot, stored, in: context) { return }
    }
  }

  /// Removes an entry, unless another one has its place.
  ///
  /// - Returns: Whether it was there.
  @discardableResult
  func discard(
    _ slot: HandoffQueue.Slot, _ rank: HandoffQueue.Rank, in context: Context
  ) async throws(DriverError) -> Bool {
    let entry = HandedOffWrite.key(of: slot)
    try await turns.enter(entry)
    defer { turns.leave(entry) }
    guard let (write, stored) = try await look(at: entry, of: slot, in: context), write.rank == rank else {
      return false
    }
    return try await erase(entry, slot, stored, in: context)
  }

  /// Removes an entry as it was read. In turn.
  ///
  /// - Returns: Whether it was still the same.
  private func erase(
    _ entry: Key, _ slot: HandoffQueue.Slot, _ stored: Record, in context: Context
  ) async throws(DriverError) -> Bool {
    if outline.capabilities.contains(.compareAndDelete) {
      do throws(DriverError) {
        _ = try await context.delete(entry, if: .unchanged(since: stored), from: driver)
      } catch {
        // Another journal on the same driver changed it.
        guard error.code == .conflict else { throw error }
        return false
      }
    } else {
      _ = try await context.delete(entry, proof: nil, from: driver)
    }
    withState { $0.forget(entry, slot) }
    return true
  }
}
