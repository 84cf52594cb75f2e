/// A session that never misses its own writes and deletes, over any child.
///
/// ```swift
/// ReadYourWrites {
///   Replicated(writes: .atLeast(2)) { disk; eu; us }
/// }
/// ```
///
/// Every write is stamped, above all that the session knows of the key, unless a node above did. An acknowledged write
/// becomes the key's *floor*: a later read through this node that finds an older copy, or none, is below it, and `onStale`
/// says what happens then. Deletes are tombstones, so that they too have a stamp. A newer copy that somebody else wrote
/// is above the floor and is the answer.
///
/// The session is this value and its copies, unless it is given one: a ``Session`` can be shared with
/// ``MonotonicReads``, and says what it remembers, for how long, and what that costs. With a journal it outlives the
/// process:
///
/// ```swift
/// ReadYourWrites(journal: disk) { cloud }
/// ```
///
/// It makes and handles no URLs, because a copy read by URL may be below the floor, and deletes nothing on a condition,
/// because what the session wrote would be gone.
///
/// A read costs one look into a dictionary more than the child's. A failed write leaves the floor where it was. A listing
/// shows what the session has written and has in memory; with a journal that need not be all of it.
///
/// Source: D. Terry et al., *Session Guarantees for Weakly Consistent Replicated Data*.
public struct ReadYourWrites<Base: Driver>: Driver {
  /// The child.
  public let base: Base
  private let session: Session
  private let onStale: StalePolicy
  private let below: Outline

  /// Keeps a session's reads from missing its writes.
  ///
  /// - Parameters:
  ///   - session: The session, which other nodes may share.
  ///   - onStale: What a read does when the copy that it finds is below the floor.
  ///   - base: The child.
  public init(_ session: Session, onStale: StalePolicy = .serveOwnCopy, @ModifierBuilder _ base: () -> Base) {
    self.base = base()
    self.session = session
    self.onStale = onStale
    below = self.base.outline
  }

  /// Begins a session in memory.
  ///
  /// - Parameters:
  ///   - onStale: What a read does when the copy that it finds is below the floor.
  ///   - keyLimit: How many keys the session may write.
  ///   - byteLimit: How many bytes of its own records it keeps.
  ///   - base: The child.
  public init(
    onStale: StalePolicy = .serveOwnCopy, keyLimit: Int = 100_000, byteLimit: Int = 64 << 20,
    @ModifierBuilder _ base: () -> Base
  ) {
    self.init(Session(keyLimit: keyLimit, byteLimit: byteLimit), onStale: onStale, base)
  }

  /// Goes on with the session that a journal holds; begins one where there is none.
  ///
  /// - Parameters:
  ///   - journal: Where the session's writes are kept: a driver of this client's own.
  ///   - name: Which session of the journal it is. Trees over different stores need different ones: under one name, what was
  ///     written through one of them is answered by the other.
  ///   - onStale: What a read does when the copy that it finds is below the floor.
  ///   - base: The child.
  public init(
    journal: any Driver, name: String = "writes", onStale: StalePolicy = .serveOwnCopy,
    @ModifierBuilder _ base: () -> Base
  ) {
    self.init(Session(journal: journal, name: name), onStale: onStale, base)
  }

  /// `ReadYourWrites`, above the child.
  public var outline: Outline {
    var outline = Outline(modifier: "ReadYourWrites", of: below)
    if onStale != .serveOwnCopy { outline.parameters = [.init(name: "on stale", value: "\(onStale)")] }
    outline.marks.insert(.readYourWrites)
    outline.become(session)
    return outline
  }

  /// Reads a copy that is no older than what this session wrote.
  ///
  /// - Throws: `stale` when there is none, as the policy says; what the session's journal throws.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    // The floor is read first: a write acknowledged while the child is read is not this read's to know.
    let floor = try await session.floor(.readYourWrites, of: key, in: context)
    let record = try await read(key, in: context)
    guard let floor, (record?.stamp).map({ $0 < floor }) ?? true else { return record }
    return try await session.resolve(record, below: floor, .readYourWrites, at: key, onStale, in: context) {
      () throws(DriverError) in
      try await session.ownRecord(at: key, from: floor, in: context)
    } ask: { context throws(DriverError) in
      try await read(key, in: context)
    }
  }

  @inline(__always)
  private func read(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await context.get(key, from: base, at: 0, label: below.component)
  }

  /// Describes a copy that is no older than what this session wrote.
  ///
  /// - Throws: `stale` when there is none, as the policy says; what the session's journal throws.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    let floor = try await session.floor(.readYourWrites, of: key, in: context)
    let stat = try await context.stat(key, from: base, at: 0, label: below.component)
    guard let floor, (stat?.stamp).map({ $0 < floor }) ?? true else { return stat }
    return try await session.resolve(stat, below: floor, .readYourWrites, at: key, onStale, in: context) {
      () throws(DriverError) in
      try await session.ownStat(at: key, from: floor, in: context)
    } ask: { context throws(DriverError) in
      try await context.stat(key, from: base, at: 0, label: below.component)
    }
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

  /// Lists what the child lists, with this session's own writes.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    let page = try await context.list(request, from: base, at: 0, label: below.component)
    // What others could not read there is no part of what a node above counts.
    return context.isCounting ? page : session.merge(page, .readYourWrites, for: request, from: below.label)
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
  /// A session that never misses its own writes over this driver: see ``ReadYourWrites``.
  public func readYourWrites(onStale: StalePolicy = .serveOwnCopy) -> ReadYourWrites<Self> {
    ReadYourWrites(onStale: onStale) { self }
  }

  /// A session that never misses its own writes over this driver: see ``ReadYourWrites``.
  public func readYourWrites(_ session: Session, onStale: StalePolicy = .serveOwnCopy) -> ReadYourWrites<Self> {
    ReadYourWrites(session, onStale: onStale) { self }
  }

  /// A session that never misses its own writes over this driver, across restarts: see ``ReadYourWrites``.
  public func readYourWrites(
    journal: any Driver, name: String = "writes", onStale: StalePolicy = .serveOwnCopy
  ) -> ReadYourWrites<Self> {
    ReadYourWrites(journal: journal, name: name, onStale: onStale) { self }
  }
}
