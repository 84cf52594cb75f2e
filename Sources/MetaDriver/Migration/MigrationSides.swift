/// The two sides of a migration, as its steps use them. Each has a limited time for each request.
struct MigrationSides: Sendable {
  private enum Found {
    case none
    case copy(Record)
    case damaged(DriverError)
  }

  private let name: String
  private let children: Children
  private let timeout: Duration
  private let context: Context

  init(of migration: Migration, timeout: Duration, in context: Context) {
    precondition(timeout > .zero, "a time limit of \(timeout) lets nothing through")
    (name, children, self.timeout, self.context) = (migration.name, migration.children, timeout, context)
  }

  /// A page of one side, on which every part of it answered.
  ///
  /// - Throws: `unavailable` when it is incomplete: what it does not name may be there all the same.
  func list(_ request: ListRequest, at side: MigrationState.Side) async throws(DriverError) -> Page {
    let page = try await limited(side, "the listing", isWrite: false) {
      [children] context throws(DriverError) in
      try await children.list(request, at: side.rawValue, context.counting)
    }
    guard page.isComplete else {
      throw DriverError(
        .unavailable,
        "the listing of \(children.labels[side.rawValue]) is incomplete, \(page.unanswered.joined(separator: ", ")) did not "
          + "answer: the migration \(quoted(name)) waits until all of it does", effect: .unchanged)
    }
    return page
  }

  func get(_ key: Key, at side: MigrationState.Side) async throws(DriverError) -> Record? {
    try await limited(side, "the get of \(key)", isWrite: false) { [children] context throws(DriverError) in
      try await children.get(key, at: side.rawValue, context.counting)
    }
  }

  /// Brings a side to a copy, unless it holds something newer.
  func bring(_ record: Record, to side: MigrationState.Side, at key: Key) async throws(DriverError) {
    do throws(DriverError) {
      let receipt = try await limited(side, "the put of \(key)", isWrite: true) {
        [children] context throws(DriverError) in
        try await children.put(record, at: key, to: side.rawValue, context.repairing)
      }
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

  /// Brings the older copy of a datum to the newer.
  ///
  /// - Returns: Whether they differed.
  func compare(_ key: Key) async throws(DriverError) -> Bool {
    let (old, new) = (try await get(key, at: .from), try await copyOrDamage(key))
    switch (old, new) {
    case (let old, .damaged(let error)):
      guard let old else { throw error }
      try await bring(old, to: .to, at: key)
    case (nil, .none): return false
    case (let old?, .none): try await bring(old, to: .to, at: key)
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
        try await bring(new, to: .from, at: key)
        return true
      }
      if old.ranksAbove(new) {
        try await bring(old, to: .to, at: key)
      } else {
        try await bring(new, to: .from, at: key)
      }
    }
    return true
  }

  /// The copy on the new side. A damaged one is replaced by the old side's, as long as there is one.
  private func copyOrDamage(_ key: Key) async throws(DriverError) -> Found {
    do throws(DriverError) { return try await get(key, at: .to).map(Found.copy) ?? .none } catch {
      guard error.code == .corrupt else { throw error }
      return .damaged(error)
    }
  }

  private func limited<Answer: Sendable>(
    _ side: MigrationState.Side, _ operation: String, isWrite: Bool,
    _ body: @escaping @Sendable (Context) async throws(DriverError) -> Answer
  ) async throws(DriverError) -> Answer {
    let now = context.runtime.now
    let inner = context.within(now + timeout)
    return try await inner.limited(
      "\(operation) at \(children.labels[side.rawValue])",
      limit: inner.deadline.map { max($0 - now, .zero) } ?? timeout, isWrite: isWrite, stragglers: children.stragglers,
      body)
  }
}
