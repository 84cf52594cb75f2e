/// Removes tombstones that nobody needs any more, and refuses to remove any too early.
///
/// ```swift
/// let purge = Purge(after: .seconds(7 * 86_400)) { disk; eu; us }
/// while true {
///   let plan = try await purge.plan()
///   print(plan)                                      // which tombstones may go, which must wait, and for whom
///   print(try await purge.apply(plan))
///   try await Task.sleep(for: .seconds(3_600))
/// }
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
/// - **They have held it for as long as `after`**, as far as this purge has seen. Choose more than a write can be under way,
///   more than any store is ever away, and more than any device: what is still in its queue, its session or a token would
///   bring the datum back. One that was away for longer discards its ``HandoffJournal`` and begins a new ``Session``.
///
/// No wall clock has a say. The age of a tombstone counts from the first ``plan(in:)`` of this purge that found it at every
/// store, on the runtime's monotonic clock, and begins anew when a plan finds that a store lacks it. So keep the purge, and
/// plan again: the first plan removes nothing, unless `after` is zero. A purge remembers what its last plan was about, at
/// most `limit` tombstones, and twice as many after plans that failed; copies of the value share it.
///
/// A process that ends before `after` has passed saves the text of its plan. The next one goes on from there:
///
/// ```swift
/// var saved = ""                                     // what the process before has saved; nothing the first time
/// let last = try? PurgePlan(saved)
/// let purge = Purge(after: .seconds(7 * 86_400), seen: last, ago: .seconds(86_400)) { disk; eu; us }
/// let plan = try await purge.plan()
/// print(try await purge.apply(plan))
/// saved = "\(plan)"
/// ```
///
/// A plan counts for the ages that it states, which are durations. The time since it was made counts only as far as `ago`
/// says: no clock can be trusted across processes, so this is for the caller to know, from a timer that runs once a day for
/// example. Say nothing, and only the time within processes counts. Saying too much is as unsafe as too short an `after`.
///
/// Give it every store of the tree, each as a leaf or one leaf with modifiers: a store that is left out is one whose old
/// copies come back. Do not purge the upper store of an ``Overlay``: what it says is deleted is still there below.
///
/// Each tombstone is read once more at every store when its turn comes, and removed only where it is still the same, in
/// one step. A leaf without ``Capabilities/compareAndDelete`` is looked at and deleted from in one turn of its puts, which
/// is as good within one process, and needs the ordering `PutOrdering.fifo` and the leaf itself, without modifiers.
///
/// A purge that was interrupted leaves tombstones at some stores and none at others. A scrub puts them back everywhere, and a
/// later plan removes them, when they are old enough once more.
///
/// - Important: No process may write that knows nothing of the stores and whose wall clock is behind by more than `after`.
///   While a tombstone is gone from some stores and stands at others, the former take a write that ranks below it, and
///   the latter hide that write again. A process that has read or written since the delete is above it, whatever its
///   clock says.
public struct Purge: Sendable {
  private let stores: ComparedStores
  private let age: Duration
  private let limit: Int
  private let memory: PurgeMemory

  /// Names the stores, and for how long every store must have held a tombstone.
  ///
  /// - Parameters:
  ///   - age: For how long every store must have held a tombstone at least.
  ///   - seen: The last plan for these stores, made by another purge, perhaps read from its text. A plan for other stores
  ///     counts for nothing.
  ///   - interval: How long ago that plan was made, at least: something that the caller knows, and not by a wall clock.
  ///   - kind: Which kind of data.
  ///   - prefix: The beginning of the names; empty for all.
  ///   - timeout: How long a store has to answer one request. One that lets three in a row pass is asked no more until the
  ///     next plan, or the next time that a plan is applied.
  ///   - limit: How many tombstones a plan may be about; one that is full ends there, and says so.
  ///   - drivers: Every store of the tree, at least two.
  public init(
    after age: Duration, seen: PurgePlan? = nil, ago interval: Duration = .zero, _ kind: Key.Kind = .mutable,
    prefix: String = "", timeout: Duration = .seconds(60), limit: Int = 100_000,
    @DriverBuilder _ drivers: () -> [any Driver]
  ) {
    precondition(age >= .zero, "a tombstone is never \(age) old")
    precondition(interval >= .zero, "no plan was made \(interval) ago")
    precondition(limit >= 1, "a plan of \(limit) tombstones does nothing")
    stores = ComparedStores(kind, prefix: prefix, timeout: timeout, drivers())
    self.age = age
    self.limit = limit
    let isAboutThese = seen?.stores == stores.names
    memory = PurgeMemory(limit: limit, seen: isAboutThese ? seen?.settled ?? [] : [], ago: interval)
  }

  // MARK: Planning

  /// Looks for tombstones that may go. Changes nothing at the stores, and remembers which tombstones are settled.
  ///
  /// - Throws: `unavailable` when a store did not answer, or not in full, naming it; `unsupported` when a store is not one
  ///   store, or cannot remove a tombstone for certain; `cancelled`.
  public func plan(in context: Context = Context()) async throws(DriverError) -> PurgePlan {
    try check()
    var plan = PurgePlan(
      kind: stores.request.kind, prefix: stores.request.prefix, minimumAge: age, stores: stores.names)
    let runtime = context.runtime
    memory.begin(on: runtime)
    var listings = Listings(stores.anew())
    while let row = try await listings.next(in: context) {
      guard listings.silences.isEmpty else { break }
      guard plan.count < limit else {
        plan.end = plan.last
        break
      }
      switch PurgeRule.verdict(row.findings) {
      case .keep: memory.forget(row.key)
      case .settled(let stamp):
        let tombstone = PurgePlan.Tombstone(
          key: row.key, stamp: stamp, age: memory.age(of: row.key, stamp, now: runtime.now))
        if tombstone.age >= age { plan.removals.append(tombstone) } else { plan.young.append(tombstone) }
      case .wait(let lagging):
        memory.forget(row.key)
        plan.unsettled.append(PurgePlan.Unsettled(key: row.key, stores: lagging.map { stores.names[$0] }))
      }
    }
    guard listings.silences.isEmpty else { throw refusal(listings.silences) }
    memory.forgetAll(but: Set(plan.settled.map(\.key)))
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
  /// - Throws: `unsupported` when the plan is about other stores, or says of a tombstone that it had not been settled for as
  ///   long as this purge demands; nothing is done then.
  public func apply(
    _ plan: PurgePlan, limits: RepairLimits = RepairLimits(), in context: Context = Context()
  ) async throws(DriverError) -> PurgeReport {
    try check()
    func refuse(_ reason: String) -> DriverError { DriverError(.unsupported, "the plan \(reason)", effect: .unchanged) }
    guard plan.stores == stores.names else {
      let (theirs, mine) = (plan.stores.joined(separator: ", "), stores.names.joined(separator: ", "))
      throw refuse("is about \(theirs), and this purge about \(mine)")
    }
    if let young = plan.removals.first(where: { $0.age < age }) {
      throw refuse("says that \(young.key) was settled for \(young.age.text), and this purge removes after \(age.text)")
    }
    let stores = stores.anew()
    let items = await PacedWork.run(plan.removals, limits, on: context.runtime, byteCount: { _ in 0 }) { removal in
      PurgeReport.Item(removal: removal, outcomes: await stores.remove(removal, in: context))
    }
    return PurgeReport(of: plan, items)
  }
}
