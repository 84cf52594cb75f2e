/// Takes writes that its child does not take, and sends them on later: write-behind.
///
/// ```swift
/// let journal = HandoffJournal(on: disk)
/// Replicated(writes: .atLeast(1)) {
///   Required { eu }
///   HintedHandoff(journal) { us.timeout(.seconds(2)) }
/// }
/// ```
///
/// - **Writes** go to the child, stamped above what is queued. One that fails, and might succeed later, is put into the
///   journal, and answered ``Outcome/Result/queued`` when it is durable there; the journal sends it on in the background.
///   `queued` is no acknowledgement to a node above: nobody else sees the write yet. What can never succeed (`denied`,
///   `tooLarge`, …) is thrown. Records are stamped, here or below, unless a node above did, and deletes are tombstones, so that what is sent
///   later never replaces anything newer.
/// - **Reads** go to the child. While a write is queued for the key, they never give anything older than that: the queued
///   record is the answer if it ranks above the child's, and when the child does not answer at all, as long as it is
///   the newest that this node knows: once something newer was found at the child, the read fails as the child does. A read
///   that must not be answered so belongs above a `Quorum`, not above one store.
///   When the journal cannot be read, the read fails: the child's copy may be older than what was queued. Below a node
///   that counts answers, such as a quorum, reads and lists leave the queue out: what is queued is no copy.
/// - **Lists** show what is queued beside what the child lists.
/// - **Open** succeeds although the child cannot be opened, which the receipt says: writes are queued until it can be.
///
/// It has no conditional writes, because a queued write could not be checked, and makes and handles no URLs, because what
/// a URL names may be older than what is queued.
///
/// A queued write is removed when the child has taken it, or a later one, by its own rule for writes. A newer copy that a read
/// finds is enough where the child cannot go back; one of several stores may lose it again. The journal is read before the
/// first call, and a write throws when it cannot be.
///
/// A session belongs above this node: what is queued would be sent past one below, and such a tree does not compose.
///
/// A child that hangs holds a write up: put a `Timeout` around it, inside this node. Without anything queued, a read costs
/// one look into a dictionary.
public struct HintedHandoff<Base: Driver>: Driver {
  /// The child.
  public let base: Base
  private let site: HandoffSite
  private let below: Outline

  /// Queues what a child does not take.
  ///
  /// - Parameters:
  ///   - journal: Where.
  ///   - base: The child. Among all the children that the journal serves, its name is its own.
  public init(_ journal: HandoffJournal, @ModifierBuilder _ base: () -> Base) {
    self.base = base()
    below = self.base.outline
    site = HandoffSite(journal)
  }

  private var journal: HandoffJournal { site.journal }

  /// `HintedHandoff`, above the child, and where the journal is kept.
  public var outline: Outline {
    var outline = Outline(modifier: "HintedHandoff", of: below, parameters: ["journal": journal.label])
    outline.marks.formUnion([.stamping, .ordering, .queueing])
    outline.capabilities.subtract([.compareAndPut, .compareAndDelete, .makeURL, .getURL])
    if outline.capabilities.contains(.put) { outline.capabilities.insert(.delete) }
    outline.remarks = Remark.handoff(to: journal, for: [(below.label, below)])
    outline.queueStores = journal.stores
    return outline
  }

  private func attach(_ context: Context) throws(DriverError) {
    try site.attach(context) { context in
      let base = base
      let target = HandoffTarget(below.label, below, at: 0, of: ObjectIdentifier(site), in: context) {
        record, key, context throws(DriverError) in
        try await context.put(record, at: key, to: base)
      }
      return below.capabilities.contains(.put) ? [target] : []
    }
  }

