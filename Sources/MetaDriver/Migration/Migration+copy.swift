private import Synchronization

/// The steps that go through all data, a page at a time.
extension Migration {
  /// How often the state may be found behind what was written to it, before a step gives up. It goes back when somebody
  /// gives the migration up and begins it anew, and on a driver that does not keep what it accepts.
  private static let returnLimit = 8

  /// Copies everything from the old side to the new one, tombstones too. A copy never replaces anything newer.
  ///
  /// The place is kept after each page, so that a process that dies, or another one, goes on there.
  ///
  /// - Parameters:
  ///   - pageSize: How many data are copied before the place is kept.
  ///   - concurrency: How many data are copied at once. So many values are in memory.
  ///   - timeout: How long a side has for one request.
  ///   - context: The context; its deadline is that of the whole copy.
  /// - Throws: The failure of the datum that could not be read or written, with its key: nothing is passed over. The next
  ///   call goes on with its page. `unavailable` when the old side does not list in full; `cancelled`; `conflict` when the
  ///   migration has not begun; `corrupt` when the state's driver does not keep what it accepts, or a listing goes back.
  @discardableResult
  public func copy(
    pageSize: Int = 100, concurrency: Int = 4, timeout: Duration = .seconds(60), in context: Context = Context()
  ) async throws(DriverError) -> Status {
    let sides = MigrationSides(of: self, timeout: timeout, in: context)
    return try await goThrough(
      .copy, pageSize: pageSize, concurrency: concurrency, in: context,
      list: { request throws(DriverError) in
        try await sides.list(request, at: .from)
      },
      each: { key throws(DriverError) in
        // Gone since it was listed: somebody removes data past this node, or purges tombstones.
        if let record = try await sides.get(key, at: .from) { try await sides.bring(record, to: .to, at: key) }
        return false
      })
  }

  /// Compares everything on both sides, and brings the older copy to the newer: what a write left on one side only.
  ///
  /// - Parameters:
  ///   - pageSize: How many data are compared before the place is kept.
  ///   - concurrency: How many data are compared at once. Twice as many values are in memory.
  ///   - timeout: How long a side has for one request.
  ///   - context: The context; its deadline is that of the whole comparison.
  /// - Throws: The failure of the datum that could not be compared, with its key. `conflict` when two copies cannot be
  ///   ranked, because neither has a stamp: somebody wrote past this node. `unavailable` when a side does not list in full;
  ///   `cancelled`; `conflict` when not everything was copied; `corrupt` as for a copy.
  @discardableResult
  public func verify(
    pageSize: Int = 100, concurrency: Int = 4, timeout: Duration = .seconds(60), in context: Context = Context()
  ) async throws(DriverError) -> Status {
    let sides = MigrationSides(of: self, timeout: timeout, in: context)
    return try await goThrough(
      .verify, pageSize: pageSize, concurrency: concurrency, in: context,
      list: { request throws(DriverError) in
        var merge = ListMerge(request)
        for side in MigrationState.Side.allCases {
          merge.add(try await sides.list(request, at: side), from: self.children.labels[side.rawValue])
        }
        return merge.page()
      }, each: { key throws(DriverError) in try await sides.compare(key) })
  }

  /// Does a step page by page, until another one is due.
  private func goThrough(
    _ step: MigrationState.Step, pageSize: Int, concurrency: Int, in context: Context,
    list: (ListRequest) async throws(DriverError) -> Page,
    each: @escaping @Sendable (Key) async throws(DriverError) -> Bool
  ) async throws(DriverError) -> Status {
    var state = try await look(in: context)
    var returns = 0
    while try isDue(step, in: state) {
      let begun = state
      let page = try await list(
        ListRequest(begun.position.kind, after: begun.position.last.map(Cursor.init(after:)), limit: pageSize))
      let repaired = try await goThrough(page, begun, RepairLimits(concurrency: concurrency), in: context, each)
      let count = page.entries.count
      if let next = page.next?.key, let last = begun.position.last, next <= last {
        throw DriverError(
          .corrupt,
          "the migration \(quoted(name)) stopped at \(last) while \(begun.phase): the listing goes on at \(next), "
            + "which is not behind it", effect: .unchanged)
      }
      state = try await journal.change(in: context) { state throws(DriverError) in
        // Somebody else has done this page, or given everything up.
        guard state == begun else { return false }
        state.advance(to: page.next?.key, count: count, repaired: repaired)
        return true
      }
      if state.isBehind(begun) { returns += 1 }
      guard returns < Self.returnLimit else {
        throw DriverError(
          .corrupt,
          "the state of the migration \(quoted(name)) on \(journal.driver.outline.label) was found \(returns) times behind "
            + "what was written to it: the driver does not keep what it accepts, or others begin the migration anew all the "
            + "time. Keep the state on a driver that answers with the last state written")
      }
    }
    return state.status
  }

  /// Does a step for each key of a page.
  ///
  /// - Returns: For how many of them something was repaired.
  private func goThrough(
    _ page: Page, _ begun: MigrationState, _ limits: RepairLimits, in context: Context,
    _ each: @escaping @Sendable (Key) async throws(DriverError) -> Bool
  ) async throws(DriverError) -> Int {
    // The first failure ends the page: what comes behind it would most likely fail too, after as long a wait.
    let isStopped = Atomic(false)
    let results = await PacedWork.run(
      page.entries, limits, on: context.runtime, byteCount: { _ in 0 }
    ) { entry -> Result<Bool, DriverError>? in
      guard !isStopped.load(ordering: .relaxed) else { return nil }
      do throws(DriverError) { return .success(try await each(entry.key)) } catch {
        isStopped.store(true, ordering: .relaxed)
        return .failure(error)
      }
    }
    var repaired = 0
    var isWhole = true
    for (entry, result) in zip(page.entries, results) {
      switch result {
      case .success(let isRepaired)??: repaired += isRepaired ? 1 : 0
      case .failure(let error)??:
        throw DriverError(
          error.code, "the migration \(quoted(name)) stopped at \(entry.key) while \(begun.phase), and goes on there",
          underlying: error, effect: error.effect, isRetryable: error.isRetryable, isExhausted: error.isExhausted,
          retryAfter: error.retryAfter)
      default: isWhole = false
      }
    }
    guard isWhole, !Task.isCancelled else {
      throw DriverError(.cancelled, "the migration \(quoted(name)) was cancelled; it goes on where it was")
    }
    return repaired
  }
}
