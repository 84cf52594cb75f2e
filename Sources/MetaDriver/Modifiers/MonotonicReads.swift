/// Reads that never go back: whatever a session has read or written of a datum, it never reads anything older.
///
/// ```swift
/// MonotonicReads(onStale: .wait(atMost: .seconds(2), every: .milliseconds(50))) {
///   FirstSuccess { eu; us }
/// }
/// ```
///
/// What a read has found becomes the key's *floor*, and so does an acknowledged write or delete. A later read through this
/// node that finds an older copy, or none, is below it, and `onStale` says what happens then: by default every driver
/// below is asked once more. A delete raises the floor as a put does; a stale copy that the caller accepted
/// (``CallOptions/acceptsStale``) does not lower it. Writes are stamped above all that was read, so that they follow it.
///
/// Copies without a stamp rank below every stamp: over data that no node of this package wrote, there is nothing to
/// compare.
///
/// The session is this value and its copies, unless it is given one: a ``Session`` can be shared with
/// ``ReadYourWrites``, and says what it remembers, for how long, and what that costs. With a journal the floors outlive
/// the process:
///
/// ```swift
/// MonotonicReads(floors: disk) { cloud }
/// ```
///
/// It makes and handles no URLs, and deletes nothing on a condition, as ``ReadYourWrites`` does not.
///
/// With ``StalePolicy/serveOwnCopy`` this node keeps what the session has *written*, and answers with that where it is not
/// below the floor; it keeps no copies of what was read. A read costs two looks into a dictionary more than the child's,
/// and with a journal, when it raises the floor, a write to it.
///
/// Source: D. Terry et al., *Session Guarantees for Weakly Consistent Replicated Data*.
public struct MonotonicReads<Base: Driver>: Driver {
  /// The child.
  public let base: Base
  private let session: Session
  private let onStale: StalePolicy
  private let below: Outline

  /// Keeps a session's reads from going back.
  ///
  /// - Parameters:
  ///   - session: The session, which other nodes may share.
  ///   - onStale: What a read does when the copy that it finds is below the floor.
  ///   - base: The child.
  public init(_ session: Session, onStale: StalePolicy = .widen, @ModifierBuilder _ base: () -> Base) {
    self.base = base()
    self.session = session
    self.onStale = onStale
    below = self.base.outline
  }

  /// Begins a session in memory.
  ///
  /// - Parameters:
  ///   - onStale: What a read does when the copy that it finds is below the floor.
  ///   - keyLimit: How many keys the session may read and write.
  ///   - base: The child.
  public init(onStale: StalePolicy = .widen, keyLimit: Int = 100_000, @ModifierBuilder _ base: () -> Base) {
    self.init(Session(keyLimit: keyLimit), onStale: onStale, base)
  }

  /// Goes on with the session that a journal holds; begins one where there is none.
  ///
  /// - Parameters:
  ///   - floors: Where the floors are kept: a driver of this client's own.
  ///   - name: Which session of the journal it is. Trees over different stores need different ones: under one name, what was
  ///     read through one of them is expected of the other.
  ///   - onStale: What a read does when the copy that it finds is below the floor.
  ///   - base: The child.
  public init(
    floors: any Driver, name: String = "reads", onStale: StalePolicy = .widen, @ModifierBuilder _ base: () -> Base
  ) {
    self.init(Session(journal: floors, name: name), onStale: onStale, base)
  }

  /// `MonotonicReads`, above the child.
  public var outline: Outline {
    var outline = Outline(modifier: "MonotonicReads", of: below, parameters: ["on stale": "\(onStale)"])
    outline.marks.insert(.monotonicReads)
    outline.become(session)
    return outline
  }

