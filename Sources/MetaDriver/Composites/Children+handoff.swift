/// Writes that hold, and that some of the children have not got.
extension Children {
  /// Tells the journal of these children, if there is one.
  func attachHandoff(in context: Context) throws(DriverError) {
    guard let handoff else { return }
    try handoff.attach(context) { context in
      indices(having: .put).map { index in
        let describe: HandoffTarget.Describe = { [self] key, context throws(DriverError) in
          try await stat(key, at: index, context)
        }
        return HandoffTarget(
          labels[index], outlines[index], at: index, of: ObjectIdentifier(handoff), in: context,
          fetch: { [self] key, rank, context throws(DriverError) in
            try await fetch(key, rank, for: index, in: context)
          },
          describe: canSettle(index) ? describe : nil
        ) { [self] record, key, context throws(DriverError) in
          try await put(record, at: key, to: index, context)
        }
      }
    }
  }

  /// Whether what a child says that it has, it has.
  private func canSettle(_ index: Int) -> Bool {
    let outline = outlines[index]
    return outline.capabilities.contains(.stat) && !outline.canGoBack(.mutable) && !outline.canGoBack(.immutable)
  }

  /// What an entry says of a record: the bytes stay where they are, if one of the children that took it can be read. A
  /// tombstone is as small as a note.
  private func content(_ record: Record, _ tally: WriteTally) -> HandedOffWrite.Content {
    let sources = indices(having: .get).filter { tally.outcomes[$0].result.isUpToDate }
    guard !sources.isEmpty, !record.isTombstone else { return .copied(record) }
    return .noted(HandoffQueue.Rank(noting: record), byteCount: record.bytes.count)
  }

  /// Queues a record for every child that has not acknowledged it.
  ///
  /// - Parameters:
  ///   - order: The children that the write was for.
  ///   - tally: What they said. The write holds.
  ///   - writes: How far those are that had not answered.
  /// - Returns: The tally, in which these children are `queued`.
  /// - Throws: Why one could not be queued, with what became of each child: of the write nobody can say more than that
  ///   it may have taken effect.
  func handOff(
    _ record: Record, at key: Key, to order: [Int], _ tally: WriteTally, _ writes: ChildWrites, _ operation: String,
    _ handoff: HandoffSite, in context: Context
  ) async throws(DriverError) -> WriteTally {
    var tally = tally
    let missing = try asked(order, context).filter { !tally.outcomes[$0].result.isSafe }
    guard !missing.isEmpty else { return tally }
    let content = content(record, tally)
    let running = Set(missing.filter { if case .pending = tally.outcomes[$0].result { true } else { false } })
    // In tasks of the runtime's own: whoever leaves now must not take the entries along.
    let (queued, ending) = await FanOut.run(
      OpenTally(labels), over: missing, on: context.runtime, stragglers: queueing, losers: .awaited, isWrite: true
    ) { [labels] index throws(DriverError) in
      let writing = running.contains(index) ? writes.write(to: index) : nil
      try await handoff.journal.enqueue(content, at: key, for: labels[index], while: writing, in: context)
      // What has ended before the entry was there has told nobody.
      if let writing, writing.hasArrived {
        handoff.journal.acknowledged(record, at: key, by: labels[index], in: context)
        return Receipt(record.isTombstone ? .deleted : .stored, stamp: record.stamp)
      }
      if let error = writing?.failure { handoff.journal.ended(record, at: key, for: labels[index], error) }
      return Receipt(.queued)
    }
    for index in missing where !queued.failed.contains(index) {
      let outcome = queued.outcomes[index].result
      if outcome.isAcknowledged {
        tally.record(.success(Receipt(outcome, stamp: record.stamp)), from: index)
      } else {
        tally.markQueued(index)
      }
    }
    guard ending == .decided else {
      throw DriverError(
        .cancelled, "the caller of \(operation) of \(key) was cancelled while it was queued for \(names(missing))",
        outcomes: tally.outcomes, effect: .unknown)
    }
    guard let first = queued.failed.min(), let error = queued.outcomes[first].result.error else { return tally }
    throw DriverError(
      error.code,
      "\(operation) of \(key) has the acknowledgements needed, and could not be queued for \(names(queued.failed.sorted())): "
        + error.message, underlying: error, outcomes: tally.outcomes, effect: .unknown, isRetryable: error.isRetryable)
  }

  private func names(_ indices: [Int]) -> String { indices.map { labels[$0] }.joined(separator: ", ") }
}

extension Outcome.Result {
  /// Whether the child has the record, or a journal below has it.
  fileprivate var isSafe: Bool { isQueued || isUpToDate }
}

extension Remark {
  /// What is wrong with handing writes off to a journal.
  static func handoff(to journal: HandoffJournal, for children: [(label: String, outline: Outline)]) -> [Remark] {
    var remarks: [Remark] = []
    let needed: Capabilities = [.get, .put, .delete, .list]
    let missing = needed.subtracting(journal.outline.capabilities)
    if !missing.isEmpty {
      remarks.append(
        Remark(
          .error, "the handoff journal is kept on \(journal.label), which has no \(missing)",
          mend: "Keep it on a driver that can get, put, delete and list"))
    }
    for (label, outline) in children {
      if outline.leaves.contains(where: { journal.stores.contains($0.identity) }) {
        remarks.append(
          Remark(
            .error, "the handoff journal is kept on \(label) itself: what \(label) does not take, it does not take",
            mend: "Keep the journal on a driver of its own"))
      }
      if let blind = outline.blindLeaf {
        remarks.append(
          Remark(
            .error, "\(blind) can neither compare stamps nor be read, so what is sent later could replace newer data",
            mend: "Keep \(label) out of the node that hands off"))
      }
    }
    return remarks
  }
}

extension Outline {
  /// A leaf that takes puts, and of which nobody can find out what it holds.
  fileprivate var blindLeaf: String? {
    guard let leaf else { return children.lazy.compactMap(\.blindLeaf).first }
    return leaf.ordering != .newestWins && capabilities.contains(.put) && !capabilities.contains(.get) ? label : nil
  }
}
