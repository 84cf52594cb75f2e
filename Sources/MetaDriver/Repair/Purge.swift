/// Removes tombstones that nobody needs any more, and refuses to remove any too early.
///
/// ```swift
/// let purge = Purge(after: .seconds(7 * 86_400)) { disk; eu; us }
/// let plan = try await purge.plan()
/// print(plan)                                        // which tombstones may go, which must wait, and for whom
/// print(try await purge.apply(plan))
/// ```
///
/// A tombstone beats every older copy for as long as it is there. One that is removed while an older copy is left
/// anywhere, in a store that was away or in a message that is still under way, brings the datum back. So a tombstone
/// goes only when all of this holds:
///
/// - **Every store answered**, and listed in full. One that did not refuses the whole purge: nobody knows what it holds.
/// - **Every store holds this very tombstone.** A store that holds an older copy, or nothing, keeps it everywhere: a
///   ``Scrub`` brings it up to date first. A store with nothing may be one that came back empty, or one that a write has
///   not reached yet; nothing tells the two apart.
/// - **It is older than `after`**, by this machine's clock. Choose more than a write can be under way, more than any store
///   is ever away, and more than the window of a hinted handoff: what still travels would land on nothing.
///
/// Give it every store of the tree, each as a leaf or one leaf with modifiers: a store that is left out is one whose old
/// copies come back. Do not purge the upper store of an ``Overlay``: what it says is deleted is still there below.
///
/// Each tombstone is read once more at every store when its turn comes, and removed only where it is still the same, in
/// one step. A leaf without ``Capabilities/compareAndDelete`` is looked at and deleted from in one turn of its puts, which
/// is as good within one process, and needs the ordering `PutOrdering.fifo` and the leaf itself, without modifiers.
///
/// A purge that was interrupted leaves tombstones at some stores and none at others. They do no harm; a scrub puts them
/// back everywhere, and the next purge removes them.
public struct Purge: Sendable {
  private let stores: ComparedStores
  private let age: Duration
  private let limit: Int

  /// Names the stores, and how old a tombstone must be.
  ///
  /// - Parameters:
  ///   - age: How old a tombstone must be at least.
  ///   - kind: Which kind of data.
  ///   - prefix: The beginning of the names; empty for all.
  ///   - timeout: How long a store has to answer one request.
  ///   - limit: How many tombstones a plan may be about; one that is full ends there, and says so.
  ///   - drivers: Every store of the tree, at least two.
  public init(
    after age: Duration, _ kind: Key.Kind = .mutable, prefix: String = "", timeout: Duration = .seconds(60),
    limit: Int = 100_000, @DriverBuilder _ drivers: () -> [any Driver]
  ) {
    precondition(age >= .zero, "a tombstone is never \(age) old")
    precondition(limit >= 1, "a plan of \(limit) tombstones does nothing")
    stores = ComparedStores(kind, prefix: prefix, timeout: timeout, drivers())
    self.age = age
    self.limit = limit
  }

  // MARK: Planning

  /// Looks for tombstones that may go. Changes nothing.
  ///
  /// - Throws: `unavailable` when a store did not answer, or not in full, naming it; `unsupported` when a store is not one
  ///   store, or cannot remove a tombstone for certain; `cancelled`.
  public func plan(in context: Context = Context()) async throws(DriverError) -> PurgePlan {
    try check()
    var plan = PurgePlan(
      kind: stores.request.kind, prefix: stores.request.prefix, age: age, stores: stores.names)
    var listings = Listings(stores)
    while let row = try await listings.next(in: context) {
      guard listings.silences.isEmpty else { break }
      guard plan.count < limit else {
        plan.end = plan.last
        break
      }
      switch PurgeRule.verdict(row.findings, minimumAge: age, now: context.runtime.wallMilliseconds) {
      case .keep: break
      case .young: plan.young += 1
      case .remove(let stamp): plan.removals.append(PurgePlan.Removal(key: row.key, stamp: stamp))
      case .wait(let lagging):
        plan.unsettled.append(PurgePlan.Unsettled(key: row.key, stores: lagging.map { stores.names[$0] }))
      }
    }
    guard listings.silences.isEmpty else { throw refusal(listings.silences) }
    return plan
  }

