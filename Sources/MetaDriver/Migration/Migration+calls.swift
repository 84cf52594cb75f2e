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
        result = .success(try await ask(try asked(side, context)))
      } catch { result = .failure(error) }
      do throws(DriverError) { state = try await look(in: context) } catch {
        _ = try result.get()
        throw error
      }
      if state.reads == side { return try result.get() }
    }
    throw restless
  }

  /// A side that a call needs, unless the caller leaves it out.
  private func asked(_ side: MigrationState.Side, _ context: Context) throws(DriverError) -> Int {
    try children.asked([side.rawValue], context)[0]
  }

  /// Writes to the sides that are written, and then to those that are written by the time that was done.
  ///
  /// The side that reads use holds everything that was acknowledged, so it is asked for the newest stamp. Where its reads
  /// miss nothing of that, what supersedes the write then is a concurrent one.
  func write(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try Children.checkCancellation(record.isTombstone ? "delete" : "put", key)
    return try await context.writeInOrder(
      record, at: key, asking: { () throws(DriverError) in try await self.newest(key, in: context) },
      isSure: surelyRead.contains(key.kind), isMeeting: meeting.contains(key.kind)
    ) { record, isAbove throws(DriverError) in
      try await send(record, at: key, in: context.stamped(isAbove: isAbove))
    }
  }

  private func send(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    let operation = record.isTombstone ? "delete" : "put"
    var state = try await look(in: context)
    var receipts: [MigrationState.Side: Receipt] = [:]
    for _ in 0..<Self.attemptLimit {
      for side in state.writes where receipts[side] == nil {
        do throws(DriverError) {
          let receipt = try await children.put(record, at: key, to: try asked(side, context), context)
          // A queue is no copy: nobody who reads this side would find it.
          guard receipt.result.isUpToDate else {
            throw DriverError(
              .unavailable, "\(children.labels[side.rawValue]) holds no copy yet: \(receipt.result)",
              outcomes: receipt.children, effect: .unknown)
          }
          receipts[side] = receipt
        } catch { throw failure(operation, key, receipts, error, at: side, state) }
      }
      do throws(DriverError) { state = try await look(in: context) } catch { throw error.with(effect: .unknown) }
      if state.writes.allSatisfy({ receipts[$0] != nil }) { return receipt(of: record, receipts, state, context) }
    }
    throw restless.with(effect: .unknown)
  }

  /// What became of a write that every side has taken, or holds something newer than.
  private func receipt(
    of record: Record, _ receipts: [MigrationState.Side: Receipt], _ state: MigrationState, _ context: Context
  ) -> Receipt {
    var tally = WriteTally(
      children.labels, needed: state.writes.count,
      isRequired: MigrationState.Side.allCases.map(state.writes.contains))
    tally.superseding = context.isRepair ? .satisfies : context.isAbove ? .follows : .refuses
    for side in MigrationState.Side.allCases {
      if let receipt = receipts[side] {
        tally.record(.success(receipt), from: side.rawValue)
      } else {
        tally.skip(side.rawValue, because: "the migration is \(state.phase)")
      }
    }
    var receipt = tally.receipt(of: record)
    if tally.verdict == .holds, let read = receipts[state.reads], read.result.isAcknowledged {
      receipt.result = read.result
    }
    return receipt
  }

  /// The newest stamp that was acknowledged. The copy itself is read, because a stamp out of a description could be a
  /// damaged one.
  private func newest(_ key: Key, in context: Context) async throws(DriverError) -> Stamp? {
    try await read(in: context) { side throws(DriverError) in
      try await context.getPatiently { () throws(DriverError) in
        try await children.get(key, at: side, context.counting)
      }?.stamp
    }
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
    let receipt = try await context.deeper().putRecognizably(
      record, at: key, if: condition, to: children.drivers[try asked(side, context)], at: side.rawValue,
      label: children.components[side.rawValue])
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