  /// Reads the child's copy, or what is queued where that ranks above it.
  ///
  /// - Throws: `corrupt` when the entry of the key is damaged; what the journal's driver throws, if it cannot be read; what
  ///   the child throws when nothing is queued.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await newest(of: key, \.self, in: context) { () throws(DriverError) in
      try await context.get(key, from: base, at: 0, label: below.component)
    }
  }

  /// Describes the child's copy, or what is queued where that ranks above it.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try await newest(of: key, \.stat, in: context) { () throws(DriverError) in
      try await context.stat(key, from: base, at: 0, label: below.component)
    }
  }

  private func newest<Copy: Rankable>(
    of key: Key, _ part: KeyPath<Record, Copy>, in context: Context,
    _ ask: () async throws(DriverError) -> Copy?
  ) async throws(DriverError) -> Copy? {
    try outline.checkComposition()
    try attach(context)
    // The journal first: what leaves it meanwhile is at the child when that is asked.
    guard !context.isCounting, let queued = try await journal.queued(at: key, for: below.label, in: context) else {
      return try await ask()
    }
    if let stamp = queued.stamp { try context.runtime.observe(stamp) }
    let copy = queued[keyPath: part]
    let found: Copy?
    do throws(DriverError) { found = try await ask() } catch {
      guard !Task.isCancelled, !journal.isOvertaken(key, for: below.label) else { throw error }
      return copy
    }
    guard let found, !copy.ranksAbove(found) else { return copy }
    // What is queued is superseded, and must not be the answer when the child is away the next time.
    if let stamp = found.stamp { journal.found(stamp, at: key, of: below.label) }
    // Where a choice of stores answers, one of them may have what is newer, and lose it again.
    if let record = found as? Record, !below.canGoBack(key.kind) {
      do throws(DriverError) {
        try await journal.acknowledged(record, at: key, by: below.label, in: context)?.finish()
      } catch {}
    }
    return found
  }

  /// Writes to the child, or queues the write.
  ///
  /// - Throws: `noSpace` when the write has to be queued, and the journal is full; what the child throws when it can never
  ///   take the write; what the journal's driver throws, when it cannot be read, and, with an `unknown` effect, when the
  ///   child has taken the write and an older one can be neither removed from the journal nor replaced there.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.put)
    try attach(context)
    let queued = try await journal.queuedStamp(at: key, for: below.label, in: context)
    // The queued write was made before, whatever the clock said then.
    let context = record.stamp == nil && queued != nil && !context.isRepair ? context.ordered(above: queued) : context
    var stamped = record
    if let queued { try context.runtime.observe(queued) }
    let first = record.stamp ?? context.runtime.nextStamp()
    let receipt: Receipt
    do throws(DriverError) {
      receipt = try await context.putInOrder(record, at: key, to: base, below, at: 0, label: below.component)
      stamped.stamp = record.stamp ?? receipt.stamp
    } catch {
      guard error.isRetryable else { throw error }
      // Above the stamps that the nodes below have tried: what of those has landed is this very write. Where the caller has
      // left, below all that it has written since.
      if stamped.stamp == nil {
        if let floor = context.floor { try context.runtime.observe(floor) }
        stamped.stamp = context.runtime.nextStamp()
        if context.hasLostItsCaller { stamped.stamp = first }
      }
      try await queue(stamped, at: key, for: below.label, after: error, in: context)
      return Receipt(.queued, stamp: stamped.stamp, children: [Outcome(below.label, Outcome.Result(error))])
    }
    try await settle(stamped, at: key, receipt, in: context)
    return receipt
  }

  /// Sees to it that no later read is given what was queued before a write that the child has taken.
  private func settle(
    _ record: Record, at key: Key, _ receipt: Receipt, in context: Context
  ) async throws(DriverError) {
    guard receipt.result.isUpToDate else { return }
    do throws(DriverError) {
      try await journal.acknowledged(record, at: key, by: below.label, in: context)?.finish()
    } catch {
      throw DriverError(
        error.code,
        "\(below.label) took the write of \(key), and an older one could neither be removed from the handoff journal nor be "
          + "replaced there: \(error.message)", underlying: error,
        outcomes: [Outcome(below.label, receipt.result, children: receipt.children)], effect: .unknown,
        isRetryable: error.isRetryable)
    }
  }

  /// Queues a write in a task of the runtime's own: whoever leaves meanwhile must not take the entry along.
  private func queue(
    _ record: Record, at key: Key, for child: String, after failure: DriverError, in context: Context
  ) async throws(DriverError) {
    let journal = journal
    let outcomes = [Outcome(child, Outcome.Result(failure))]
    let queueing = context.apart(traced: false)
    do throws(DriverError) {
      try await queueing.limited("handoff of \(key)", limit: .zero, isWrite: true, stragglers: site.stragglers) {
        context throws(DriverError) in
        try await journal.enqueue(record, at: key, for: child, in: context)
      }
    } catch {
      throw DriverError(
        error.code, "\(child) did not take the write of \(key), and it could not be queued: \(error.message)",
        underlying: error, outcomes: outcomes, effect: failure.effect == .unchanged ? error.effect : .unknown,
        isRetryable: error.isRetryable)
    }
  }

  /// Writes a tombstone to the child, or queues it.
  ///
  /// - Throws: As a put does.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await put(.unstampedTombstone(proof), at: key, in: context)
  }

  /// Lists what the child lists, and what is queued for it.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try outline.checkComposition()
    try attach(context)
    guard !context.isCounting else {
      return try await context.list(request, from: base, at: 0, label: below.component)
    }
    var merge = ListMerge(request)
    let label = below.label
    // The journal first, as for reads.
    let queued = try await journal.queued(for: label, request, in: context)
    let page = try await context.list(request, from: base, at: 0, label: below.component)
    merge.add(page, from: label)
    merge.add(Page(queued, next: nil), from: "journal")
    var merged = merge.page()
    merged.unanswered = page.unanswered
    return merged
  }

  /// Opens the child, and begins to send what is queued.
  ///
  /// - Returns: `opened`, with what became of the child.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try outline.checkComposition()
    try attach(context)
    var receipt: Receipt
    do throws(DriverError) {
      receipt = try await context.open(base, at: 0, label: below.component)
    } catch {
      guard error.isRetryable else { throw error }
      receipt = Receipt(.opened, children: [Outcome(below.label, .failed(error))])
    }
    receipt.children += await journal.strandedOutcomes(in: context)
    return receipt
  }

  /// Ends the replay, and closes the child. What is queued stays in the journal, which is not closed.
  public func close(in context: Context) async throws(DriverError) {
    site.detach()
    try await context.close(base, at: 0, label: below.component)
  }
}

extension Record {
  fileprivate var stat: Stat { Stat(of: self) }
}

extension Driver {
  /// Queues what this driver does not take, and sends it on later: see ``HintedHandoff``.
  public func hintedHandoff(_ journal: HandoffJournal) -> HintedHandoff<Self> { HintedHandoff(journal) { self } }
}