  private func refusal(_ silences: [Int: String]) -> DriverError {
    let silent = silences.sorted { $0.key < $1.key }.map { "\(stores.names[$0.key]) (\($0.value))" }
    return DriverError(
      .unavailable,
      "the purge is refused, because not every store said all that it holds: \(silent.joined(separator: ", ")); "
        + "an older copy there would come back. Purge when all are there", effect: .unchanged)
  }

  private func check() throws(DriverError) {
    try stores.check("purge", needs: [.get, .list, .delete])
    for (index, outline) in stores.children.outlines.enumerated() {
      let name = stores.names[index]
      guard outline.leaves.count == 1 else {
        throw DriverError(
          .unsupported,
          "a purge is not possible: \(name) has \(outline.leaves.count) stores below it, and what one of them holds cannot "
            + "be told from what it answers. Give the stores one by one", effect: .unchanged)
      }
      let canCompare = outline.capabilities.contains(.compareAndDelete)
      guard canCompare || stores.children.drivers[index].leaf?.ordering == .fifo else {
        throw DriverError(
          .unsupported,
          "a purge is not possible: \(name) cannot delete on a condition, and its writes cannot be kept in turns: a newer "
            + "copy could be removed with a tombstone", effect: .unchanged)
      }
    }
  }

  // MARK: Applying

  /// Removes the tombstones of a plan, those that are still settled.
  ///
  /// Cancelling the task ends the work between two keys; what is left is in the report.
  ///
  /// - Parameters:
  ///   - plan: What to remove: from these stores, by their names.
  ///   - limits: How fast.
  ///   - context: Credentials, runtime, deadline.
  /// - Returns: What became of each tombstone. Failures do not end the work.
  /// - Throws: `unsupported` when the plan is about other stores, or about younger tombstones; nothing is done then.
  public func apply(
    _ plan: PurgePlan, limits: RepairLimits = RepairLimits(), in context: Context = Context()
  ) async throws(DriverError) -> PurgeReport {
    try check()
    guard plan.stores == stores.names, plan.age >= age else {
      throw DriverError(
        .unsupported,
        "the plan is about \(plan.stores.joined(separator: ", ")) after \(plan.age), and this purge about "
          + "\(stores.names.joined(separator: ", ")) after \(age)", effect: .unchanged)
    }
    let stores = stores
    let items = await PacedWork.run(plan.removals, limits, on: context.runtime, byteCount: { _ in 0 }) { removal in
      PurgeReport.Item(removal: removal, outcomes: await stores.remove(removal, in: context))
    }
    return PurgeReport(of: plan, items)
  }
}

extension ComparedStores {
  /// Removes a tombstone from every store, if every store still holds it.
  fileprivate func remove(_ removal: PurgePlan.Removal, in context: Context) async -> [Outcome] {
    let (key, children) = (removal.key, children)
    let all = Array(children.indices)
    let copies = await ask(all, "the get of \(key)", isWrite: false, in: context) {
      index, context throws(DriverError) in
      try await children.get(key, at: index, context)
    }
    let tombstones = all.map { index -> Result<Record, DriverError> in
      switch copies[index] {
      case .success(let record?)? where record.isTombstone && record.stamp == removal.stamp: return .success(record)
      case .failure(let error)?: return .failure(error)
      default:
        return .failure(
          DriverError(
            .conflict, "it does not hold the tombstone any more, which stays at the others", effect: .unchanged))
      }
    }
    let settled = tombstones.compactMap { try? $0.get() }
    guard settled.count == all.count, settled.allSatisfy({ $0 == settled[0] }) else {
      return all.map { index in
        switch tombstones[index] {
        case .failure(let error): Outcome(names[index], .failed(error))
        case .success: Outcome(names[index], .skipped("not every store holds the same tombstone"))
        }
      }
    }
    let answers = await ask(all, "the delete of \(key)", isWrite: true, in: context) {
      index, context throws(DriverError) in
      try await children.purge(settled[index], at: key, from: index, context)
    }
    return all.map { index in
      switch answers[index] {
      case .success(let receipt)?: Outcome(names[index], receipt.result, children: receipt.children)
      case .failure(let error)?: Outcome(names[index], Outcome.Result(error))
      case nil: Outcome(names[index], .pending)
      }
    }
  }
}
