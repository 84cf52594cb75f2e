/// A tree that moves to another place while it is used.
///
/// ```swift
/// let moving = Migrating("to eu", state: disk) { s3 } to: { eu }
/// let profiles = try Strategy("profiles") { moving }
/// ```
///
/// Its ``migration`` makes the steps; ``Migration/Phase`` says which side each phase reads and writes. Whatever phase it
/// is in, and whichever process dies where:
///
/// - **An acknowledged write is never lost, and a read never misses one.** Every call looks at the phase before its work
///   and after. A write is acknowledged only when, at the second look, it has reached every side that is written then; a
///   read counts only if the side it used is still the side to read. So whoever was acknowledged by the old side alone was
///   done before both were written, and thus before copying began, which finds it; everybody else has written both.
/// - **Reads are regular**, if both sides are. While both sides are written, the one that reads do not use is written
///   first, so that what a reader has seen is on the other side too when reads switch. What a write has left behind that
///   failed, or never came to its end, may be seen or not, as with any such write.
/// - **A write needs both sides** while both are written, one after the other, and asks one of them before. A read never
///   needs more than one.
/// - **Records are stamped**, unless a node above did; copies are compared by their stamps. Deletes are tombstones, in every
///   phase. Before a record is stamped, the side that reads use is asked for the newest stamp, so that clocks that disagree
///   lose no write.
/// - **Conditional puts** work before the migration begins, and after it was retired or aborted. In between `unavailable` is
///   thrown: neither side decides for the other.
/// - **URLs** are neither made nor handled: one that was kept would lead to the old side for ever.
///
/// Both sides must compare stamps when they write (``PutOrdering/newestWins``), or be written by one process only: a late
/// older put would replace a newer copy there, as without a migration. A warning says where that is so.
///
/// The state must be kept on a driver that all processes share, that answers with the last state written, and does not
/// lose it. When it cannot be reached, no call is carried out: the phase is never guessed, and never remembered.
///
/// Each call costs two reads of the state more than the side's own, which is little where the state is on a disk or in
/// memory; none once this process has seen that the old side was retired, which nothing follows.
public struct Migrating: Driver {
  /// The steps, and how far they are.
  public let migration: Migration
  /// The tree below this node.
  public let outline: Outline

  /// Puts two trees in one place.
  ///
  /// - Parameters:
  ///   - name: What to call the migration: processes that use the same name, and the same state, move together.
  ///   - state: Where its state is kept; needs `.compareAndPut`.
  ///   - from: The tree in use.
  ///   - to: The tree that takes its place; empty when the migration begins.
  /// - Precondition: The name is not empty and shorter than an id by 21 bytes.
  public init<From: Driver, To: Driver>(
    _ name: String, state: some Driver, @ModifierBuilder from: () -> From, @ModifierBuilder to: () -> To
  ) {
    migration = Migration(name, state: state, [from(), to()])
    let children = migration.children
    // What only one side does, is done in some phases only. As for who has a copy, either may be the only one.
    var outline = Outline(
      composite: "Migrating", of: children.outlines,
      access: Access(read: .all(children.count), write: .any(children.count)))
    outline.capabilities.formIntersection([.get, .put, .list, .stat, .compareAndPut])
    if outline.capabilities.contains(.put) { outline.capabilities.insert(.delete) }
    outline.parameters = [
      .init(name: "", value: "\"\(name)\""), .init(name: "", value: "from, to"),
      .init(name: "state", value: state.outline.label),
    ]
    outline.mutable?.readsBeforeWriting = true
    outline.immutable?.readsBeforeWriting = true
    outline.marks.formUnion([.stamping, .ordering, .replicating])
    outline.withheld = [
      Withheld([.compareAndDelete], because: "a delete is a tombstone here"),
      Withheld([.makeURL, .getURL], because: "a URL would lead to the old side for ever"),
    ]
    outline.remarks = Self.remarks(children, state: state.outline)
    self.outline = outline
  }

