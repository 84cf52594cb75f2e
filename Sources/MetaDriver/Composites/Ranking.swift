/// How a node ranks the copies of its children: what `Quorum` and `Replicated(reads: .newest)` share.
struct Ranking: Sendable {
  /// The children, in whose terms the rest is written.
  let children: Children
  /// How many votes each child has.
  let votes: [Int]
  /// How many votes must answer a read.
  let readVotes: Int
  /// How many votes must acknowledge a write.
  let writeVotes: Int
  let reads: QuorumReads
  let writers: QuorumWriters
  let repair: ReadRepair
  /// Whether a read waits for every child.
  let isPatient: Bool

  /// The children that can be read, written and described.
  let readable: [Int]
  let writable: [Int]
  private let describable: [Int]
  private let undescribed: [Int: String]
  /// A read of which nothing is known yet.
  private let unread: QuorumReadTally<Record>

  init(
    _ children: Children, votes: [Int]? = nil, readVotes: Int, writeVotes: Int, reads: QuorumReads,
    writers: QuorumWriters, repair: ReadRepair, isPatient: Bool
  ) {
    let votes = votes ?? Array(repeating: 1, count: children.count)
    (self.children, self.votes, self.readVotes, self.writeVotes) = (children, votes, readVotes, writeVotes)
    (self.reads, self.writers, self.repair, self.isPatient) = (reads, writers, repair, isPatient)
    readable = children.indices(having: .get)
    writable = children.indices(having: .put)
    describable = children.indices(having: .stat)
    undescribed = children.skipped(notHaving: .stat)
    unread = QuorumReadTally(
      children.labels, votes: votes, needed: readVotes, isPatient: isPatient,
      skipped: children.skipped(notHaving: .get))
  }

  // MARK: Reads

