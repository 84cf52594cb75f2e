/// Compares what several stores hold, and brings each up to date with the others: for copies that no read ever meets.
///
/// ```swift
/// let scrub = Scrub(compare: .content) { disk; eu; us }
/// let plan = try await scrub.plan()
/// print(plan)                                        // who lacks what, and where it is to come from: nothing is done yet
/// let report = try await scrub.apply(plan, limits: RepairLimits(bytesPerSecond: 10 << 20))
/// print(report)
/// ```
///
/// Give it the drivers of the tree, each by itself: the very values, so that puts of one key keep their order. It reads
/// and writes what the tree stores, stamps and tombstones included.
///
/// - **It never deletes**, and never takes silence for absence. A store that could not be asked, or that says itself that
///   its listing is incomplete, is named in the plan, and lacks nothing in its eyes: a key that others hold is not copied
///   there, and one that only it may hold is not missing anywhere.
/// - **It never goes back.** Copies are put so that a newer one stays, whatever the ordering of the leaf; a tombstone is
///   spread like any copy, and beats older copies. Copies without a stamp fill gaps and replace damaged ones, and
///   overwrite nothing else. What was written since the plan was made is newer, and stays. Where deletes leave no tombstone,
///   nothing tells a copy that was deleted from one that is missing: delete nothing in such a tree while a plan is applied.
/// - **It is resumable**: what was not done is a plan again (``ScrubReport/remaining``), and applying a plan twice
///   changes nothing the second time.
///
/// A copy whose stamp no clock makes is not spread, because no reader would take it.
///
/// It holds one page of each listing in memory, and of each repair under way one copy. Comparing stamps costs the
/// listings; comparing content reads every copy, one key at a time.
public struct Scrub: Sendable {
  /// What is compared.
  public enum Comparison: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// What listings say: stamps, sizes, tombstones. Copies are read only where that leaves doubt: where one stamp has two
    /// descriptions, where a stamp is from the future, and where a copy without a stamp, which may be a damaged one, is not
    /// the same everywhere. Copies without stamps that have one size are taken for equal.
    case stamps
    /// Every copy is read and checked, so that damaged ones are found.
    case content

