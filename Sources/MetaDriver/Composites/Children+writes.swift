/// Writes that several composites share.
extension Children {
  /// Writes to several children at once, and answers by the tally's rule.
  func write(
    _ tally: WriteTally, to order: [Int], remainder: Remainder, _ operation: String, _ key: Key, in context: Context,
    _ write: some ChildOperation<Receipt>
  ) async throws(DriverError) -> WriteTally {
    try Self.checkCancellation(operation, key)
    let begun = omit(tally, context)
    guard begun.verdict == .undecided else { return begun }
    let losers: FanOut<WriteTally>.Losers =
      switch remainder {
      case .background, .handoff: .continued
      case .await: .awaited
      case .cancel: .cancelled
      }
    let (ended, ending) = await FanOut.run(
      begun, over: try asked(order, context), on: context.runtime, stragglers: stragglers, losers: losers,
      isWrite: true, operation: write)
    var tally = ended
    guard ending == .decided else {
      throw DriverError(
        .cancelled, "the caller of \(operation) of \(key) was cancelled; writes under way go on",
        outcomes: tally.outcomes, effect: tally.effect)
    }
    if remainder == .cancel { tally.cancelRest() }
    return tally
  }

  /// Puts one record to several children, and answers by the tally's rule.
  func putEverywhere(
    _ record: Record, at key: Key, to order: [Int], _ tally: WriteTally, remainder: Remainder,
    order mode: WriteOrder = .concurrent, _ operation: String, in context: Context
  ) async throws(DriverError) -> WriteTally {
    let put = PutOperation(record: record, key: key, children: self, context: try context.deeper())
    if let handoff, remainder.journal != nil {
      return try await putOrHandOff(put, to: order, tally, remainder, mode, operation, handoff, in: context)
    }
    return try await write(put, to: order, tally, remainder, mode, operation, key, in: context)
  }

  private func write(
    _ put: some ChildOperation<Receipt>, to order: [Int], _ tally: WriteTally, _ remainder: Remainder,
    _ mode: WriteOrder, _ operation: String, _ key: Key, in context: Context
  ) async throws(DriverError) -> WriteTally {
    switch mode {
    case .concurrent:
      try await write(tally, to: order, remainder: remainder, operation, key, in: context, put)
    case .sequential:
      try await writeInTurn(tally, to: order, operation, key, in: context, put)
    }
  }

  // Out of line, so that the frame of the usual path stays small.
  @inline(never)
  private func putOrHandOff(
    _ put: PutOperation, to order: [Int], _ tally: WriteTally, _ remainder: Remainder, _ mode: WriteOrder,
    _ operation: String, _ handoff: HandoffSite, in context: Context
  ) async throws(DriverError) -> WriteTally {
    try attachHandoff(in: context)
    let writes = ChildWrites()
    let ended = try await write(
      QueuedPutOperation(put: put, writes: writes, journal: handoff.journal), to: order, tally, remainder, mode,
      operation, put.key, in: context)
    guard ended.verdict == .holds else { return ended }
    return try await handOff(put.record, at: put.key, to: order, ended, writes, operation, handoff, in: context)
  }

  /// Writes to several children one after the other, until the rest can change nothing.
  func writeInTurn(
    _ tally: WriteTally, to order: [Int], _ operation: String, _ key: Key, in context: Context,
    _ write: some ChildOperation<Receipt>
  ) async throws(DriverError) -> WriteTally {
    try Self.checkCancellation(operation, key)
    var tally = omit(tally, context)
    for index in try asked(order, context) where tally.verdict != .impossible && tally.verdict != .outranked {
      let result: Result<Receipt, DriverError>
      do throws(DriverError) { result = .success(try await write.run(at: index)) } catch { result = .failure(error) }
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
    let skipped = Dictionary(
      uniqueKeysWithValues: indices.filter { !isTarget[$0] }.map { ($0, "it can neither be read nor deleted from") })
    var tally = WriteTally(labels, needed: targets.count, isRequired: isTarget, skipped: skipped, isRemoval: true)
    let delete = DeleteOperation(key: key, proof: proof, children: self, context: context)
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

/// One record for one child.
private struct PutOperation: ChildOperation {
  let record: Record
  let key: Key
  let children: Children
  /// One node deeper already.
  let context: Context

  func run(at index: Int) async throws(DriverError) -> Receipt {
    try await context.put(
      record, at: key, to: children.drivers[index], at: index, label: children.components[index])
  }
}

/// The same, where what a child does not take is queued: whatever older is queued for it is not needed any more.
private struct QueuedPutOperation: ChildOperation {
  let put: PutOperation
  let writes: ChildWrites
  let journal: HandoffJournal

  func run(at index: Int) async throws(DriverError) -> Receipt {
    let label = put.children.labels[index]
    do throws(DriverError) {
      let receipt = try await put.run(at: index)
      if receipt.result.isUpToDate {
        writes.end(index, .success(()))
        journal.acknowledged(put.record, at: put.key, by: label, in: put.context)
      }
      return receipt
    } catch {
      writes.end(index, .failure(error))
      journal.ended(put.record, at: put.key, for: label, error)
      throw error
    }
  }
}

/// One delete at one child.
private struct DeleteOperation: ChildOperation {
  let key: Key
  let proof: DeletionProof?
  let children: Children
  let context: Context

  func run(at index: Int) async throws(DriverError) -> Receipt {
    try await children.delete(key, proof: proof, at: index, context)
  }
}