  /// Reads from the side that reads use.
  ///
  /// - Throws: `corrupt` when the state of the migration is; whatever keeps it from being read.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try outline.check(.get)
    return try await migration.read(in: context) { side throws(DriverError) in
      try await migration.children.get(key, at: side, context)
    }
  }

  /// Describes the copy that a read would give.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try outline.check(.stat)
    return try await migration.read(in: context) { side throws(DriverError) in
      try await migration.children.stat(key, at: side, context)
    }
  }

  /// Lists the side that reads use. A listing may begin on one side and end on the other, which holds the same.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try outline.check(.list)
    return try await migration.read(in: context) { side throws(DriverError) in
      try await migration.children.list(request, at: side, context)
    }
  }

  /// Writes a stamped record to every side that is written.
  ///
  /// - Throws: `quorumNotMet` when a side did not accept, with what became of each; `corrupt` when the state of the
  ///   migration is; whatever keeps it from being read.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.put)
    return try await migration.write(record, at: key, in: context)
  }

  /// Writes a tombstone to every side that is written.
  ///
  /// - Throws: What a put throws.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.delete)
    return try await migration.write(.unstampedTombstone(proof), at: key, in: context)
  }

  /// Writes a stamped record if a condition holds, at the one side that is in use.
  ///
  /// A put whose reply was lost is looked for once, and recognised by its stamp.
  ///
  /// - Throws: `conflict` when the condition does not hold; `unavailable` while both sides are written.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try outline.check(.compareAndPut)
    return try await migration.write(record, at: key, if: condition, in: context)
  }

  /// Opens both sides, and the driver of the state. Fails when the state cannot be opened, without which nothing works,
  /// or neither side.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try outline.checkComposition()
    _ = try await context.open(migration.journal.driver, at: migration.children.count)
    return try await migration.children.open(in: context)
  }

  /// Closes both sides, and the driver of the state.
  public func close(in context: Context) async throws(DriverError) {
    try await migration.children.close(in: context)
    try await context.close(migration.journal.driver, at: migration.children.count)
  }
}

extension Migrating {
  /// What is wrong or doubtful with the way a node was composed.
  private static func remarks(_ children: Children, state: Outline) -> [Remark] {
    var remarks: [Remark] = []
    for index in children.indices {
      let lacking = Capabilities([.get, .put, .list]).subtracting(children.outlines[index].capabilities)
      if !lacking.isEmpty {
        remarks.append(
          Remark(
            .error, "\(children.labels[index]) has no \(lacking), without which nothing can be moved",
            mend: "Use a tree that has it"))
      }
    }
    let lacking = Capabilities([.get, .compareAndPut]).subtracting(state.capabilities)
    if !lacking.isEmpty {
      remarks.append(
        Remark(
          .error, "the state cannot be kept on \(state.label), which has no \(lacking)",
          mend: "Keep it on one driver that can check and write in one step"))
    }
    let stores = Set(state.leaves.map(\.identity))
    if let store = children.outlines.flatMap(\.leaves).first(where: { stores.contains($0.identity) }) {
      remarks.append(
        Remark(
          .error,
          "the state is kept on \(store.label), which is a store of one side: it would be taken for data to move, and be "
            + "different on both", mend: "Keep it on a driver of its own, such as another folder or prefix"))
    }
    let blind = children.outlines.flatMap(\.blindLeaves)
    if !blind.isEmpty {
      remarks.append(
        Remark(
          .warning,
          "\(blind.joined(separator: ", ")) does not compare stamps: where several processes write, a late old put replaces "
            + "a newer copy, and the sides can come to differ",
          mend: "Let one process write while the migration lasts, or use drivers whose ordering is newest wins"))
    }
    return remarks
  }
}

extension Outline {
  /// The leaves that let a late put win.
  fileprivate var blindLeaves: [String] {
    if let leaf { return leaf.ordering == .newestWins ? [] : [label] }
    return children.flatMap(\.blindLeaves)
  }
}