    /// The name of the case.
    public var description: String { rawValue }
  }

  private let stores: ComparedStores
  private let comparison: Comparison
  private let limit: Int

  /// Names the stores and what to compare of them.
  ///
  /// - Parameters:
  ///   - kind: Which kind of data.
  ///   - prefix: The beginning of the names; empty for all.
  ///   - compare: What is compared.
  ///   - timeout: How long a store has to answer one request. One that lets three in a row pass is asked no more until the
  ///     next plan, or the next time that a plan is applied.
  ///   - limit: How many keys a plan may be about; one that is full ends there, and says so.
  ///   - drivers: The stores, at least two.
  public init(
    _ kind: Key.Kind = .mutable, prefix: String = "", compare: Comparison = .stamps, timeout: Duration = .seconds(60),
    limit: Int = 100_000, @DriverBuilder _ drivers: () -> [any Driver]
  ) {
    precondition(limit >= 1, "a plan of \(limit) keys does nothing")
    stores = ComparedStores(kind, prefix: prefix, timeout: timeout, drivers())
    comparison = compare
    self.limit = limit
  }

  // MARK: Planning

  /// Compares the stores. Changes nothing.
  ///
  /// - Returns: What to do. A store that failed is named in it, and does not end the comparison of the others.
  /// - Throws: `unsupported` when a store cannot be listed, read or written, or is there twice; `cancelled`.
  public func plan(in context: Context = Context()) async throws(DriverError) -> ScrubPlan {
    try check()
    let stores = stores.anew()
    var plan = ScrubPlan(
      kind: stores.request.kind, prefix: stores.request.prefix, comparison: comparison,
      stores: stores.names.map { ScrubPlan.Store(name: $0) })
    var listings = Listings(stores)
    while let row = try await listings.next(in: context) {
      guard plan.count < limit else {
        plan.end = plan.last
        break
      }
      var copies = row.findings.map { finding -> CopyComparison.Copy in
        switch finding {
        case .missing: .absent
        case .unknown: .unknown
        case .listed(let stat): .present(stat, nil)
        }
      }
      var verdict = CopyComparison.verdict(copies)
      if comparison == .content || isDoubtful(row.findings, verdict) {
        try await read(row.key, &copies, from: stores, context, &plan)
        verdict = CopyComparison.verdict(copies)
      }
      plan.add(verdict, of: row.key)
    }
    for index in plan.stores.indices {
      plan.stores[index].listed = listings.counts[index]
      plan.stores[index].silence = listings.silences[index] ?? plan.stores[index].silence
    }
    return plan
  }

  private func check() throws(DriverError) { try stores.check("scrub", needs: [.get, .put, .list]) }

  /// Whether listings do not tell what is to be done, so that the copies must be read: one stamp has two descriptions, a
  /// stamp cannot be, or something is to be done about a copy without a stamp, which is how a damaged one is listed.
  private func isDoubtful(
    _ findings: [ListingWalk.Finding], _ verdict: CopyComparison.Verdict
  ) -> Bool {
    guard verdict != .readBytes else { return true }
    return findings.lazy.compactMap(\.stat).contains { stat in
      guard let stamp = stat.stamp else { return verdict != .agreement }
      return !stamp.isPossible
    }
  }

  /// Reads the copies that were listed.
  private func read(
    _ key: Key, _ copies: inout [CopyComparison.Copy], from stores: ComparedStores, _ context: Context,
    _ plan: inout ScrubPlan
  ) async throws(DriverError) {
    let listed = copies.indices.filter { copies[$0] != .absent && copies[$0] != .unknown }
    let children = stores.children
    let answers = await stores.ask(listed, "the get of \(key)", isWrite: false, in: context) {
      index, context throws(DriverError) -> (stat: Stat, digest: ContentHash)? in
      guard let record = try await children.get(key, at: index, context) else { return nil }
      try record.checkHash(of: key, "the stored copy")
      return (Stat(of: record), ContentHash(of: record.bytes))
    }
    if Task.isCancelled { throw DriverError(.cancelled, "the comparison was cancelled", effect: .unchanged) }
    for index in listed {
      switch answers[index] {
      case .success(let copy?)?: copies[index] = believed(copy.stat, copy.digest, at: index, context, &plan)
      case .success(nil)?: copies[index] = .absent
      case .failure(let error)? where error.code == .corrupt: copies[index] = .damaged
      case .failure(let error)?:
        copies[index] = .unknown
        plan.stores[index].silence = plan.stores[index].silence ?? "get of \(key), \(error.code): \(error.summary)"
      case nil: copies[index] = .unknown
      }
    }
  }

  /// A copy that readers take; one with a stamp that no clock makes is as good as not known.
  private func believed(
    _ stat: Stat, _ digest: ContentHash, at index: Int, _ context: Context, _ plan: inout ScrubPlan
  ) -> CopyComparison.Copy {
    do throws(DriverError) {
      if let stamp = stat.stamp { try context.runtime.observe(stamp) }
      return .present(stat, digest)
    } catch {
      plan.stores[index].silence = plan.stores[index].silence ?? error.message
      return .unknown
    }
  }

  // MARK: Applying

  /// Does what a plan says.
  ///
  /// Each copy is read again when its turn comes. Cancelling the task ends the work between two keys; what was sent goes
  /// on in the background, and what is left is in the report.
  ///
  /// - Parameters:
  ///   - plan: What to do: of these stores, by their names.
  ///   - limits: How fast.
  ///   - context: Credentials, runtime, deadline.
  ///   - progress: Told of each key when it is done, from whatever task did it.
  /// - Returns: What became of each copy at each store. Failures do not end the work.
  /// - Throws: `unsupported` when the plan is about other stores; nothing is done then.
  public func apply(
    _ plan: ScrubPlan, limits: RepairLimits = RepairLimits(), in context: Context = Context(),
    progress: @escaping @Sendable (ScrubReport.Item) -> Void = { _ in }
  ) async throws(DriverError) -> ScrubReport {
    try check()
    let unknown = plan.stores.map(\.name).filter { !stores.names.contains($0) }
    guard unknown.isEmpty else {
      throw DriverError(
        .unsupported,
        "the plan is about \(unknown.joined(separator: ", ")), and this scrub about \(stores.names.joined(separator: ", "))",
        effect: .unchanged)
    }
    let work = RepairWork(stores: stores.anew(), context: context)
    let items = await PacedWork.run(
      plan.repairs, limits, on: context.runtime, byteCount: { $0.stat.byteCount * $0.targets.count }
    ) { repair in
      let item = await work.carryOut(repair)
      progress(item)
      return item
    }
    return ScrubReport(of: plan, items)
  }
}

extension ScrubPlan {
  /// How many keys the plan is about.
  fileprivate var count: Int { repairs.count + undecided.count + lost.count }

  fileprivate var last: Key? { [repairs.last?.key, undecided.last?.key, lost.last?.key].compactMap(\.self).max() }

  fileprivate mutating func add(_ verdict: CopyComparison.Verdict, of key: Key) {
    func names(_ indices: [Int]) -> [String] { indices.map { stores[$0].name } }
    switch verdict {
    case .agreement, .readBytes: break
    case .repair(let repair):
      repairs.append(
        Repair(
          key: key, stat: repair.stat, sources: names(repair.sources),
          targets: repair.targets.map { Target(store: stores[$0.store].name, need: $0.need) }))
    case .undecided(let indices): undecided.append(Finding(key: key, stores: names(indices)))
    case .lost(let indices): lost.append(Finding(key: key, stores: names(indices)))
    }
  }
}
