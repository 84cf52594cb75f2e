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
  /// Which children must in any case.
  let isRequired: [Bool]
  let reads: QuorumReads
  let writers: QuorumWriters
  let repair: ReadRepair
  /// Whether a read waits for every child.
  let isPatient: Bool
  /// Which children a write needs.
  let writeRule: Rule

  /// The children that can be read, written and described.
  let readable: [Int]
  let writable: [Int]
  private let describable: [Int]
  private let undescribed: [Int: String]
  /// A read of which nothing is known yet.
  private let unread: QuorumReadTally<Record>
  /// A write of which nothing is known yet.
  private let unwritten: WriteTally
  /// What a write of either kind of data has to do before it stamps.
  private let mutable, immutable: Order
  /// The keys that this process has asked for, where that is enough once.
  private let known: KnownKeys?

  /// What the children of a node leave to do so that a stamp is above everything that was acknowledged before.
  private struct Order {
    /// Whether any two writes meet at a child that compares stamps, and says when it holds something newer.
    let isMeeting: Bool
    /// Whether the newest copy is asked for before.
    let asks: Bool
    /// Whether that is the newest one that was acknowledged, as far as nobody has stores of their own.
    let isSure: Bool
    /// The children whose answers may be followed by older ones: they do not hold what they answer.
    let goesBack: [Bool]

    init(
      _ children: Children, read: Rule, write rule: Rule, _ kind: Key.Kind, isExposed: Bool, asksBlindOnly: Bool,
      canAsk: Bool
    ) {
      let isPrivate = children.outlines.allSatisfy(\.isPrivate)
      func meets(_ isComparing: Bool) -> Bool {
        rule.meetsItself {
          children.outlines[$0].writesMeet(kind, isComparing: isComparing, isPrivate: isPrivate)
        }
      }
      isMeeting = meets(true)
      asks =
        canAsk
        && (isExposed || !isMeeting && (!asksBlindOnly || meets(false))
          || children.outlines.contains { $0.asksBeforeWriting(kind) })
      isSure = read.meets(rule, memberCount: children.count) { children.outlines[$0].readsMeetWrites(kind) }
      goesBack = children.outlines.map { $0.canGoBack(kind) }
    }
  }

  /// - Parameters:
  ///   - isSloppy: Whether reads may miss acknowledged writes, as the author has said: nothing is asked then.
  ///   - asksBlindOnly: Whether, where writes do not meet, nothing is asked: a read would have to wait for too many.
  init(
    _ children: Children, votes: [Int]? = nil, readVotes: Int, writeVotes: Int, isRequired: [Bool],
    reads: QuorumReads, writers: QuorumWriters, repair: ReadRepair, isPatient: Bool, isSloppy: Bool = false,
    asksBlindOnly: Bool = false
  ) {
    let votes = votes ?? Array(repeating: 1, count: children.count)
    (self.children, self.votes, self.readVotes, self.writeVotes) = (children, votes, readVotes, writeVotes)
    self.isRequired = isRequired
    let required = children.indices.filter { isRequired[$0] }.map(Rule.child)
    let each = children.indices.flatMap { Array(repeating: Rule.child($0), count: votes[$0]) }
    writeRule = required.isEmpty ? .atLeast(writeVotes, each) : .all(required + [.atLeast(writeVotes, each)])
    let rule = writeRule
    // Nothing can be concluded from a read that misses acknowledged writes, or that there never is.
    let isPartlyLocal =
      children.outlines.contains(where: \.isPartlyLocal)
      || children.outlines.contains(where: \.isPrivate) && !children.outlines.allSatisfy(\.isPrivate)
    let canAsk =
      (!isSloppy && !isPartlyLocal || reads == .atomic) && readVotes + writeVotes > votes.reduce(0, +)
      && children.indices(having: .get).reduce(0) { $0 + votes[$1] } >= readVotes
    func order(_ kind: Key.Kind) -> Order {
      Order(
        children, read: .atLeast(readVotes, each), write: rule, kind, isExposed: reads == .atomic,
        asksBlindOnly: asksBlindOnly, canAsk: canAsk)
    }
    (mutable, immutable) = (order(.mutable), order(.immutable))
    known = writers == .one ? KnownKeys() : nil
    unwritten = WriteTally(
      children.labels, votes: votes, needed: writeVotes, isRequired: isRequired,
      skipped: children.skipped(notHaving: .put))
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
        record = try await children.get(key, at: source, context.counting)
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
    var tally = tally
    tally.bounds = context.bounds
    let inner = context.counting
    let (ended, ending) = await FanOut.run(
      tally, over: try children.asked(able, context), on: context.runtime, stragglers: children.stragglers,
      losers: .cancelled, isWrite: false
    ) { index throws(DriverError) in try await ask(index, inner) }
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
    try await children.list(request, votes: votes, needed: readVotes, in: context.counting)
  }

  // MARK: Writes

  private func order(_ kind: Key.Kind) -> Order { kind == .mutable ? mutable : immutable }

  /// Whether every write reads first.
  func asksBeforeWriting(_ kind: Key.Kind) -> Bool { order(kind).asks && known == nil }

  /// Writes a record to every child, under a stamp above everything that was acknowledged before, unless a node above has
  /// stamped it.
  func write(
    _ record: Record, at key: Key, _ operation: String, remainder: Remainder, order mode: WriteOrder = .concurrent,
    in context: Context
  ) async throws(DriverError) -> Receipt {
    let order = order(key.kind)
    let isStamping = record.stamp == nil
    var ask: (() async throws(DriverError) -> Stamp?)?
    if order.asks, isStamping, known?.contains(key) != true {
      ask = { () throws(DriverError) in try await newestStamp(of: key, in: context) }
    }
    let receipt = try await context.writeInOrder(
      record, at: key, asking: ask, isSure: order.isSure, isMeeting: order.isMeeting, isExposed: reads == .atomic
    ) { record, isAbove throws(DriverError) in
      var tally = unwritten
      tally.superseding =
        context.isRepair
        ? .satisfies : isAbove || context.isAbove ? .follows : order.isMeeting || !isStamping ? .refuses : .tells
      tally = try await children.putEverywhere(
        record, at: key, to: writable, tally, remainder: remainder, order: mode, operation,
        in: context.stamped(isAbove: isAbove))
      guard tally.verdict == .holds || tally.verdict == .outranked else { throw tally.failure(operation, key) }
      return tally.receipt(of: record)
    }
    known?.insert(key)
    return receipt
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
    let goesBack = order(key.kind).goesBack
    let holders = read.holders.filter { !goesBack[$0] }
    guard holders.reduce(0, { $0 + votes[$1] }) < writeVotes else { return false }
    var tally = WriteTally(
      children.labels, votes: votes, needed: writeVotes, isRequired: votes.map { _ in false },
      skipped: children.skipped(notHaving: .put))
    tally.superseding = .satisfies
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
