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
  ///   - context: The context; its deadline is that of the whole copy.
  /// - Throws: The failure of the datum that could not be read or written, with its key: nothing is passed over. The next
  ///   call goes on with its page. `unavailable` when the old side does not list in full; `cancelled`; `conflict` when the
  ///   migration has not begun; `corrupt` when the state's driver does not keep what it accepts, or a listing goes back.
  @discardableResult
  public func copy(pageSize: Int = 100, in context: Context = Context()) async throws(DriverError) -> Status {
    try await goThrough(
      .copy, pageSize: pageSize, in: context,
      list: { request throws(DriverError) in
        try await self.list(request, at: .from, in: context)
      },
      each: { key throws(DriverError) in
        try await self.copy(key, in: context)
        return false
      })
  }

  /// Compares everything on both sides, and brings the older copy to the newer: what a write left on one side only.
  ///
  /// - Parameters:
  ///   - pageSize: How many data are compared before the place is kept.
  ///   - context: The context; its deadline is that of the whole comparison.
  /// - Throws: The failure of the datum that could not be compared, with its key. `conflict` when two copies cannot be
  ///   ranked, because neither has a stamp: somebody wrote past this node. `unavailable` when a side does not list in full;
  ///   `cancelled`; `conflict` when not everything was copied; `corrupt` as for a copy.
  @discardableResult
  public func verify(pageSize: Int = 100, in context: Context = Context()) async throws(DriverError) -> Status {
    try await goThrough(
      .verify, pageSize: pageSize, in: context,
      list: { request throws(DriverError) in
        var merge = ListMerge(request)
        for side in MigrationState.Side.allCases {
          merge.add(try await self.list(request, at: side, in: context), from: self.children.labels[side.rawValue])
        }
        return merge.page()
      }, each: { key throws(DriverError) in try await self.compare(key, in: context) })
  }

  /// Does a step page by page, until another one is due.
  private func goThrough(
    _ step: MigrationState.Step, pageSize: Int, in context: Context,
    list: (ListRequest) async throws(DriverError) -> Page, each: (Key) async throws(DriverError) -> Bool
  ) async throws(DriverError) -> Status {
    var state = try await look(in: context)
    var returns = 0
    while try isDue(step, in: state) {
      let begun = state
      let page = try await list(
        ListRequest(begun.position.kind, after: begun.position.last.map(Cursor.init(after:)), limit: pageSize))
      var repaired = 0
      for entry in page.entries {
        if Task.isCancelled {
          throw DriverError(.cancelled, "the migration \(quoted(name)) was cancelled; it goes on where it was")
        }
        do throws(DriverError) { if try await each(entry.key) { repaired += 1 } } catch {
          throw DriverError(
            error.code, "the migration \(quoted(name)) stopped at \(entry.key) while \(begun.phase), and goes on there",
            underlying: error, effect: error.effect, isRetryable: error.isRetryable, isExhausted: error.isExhausted,
            retryAfter: error.retryAfter)
        }
      }
      let count = page.entries.count
      if let next = page.next?.key, let last = begun.position.last, next <= last {
        throw DriverError(
          .corrupt,
          "the migration \(quoted(name)) stopped at \(last) while \(begun.phase): the listing goes on at \(next), "
            + "which is not behind it", effect: .unchanged)
      }
      state = try await journal.change(in: context) { [repaired] state throws(DriverError) in
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

  private func copy(_ key: Key, in context: Context) async throws(DriverError) {
    // Gone since it was listed: somebody removes data past this node, or purges tombstones.
    guard let record = try await children.get(key, at: 0, context.counting) else { return }
    try await bring(record, to: .to, at: key, in: context)
  }

  /// Whether the copies of a datum differed.
  private func compare(_ key: Key, in context: Context) async throws(DriverError) -> Bool {
    let (old, new) = (try await children.get(key, at: 0, context.counting), try await copyOrDamage(key, context))
    switch (old, new) {
    case (let old, .damaged(let error)):
      guard let old else { throw error }
      try await bring(old, to: .to, at: key, in: context)
    case (nil, .none): return false
    case (let old?, .none): try await bring(old, to: .to, at: key, in: context)
    case (let old, .copy(let new)):
      if let old, old.stamp == new.stamp, old.isTombstone == new.isTombstone, old.bytes == new.bytes { return false }
      if old?.stamp == nil, new.stamp == nil {
        throw DriverError(
          .conflict,
          "\(children.labels[1]) holds a copy of \(key) that \(children.labels[0]) "
            + (old == nil ? "has not" : "holds another of")
            + ", and neither has a stamp: it was written past this node. Delete the one in \(children.labels[1]) if it is "
            + "the wrong one")
      }
      guard let old else {
        try await bring(new, to: .from, at: key, in: context)
        return true
      }
      if old.ranksAbove(new) {
        try await bring(old, to: .to, at: key, in: context)
      } else {
        try await bring(new, to: .from, at: key, in: context)
      }
    }
    return true
  }

  private enum Found {
    case none
    case copy(Record)
    case damaged(DriverError)
  }

  /// The copy on the new side. A damaged one is replaced by the old side's, as long as there is one.
  private func copyOrDamage(_ key: Key, _ context: Context) async throws(DriverError) -> Found {
    do throws(DriverError) {
      return try await children.get(key, at: 1, context.counting).map(Found.copy) ?? .none
    } catch {
      guard error.code == .corrupt else { throw error }
      return .damaged(error)
    }
  }

  /// Brings a side to a copy, unless it holds something newer.
  private func bring(
    _ record: Record, to side: MigrationState.Side, at key: Key, in context: Context
  ) async throws(DriverError) {
    do throws(DriverError) {
      let receipt = try await children.put(record, at: key, to: side.rawValue, context.repairing)
      // A queue is no copy: whoever reads this side would not find it.
      guard receipt.result.isUpToDate else {
        throw DriverError(
          .unavailable, "\(children.labels[side.rawValue]) holds no copy yet: \(receipt.result)",
          outcomes: receipt.children, effect: .unknown)
      }
    } catch {
      // Bytes without a stamp never replace bytes with one, which are newer: a write has reached both sides meanwhile.
      guard error.code == .conflict, record.stamp == nil else { throw error }
    }
  }
}