  /// The newest copy that enough children hold, and what a read does for those that lag.
  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    if reads == .digestFirst, !context.isWide { return try await digestFirst(key, in: context) }
    return try await newest(key, in: context)
  }

  private func newest(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    let tally = try await copies(key, in: context)
    try await settle(tally, key, in: context)
    return tally.newest
  }

  /// The copies of enough children.
  private func copies(_ key: Key, in context: Context) async throws(DriverError) -> QuorumReadTally<Record> {
    let tally =
      context.omitting == nil && !context.isWide
      ? unread
      : QuorumReadTally(
        children.labels, votes: votes, needed: readVotes, isPatient: isPatient || context.isWide,
        skipped: children.skipped(children.skipped(notHaving: .get), context))
    return try await read(tally, key, readable, context) { [children] index, context throws(DriverError) in
      try await children.get(key, at: index, context)
    }
  }

  /// The newest of enough descriptions.
  func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    // What is only described cannot be written back.
    if reads == .atomic { return try await get(key, in: context).map(Stat.init(of:)) }
    return try await described(key, in: context).newest
  }

  private func described(_ key: Key, in context: Context) async throws(DriverError) -> QuorumReadTally<Stat> {
    let tally = QuorumReadTally<Stat>(
      children.labels, votes: votes, needed: readVotes, isPatient: isPatient || context.isWide,
      skipped: children.skipped(undescribed, context))
    return try await read(tally, key, describable, context) { [children] index, context throws(DriverError) in
      try await children.stat(key, at: index, context)
    }
  }

  /// Asks the first child for its copy and the others for their stamps.
  private func digestFirst(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    let first = readable.first
    let tally = QuorumReadTally<Digest>(
      children.labels, votes: votes, needed: readVotes, isPatient: isPatient,
      skipped: children.skipped(children.skipped(notHaving: .get), context))
    let digests = try await read(tally, key, readable, context) { [children] index, context throws(DriverError) in
      guard index == first else {
        return try await children.stat(key, at: index, context).map { Digest(stat: $0, record: nil) }
      }
      return try await children.get(key, at: index, context).map { Digest(stat: Stat(of: $0), record: $0) }
    }
    guard let newest = digests.newest, let source = digests.source else { return nil }
    var record = newest.record
    if record == nil {
      do throws(DriverError) {
        record = try await children.get(key, at: source, context)
        if let stamp = record?.stamp { try context.runtime.observe(stamp) }
      } catch {
        guard !Task.isCancelled else { throw error }
      }
    }
    // The copy went away, was damaged, or changed since it was described: the copies themselves must be compared.
    guard let record, !newest.stat.ranksAbove(Stat(of: record)) else { return try await self.newest(key, in: context) }
    if repair != .off { await repairLagging(digests.lagging, with: record, at: key, in: context) }
    return record
  }

  /// Asks children until the tally has decided.
  private func read<Copy: Rankable>(
    _ tally: QuorumReadTally<Copy>, _ key: Key, _ able: [Int], _ context: Context,
    _ ask: @escaping @Sendable (Int, Context) async throws(DriverError) -> Copy?
  ) async throws(DriverError) -> QuorumReadTally<Copy> {
    let runtime = context.runtime
    var tally = tally
    tally.bounds = context.bounds
    let (ended, ending) = await FanOut.run(
      tally, over: try children.asked(able, context), on: runtime, stragglers: children.stragglers, losers: .cancelled,
      isWrite: false
    ) { index throws(DriverError) in
      let copy = try await ask(index, context)
      if let stamp = copy?.stamp { try runtime.observe(stamp) }
      return copy
    }
    if let conflict = ended.conflict { context.report(conflict, of: key) }
    guard ending == .decided else {
      throw DriverError(.cancelled, "the read of \(key) was cancelled", outcomes: ended.outcomes, effect: .unchanged)
    }
    guard !ended.isImpossible else { throw ended.failure("the read of \(key)") }
    try context.bounds?.check(ended.newest, excluded: ended.excluded, of: "\(key)")
    return ended
  }

  /// Merges what the children list; complete when enough of them answer.
  func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try await children.list(request, votes: votes, needed: readVotes, in: context)
  }

  // MARK: Stamps

  /// The record as it is to be written: with a stamp, and everywhere the same.
  ///
  /// A record that a node above stamped keeps its stamp. With many writers the children are asked first, so that the new
  /// stamp is above every acknowledged one, whatever the clocks say.
  func stamped(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Record {
    guard record.stamp == nil else { return record }
    var stamped = record
    if writers == .many {
      let seen: Stamp?
      do throws(DriverError) { seen = try await newestStamp(of: key, in: context) } catch {
        throw DriverError(
          error.code, "nothing was written: before a write with many writers, \(error.message)",
          outcomes: error.outcomes, effect: .unchanged, isRetryable: error.isRetryable)
      }
      if let seen, stamped.parent == nil { stamped.parent = seen }
    }
    stamped.stamp = context.runtime.nextStamp()
    return stamped
  }

  /// Asks for the copies themselves: a stamp out of a description could be a damaged one, and the write would be lost.
  private func newestStamp(of key: Key, in context: Context) async throws(DriverError) -> Stamp? {
    try await copies(key, in: context).newest?.stamp
  }

  // MARK: Repair

  /// What a read does before it answers: write back, repair, or nothing.
  private func settle(
    _ tally: QuorumReadTally<Record>, _ key: Key, in context: Context
  ) async throws(DriverError) {
    guard let newest = tally.newest else { return }
    if reads == .atomic, try await writeBack(newest, tally, at: key, in: context) { return }
    guard repair != .off else { return }
    let lagging = tally.lagging
    if !lagging.isEmpty { await repairLagging(lagging, with: newest, at: key, in: context) }
  }

  /// Makes sure that a write quorum holds the answer, so that no later read finds anything older.
  ///
  /// - Returns: Whether anything had to be written.
  private func writeBack(
    _ record: Record, _ read: QuorumReadTally<Record>, at key: Key, in context: Context
  ) async throws(DriverError) -> Bool {
    let holders = read.holders
    guard holders.reduce(0, { $0 + votes[$1] }) < writeVotes else { return false }
    var tally = WriteTally(
      children.labels, votes: votes, needed: writeVotes, isRequired: votes.map { _ in false },
      skipped: children.skipped(notHaving: .put))
    for index in holders where writable.contains(index) {
      tally.record(.success(Receipt(.stored, stamp: record.stamp)), from: index)
    }
    let written = try await children.putEverywhere(
      record, at: key, to: writable.filter { !holders.contains($0) }, tally, remainder: .background, "write-back",
      in: context.repairing)
    guard written.verdict == .holds else {
      let failure = written.failure("the write-back of a read", key)
      throw DriverError(
        .quorumNotMet, failure.message, outcomes: failure.outcomes, effect: .unchanged, isRetryable: failure.isRetryable
      )
    }
    return true
  }

  /// Brings children up to date that a read found lagging.
  private func repairLagging(_ lagging: [Int], with record: Record, at key: Key, in context: Context) async {
    let targets = lagging.filter { writable.contains($0) }
    guard !targets.isEmpty else { return }
    switch children.repairs.begin(key) {
    case .go: break
    case .underWay: return
    case .full:
      let limit = RepairTable.capacity
      return context.reportRepair(
        of: key, DriverError(.throttled, "\(limit) keys are under repair here, which is the limit; this one is not"))
    }
    let repair = Repair(record: record, key: key, children: children, context: context.lasting.repairing)
    switch self.repair {
    case .background: context.runtime.start { await repair.run(targets) }
    case .blocking, .off: await repair.run(targets)
    }
  }
}

/// One copy for the children that lag. It ends when all of them have answered.
private struct Repair: ChildOperation {
  let record: Record
  let key: Key
  let children: Children
  let context: Context

  func run(_ targets: [Int]) async {
    _ = await FanOut.run(
      OpenTally(children.labels), over: targets, on: context.runtime, stragglers: children.stragglers, losers: .awaited,
      isWrite: true, operation: self)
    children.repairs.end(key)
  }

  func run(at index: Int) async throws(DriverError) -> Receipt {
    try await children.put(record, at: key, to: index, context)
  }
}
