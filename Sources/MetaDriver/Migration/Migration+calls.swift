/// What the node does with a call, whatever the phase is and becomes.
extension Migration {
  /// How often a call begins anew because the phase changed under it.
  private static let attemptLimit = 8

  /// Reads from the side that reads use, and again when it no longer is that side.
  func read<Answer>(
    in context: Context, _ ask: (Int) async throws(DriverError) -> Answer
  ) async throws(DriverError) -> Answer {
    var state = try await look(in: context)
    for _ in 0..<Self.attemptLimit {
      let side = state.reads
      let result: Result<Answer, DriverError>
      do throws(DriverError) {
        result = .success(try await ask(try children.asked([side.rawValue], context)[0]))
      } catch { result = .failure(error) }
      do throws(DriverError) { state = try await look(in: context) } catch {
        _ = try result.get()
        throw error
      }
      if state.reads == side { return try result.get() }
    }
    throw restless
  }

  /// Writes to the sides that are written, and then to those that are written by the time that was done.
  func write(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    let operation = record.isTombstone ? "delete" : "put"
    var state = try await look(in: context)
    try Children.checkCancellation(operation, key)
    let given = record
    let record: Record
    do throws(DriverError) { record = try await stamped(given, at: key, state, in: context) } catch {
      throw error.code == .corrupt ? error : failure(operation, key, [:], error, at: state.reads, state)
    }
    var receipts: [MigrationState.Side: Receipt] = [:]
    for _ in 0..<Self.attemptLimit {
      for side in state.writes where receipts[side] == nil {
        do throws(DriverError) {
          _ = try children.asked([side.rawValue], context)
          receipts[side] = try await children.put(record, at: key, to: side.rawValue, context)
        } catch { throw failure(operation, key, receipts, error, at: side, state) }
      }
      do throws(DriverError) { state = try await look(in: context) } catch { throw error.with(effect: .unknown) }
      if state.writes.allSatisfy({ receipts[$0] != nil }) {
        return Receipt(
          receipts[state.reads]?.result ?? .stored, stamp: record.stamp, children: outcomes(receipts, state))
      }
    }
    throw restless.with(effect: .unknown)
  }

  /// A record with a stamp above whatever was acknowledged before: the side that reads use has it all, so it is asked. To
  /// stamp again what proved too old would be too late: a reader may have seen it, and would see it twice.
  private func stamped(
    _ record: Record, at key: Key, _ state: MigrationState, in context: Context
  ) async throws(DriverError) -> Record {
    // A copy that brings a tree up to date is as old as it is.
    guard record.stamp == nil, !context.isRepair else { return record }
    let side = state.reads.rawValue
    let newest: Stamp?
    do throws(DriverError) {
      _ = try children.asked([side], context)
      // The copy itself is read, because a stamp out of a description could be a damaged one.
      newest = try await context.getPatiently { () throws(DriverError) in
        try await children.get(key, at: side, context)
      }?.stamp
    } catch {
      // What is damaged has no stamp to ask for, and must be possible to overwrite.
      guard error.code == .corrupt else { throw error.with(effect: .unchanged) }
      newest = nil
    }
    if let newest { try context.runtime.observe(newest) }
    var stamped = record
    if stamped.parent == nil { stamped.parent = newest }
    stamped.stamp = context.runtime.nextStamp()
    return stamped
  }

  /// Writes to the one side that is in use, if a condition holds there.
  ///
  /// - Throws: `unavailable` while both sides are written, because neither decides for the other.
  func write(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    let state = try await look(in: context)
    guard let side = state.writes.first, state.writes.count == 1 else {
      throw DriverError(
        .unavailable,
        "the migration \(quoted(name)) is \(state.phase): while both sides are written neither decides for the other, so "
          + "there are no conditional puts until it is retired or aborted", effect: .unchanged)
    }
    _ = try children.asked([side.rawValue], context)
    let receipt: Receipt
    do throws(DriverError) {
      receipt = try await decide(record, at: key, if: condition, at: side, in: context)
    } catch {
      guard error.code == .conflict, record.stamp == nil,
        let found = try await children.get(key, at: side.rawValue, context), condition.holds(for: found),
        let newer = found.stamp
      else { throw error }
      // The condition holds; it is the stamp that does not rank above a tombstone or a copy of somebody else's clock.
      try context.runtime.observe(newer)
      receipt = try await decide(record, at: key, if: condition, at: side, in: context)
    }
    let after: MigrationState
    do throws(DriverError) { after = try await look(in: context) } catch { throw error.with(effect: .unknown) }
    guard after.writes == state.writes else {
      throw DriverError(
        .unavailable,
        "the migration \(quoted(name)) became \(after.phase) while \(children.labels[side.rawValue]) decided: read \(key) to see "
          + "what is there", effect: .unknown)
    }
    return Receipt(receipt.result, stamp: receipt.stamp, children: outcomes([side: receipt], after))
  }

  private func decide(
    _ record: Record, at key: Key, if condition: Precondition, at side: MigrationState.Side, in context: Context
  ) async throws(DriverError) -> Receipt {
    var stamped = record
    stamped.stamp = record.stamp ?? context.runtime.nextStamp()
    let child = children.drivers[side.rawValue]
    return try await context.deeper().putRecognizably(
      stamped, at: key, if: condition, to: child, at: side.rawValue, label: children.components[side.rawValue])
  }

  // MARK: Words

  /// The failure of a write that did not reach every side it had to reach.
  private func failure(
    _ operation: String, _ key: Key, _ receipts: [MigrationState.Side: Receipt], _ error: DriverError,
    at side: MigrationState.Side, _ state: MigrationState
  ) -> DriverError {
    var tally = WriteTally(
      children.labels, needed: state.writes.count,
      isRequired: MigrationState.Side.allCases.map(state.writes.contains))
    for (index, written) in MigrationState.Side.allCases.enumerated() {
      if let receipt = receipts[written] { tally.record(.success(receipt), from: index) }
    }
    tally.record(.failure(error), from: side.rawValue)
    tally.skipRest(
      because: state.writes.count == 1
        ? "the migration is \(state.phase)" : "\(children.labels[side.rawValue]) failed first")
    return tally.failure(operation, key, hint: "the migration \(quoted(name)) is \(state.phase)")
  }

  private func outcomes(_ receipts: [MigrationState.Side: Receipt], _ state: MigrationState) -> [Outcome] {
    MigrationState.Side.allCases.map { side in
      guard let receipt = receipts[side] else {
        return Outcome(children.labels[side.rawValue], .skipped("the migration is \(state.phase)"))
      }
      return Outcome(children.labels[side.rawValue], receipt.result, children: receipt.children)
    }
  }

  private var restless: DriverError {
    DriverError(
      .unavailable,
      "the phase of the migration \(quoted(name)) changed in each of \(Self.attemptLimit) attempts", effect: .unchanged)
  }
}