  /// Reads a copy that is no older than any that this session has read or written.
  ///
  /// - Throws: `stale` when there is none, as the policy says; `noSpace` when a session in memory remembers as many keys as
  ///   it may; what the session's journal throws.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await raise(key, in: context, Stat.init(of:)) { floor, context throws(DriverError) in
      try await session.ownRecord(at: key, from: floor, in: context)
    } ask: { context throws(DriverError) in
      try await context.get(key, from: base, at: 0, label: below.component)
    }
  }

  /// Describes a copy that is no older than any that this session has read or written.
  ///
  /// - Throws: As `get` does.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try await raise(key, in: context, \.self) { floor, context throws(DriverError) in
      try await session.ownStat(at: key, from: floor, in: context)
    } ask: { context throws(DriverError) in
      try await context.stat(key, from: base, at: 0, label: below.component)
    }
  }

  /// A read that is held against the floor, and raises it.
  private func raise<Copy: Erasable>(
    _ key: Key, in context: Context, _ describe: (Copy) -> Stat,
    own: (Stamp, Context) async throws(DriverError) -> Copy?, ask: (Context) async throws(DriverError) -> Copy?
  ) async throws(DriverError) -> Copy? {
    let floor = try await session.floor(.monotonicReads, of: key, in: context)
    var copy = try await ask(context)
    if let floor, (copy?.stamp).map({ $0 < floor }) ?? true {
      copy = try await session.resolve(copy, below: floor, .monotonicReads, at: key, onStale, in: context) {
        () throws(DriverError) in
        try await own(floor, context)
      } ask: { context throws(DriverError) in
        try await ask(context)
      }
    }
    if let copy, let stamp = copy.stamp, session.isDurable || floor.map({ $0 < stamp }) ?? true {
      try await session.see(describe(copy), at: key, in: context)
    }
    return copy
  }

  /// Writes a record above the floors, and takes note of it when it is acknowledged.
  ///
  /// - Throws: `noSpace` when the session remembers as many
  ///   keys as it may; what the session's journal throws.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await session.write(record, at: key, keepsCopy: onStale == .serveOwnCopy, in: context) {
      record, context throws(DriverError) in
      try await context.putInOrder(record, at: key, to: base, below, at: 0, label: below.component)
    }
  }

  /// Writes a record above the floors if a condition holds at the child, and takes note of it when it is acknowledged.
  ///
  /// - Throws: `conflict` when the condition does not hold; otherwise as `put` does.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try await session.write(
      record, at: key, keepsCopy: onStale == .serveOwnCopy, in: context
    ) { record, context throws(DriverError) in
      try await context.putRecognizably(record, at: key, if: condition, to: base, at: 0, label: below.component)
    }
  }

  /// Writes a tombstone, and takes note of it when it is acknowledged.
  ///
  /// - Throws: As `put` does.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await put(.unstampedTombstone(proof), at: key, in: context)
  }

  /// Lists what the child lists, with what this session has seen and written, as far as it is in memory.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    let page = try await context.list(request, from: base, at: 0, label: below.component)
    // What others could not read there is no part of what a node above counts.
    return context.isCounting ? page : session.merge(page, .monotonicReads, for: request, from: below.label)
  }

  /// Opens the child, and the session's journal.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try await session.open(context)
    return try await context.open(base, at: 0, label: below.component)
  }

  /// Closes the child, and the session's journal.
  public func close(in context: Context) async throws(DriverError) {
    try await session.close(context) { () throws(DriverError) in
      try await context.close(base, at: 0, label: below.component)
    }
  }
}

extension Driver {
  /// Reads of this driver that never go back: see ``MonotonicReads``.
  public func monotonicReads(onStale: StalePolicy = .widen) -> MonotonicReads<Self> {
    MonotonicReads(onStale: onStale) { self }
  }

  /// Reads of this driver that never go back: see ``MonotonicReads``.
  public func monotonicReads(_ session: Session, onStale: StalePolicy = .widen) -> MonotonicReads<Self> {
    MonotonicReads(session, onStale: onStale) { self }
  }

  /// Reads of this driver that never go back, across restarts: see ``MonotonicReads``.
  public func monotonicReads(
    floors: any Driver, name: String = "reads", onStale: StalePolicy = .widen
  ) -> MonotonicReads<Self> {
    MonotonicReads(floors: floors, name: name, onStale: onStale) { self }
  }
}
