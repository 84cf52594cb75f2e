/// Writes that several composites share.
extension Children {
  /// Writes to several children at once, and answers by the tally's rule.
  func write(
    _ tally: WriteTally, to order: [Int], remainder: Remainder, _ operation: String, _ key: Key, in context: Context,
    _ write: @escaping @Sendable (Int) async throws(DriverError) -> Receipt
  ) async throws(DriverError) -> WriteTally {
    try Self.checkCancellation(operation, key)
    let begun = omit(tally, context)
    guard begun.verdict == .undecided else { return begun }
    let losers: FanOut<WriteTally>.Losers =
      switch remainder {
      case .background: .continued
      case .await: .awaited
      case .cancel: .cancelled
      }
    let (ended, ending) = await FanOut.run(
      begun, over: try asked(order, context), on: context.runtime, stragglers: stragglers, losers: losers, isWrite: true, write)
    var tally = ended
    guard ending == .decided else {
      throw DriverError(
        .cancelled, "the caller of \(operation) of \(key) was cancelled; writes under way go on",
        outcomes: tally.outcomes, effect: tally.effect)
    }
    if remainder == .cancel { tally.cancelRest() }
    return tally
  }

  /// Writes to several children one after the other, until the rest can change nothing.
  func writeInTurn(
    _ tally: WriteTally, to order: [Int], _ operation: String, _ key: Key, in context: Context,
    _ write: (Int) async throws(DriverError) -> Receipt
  ) async throws(DriverError) -> WriteTally {
    try Self.checkCancellation(operation, key)
    var tally = omit(tally, context)
    for index in try asked(order, context) where tally.verdict != .impossible {
      let result: Result<Receipt, DriverError>
      do throws(DriverError) { result = .success(try await write(index)) } catch { result = .failure(error) }
      tally.record(result, from: index)
      if tally.verdict == .impossible {
        tally.skipRest(because: "\(labels[index]) failed first, and the write could no longer hold")
      }
      if Task.isCancelled {
        try Self.endCancelled(&tally, operation, key)
        break
      }
    }
    return tally
  }

  /// The caller of a write in turn went away: nobody else is asked.
  ///
  /// - Throws: `cancelled`, unless the write holds all the same.
  static func endCancelled(_ tally: inout WriteTally, _ operation: String, _ key: Key) throws(DriverError) {
    tally.skipRest(because: "the caller was cancelled")
    guard tally.verdict == .holds else {
      throw DriverError(
        .cancelled, "the caller of \(operation) of \(key) was cancelled, and nobody else was asked",
        outcomes: tally.outcomes, effect: tally.effect)
    }
  }

  /// Refuses to begin a write whose caller has gone away already.
  static func checkCancellation(_ operation: String, _ key: Key) throws(DriverError) {
    if Task.isCancelled {
      throw DriverError(.cancelled, "the caller was cancelled before \(operation) of \(key) began", effect: .unchanged)
    }
  }

  /// Deletes at every child that can be read, in a tree without tombstones: one copy left would come back.
  func deleteEverywhere(
    _ key: Key, proof: DeletionProof?, remainder: Remainder, order: WriteOrder, in context: Context
  ) async throws(DriverError) -> Receipt {
    let targets = indices(having: .delete)
    let isTarget = indices.map { targets.contains($0) }
    let skipped = Dictionary(uniqueKeysWithValues: indices.filter { !isTarget[$0] }.map { ($0, "it can neither be read nor deleted from") })
    var tally = WriteTally(labels, needed: targets.count, isRequired: isTarget, skipped: skipped, isRemoval: true)
    let delete: @Sendable (Int) async throws(DriverError) -> Receipt = { index throws(DriverError) in
      // No capture list: with one the closure would leave the caller's actor.
      try await self.delete(key, proof: proof, at: index, context)
    }
    tally =
      switch order {
      case .concurrent: try await write(tally, to: targets, remainder: remainder, "delete", key, in: context, delete)
      case .sequential: try await writeInTurn(tally, to: targets, "delete", key, in: context, delete)
      }
    guard tally.verdict == .holds else {
      throw tally.failure(
        "delete", key, hint: "without tombstones a delete must reach every copy, or one would come back: repeat it")
    }
    return Receipt(tally.result, children: tally.outcomes)
  }
}
