/// Writes that hold, and that some of the children have not got.
extension Children {
  /// Tells the journal of these children, if there is one.
  func attachHandoff(in context: Context) throws(DriverError) {
    guard let handoff else { return }
    try handoff.attach(context) { context in
      indices(having: .put).map { index in
        HandoffTarget(labels[index], outlines[index], at: index, of: ObjectIdentifier(handoff), in: context) {
          [self] record, key, context throws(DriverError) in
          try await put(record, at: key, to: index, context)
        }
      }
    }
  }

  /// Queues a record for every child that has not acknowledged it.
  ///
  /// - Parameters:
  ///   - order: The children that the write was for.
  ///   - tally: What they said. The write holds.
  /// - Returns: The tally, in which these children are `queued`.
  /// - Throws: Why one could not be queued, with what became of each child: of the write nobody can say more than that
  ///   it may have taken effect.
  func handOff(
    _ record: Record, at key: Key, to order: [Int], _ tally: WriteTally, _ operation: String,
    _ handoff: HandoffSite, in context: Context
  ) async throws(DriverError) -> WriteTally {
    var tally = tally
    let missing = try asked(order, context).filter { !tally.outcomes[$0].result.isSafe }
    guard !missing.isEmpty else { return tally }
    // In tasks of the runtime's own: whoever leaves now must not take the entries along.
    let (queued, ending) = await FanOut.run(
      OpenTally(labels), over: missing, on: context.runtime, stragglers: queueing, losers: .awaited, isWrite: true
    ) { [labels] index throws(DriverError) in
      try await handoff.journal.enqueue(record, at: key, for: labels[index], in: context)
      return Receipt(.queued)
    }
    for index in missing where !queued.failed.contains(index) { tally.markQueued(index) }
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
