private import Synchronization

/// Moves a live tree from one subtree to another, step by step: what ``Migrating`` does is decided here.
///
/// ```swift
/// let moving = Migrating("to eu", state: disk) { s3 } to: { eu }
/// let profiles = try Strategy("profiles") { moving }
/// // … every process runs this tree; one of them, or a tool, makes the steps:
/// try await moving.migration.begin()                  // from now on both sides are written
/// try await moving.migration.copy()                   // what was there before
/// print(try await moving.migration.verify())          // verified: 1200 copied, 1200 compared, 0 repaired
/// try await moving.migration.switchReads()
/// try await moving.migration.retire()                 // the old side is no longer used
/// ```
///
/// Each step may be called again after a crash, by any process: it goes on where it was, and does nothing where it is
/// done. A step that must not be made yet throws `conflict`, and says what comes first. Two processes that make the same
/// step at once do some of the work twice, and no harm.
///
/// ## The state
///
/// It is one document, `metadriver/migration/` and the name, on a driver that can check and write in one step, and that
/// answers with the last state written: a leaf, never a cache or a copy that may lag. All processes must share it. A
/// document that was never written says that nothing has begun, so the driver must not lose it. One that is damaged, or
/// of a later version of this package, is `corrupt`: nothing is read or written until it was restored, or replaced with
/// ``recover(as:in:)``.
public final class Migration: Sendable {
  let journal: MigrationJournal
  let children: Children
  /// The kinds of data of which neither side's reads miss what it acknowledged.
  let surelyRead: Set<Key.Kind>
  /// The kinds of data of which any two writes meet at a leaf, on either side.
  let meeting: Set<Key.Kind>
  /// The one phase that nothing follows, and that may therefore be remembered.
  private let isRetired = Atomic(false)

  init(_ name: String, state: any Driver, _ sides: [any Driver]) {
    journal = MigrationJournal(name, on: state)
    children = Children(sides)
    let outlines = children.outlines
    func kinds(_ isSo: (Outline, Key.Kind) -> Bool) -> Set<Key.Kind> {
      Set(Key.Kind.allCases.filter { kind in outlines.allSatisfy { isSo($0, kind) } })
    }
    surelyRead = kinds { $0.readsMeetWrites($1) }
    meeting = kinds { $0.writesMeet($1) }
  }

  /// What it is called, in its state too.
  public var name: String { journal.name }

  /// The state as it is now.
  func look(in context: Context) async throws(DriverError) -> MigrationState {
    if isRetired.load(ordering: .relaxed) { return MigrationState(.retired) }
    let state = try await journal.look(in: context)
    if state.phase == .retired { isRetired.store(true, ordering: .relaxed) }
    return state
  }

  /// How far it is, for any process that asks.
  ///
  /// - Throws: `corrupt` when the state cannot be read; whatever its driver throws.
  public func status(in context: Context = Context()) async throws(DriverError) -> Status {
    try await journal.look(in: context).status
  }

  /// Lets writes go to both sides.
  ///
  /// - Parameters:
  ///   - timeout: How long the new side has to say whether it is empty.
  ///   - context: The context.
  /// - Throws: `conflict` when the new side is not empty: what is there already could not be told from what was deleted.
  ///   `unavailable` when nobody can say, because a part of it did not list.
  @discardableResult
  public func begin(
    timeout: Duration = .seconds(60), in context: Context = Context()
  ) async throws(DriverError) -> Status {
    let sides = MigrationSides(of: self, timeout: timeout, in: context)
    if try await look(in: context).move(.begin) == .go {
      for kind in Key.Kind.allCases {
        let page = try await sides.list(ListRequest(kind, limit: 1), at: .to)
        guard let entry = page.entries.first else { continue }
        throw DriverError(
          .conflict,
          "\(children.labels[1]) holds \(entry.key) already, so the migration \(quoted(name)) did not begin: "
            + "empty it first, tombstones too")
      }
    }
    return try await make(.begin, in: context)
  }

  /// Lets reads use the new side.
  ///
  /// - Throws: `conflict` unless both sides were verified.
  @discardableResult
  public func switchReads(in context: Context = Context()) async throws(DriverError) -> Status {
    try await make(.switchReads, in: context)
  }

  /// Lets writes go to the new side alone. There is no way back.
  ///
  /// - Throws: `conflict` unless reads use the new side.
  @discardableResult
  public func retire(in context: Context = Context()) async throws(DriverError) -> Status {
    try await make(.retire, in: context)
  }

  /// Gives the migration up: the old side is read and written as before. It may begin again when the new side was emptied.
  ///
  /// Possible after reads were switched too, because the old side has been written all the time.
  ///
  /// - Throws: `conflict` when the old side was retired.
  @discardableResult
  public func abort(in context: Context = Context()) async throws(DriverError) -> Status {
    try await make(.abort, in: context)
  }

  /// Replaces a state that is damaged with a phase that somebody vouches for.
  ///
  /// A wrong phase loses data from view: when in doubt whether reads were switched, look into both sides. Copying and
  /// comparing begin anew.
  ///
  /// - Throws: `conflict` when the state is not damaged.
  @discardableResult
  public func recover(as phase: Phase, in context: Context = Context()) async throws(DriverError) -> Status {
    try await journal.replace(with: MigrationState(phase), in: context)
    return try await status(in: context)
  }

  private func make(_ step: MigrationState.Step, in context: Context) async throws(DriverError) -> Status {
    try await journal.change(in: context) { state throws(DriverError) in
      guard try isDue(step, in: state) else { return false }
      state.go(step)
      return true
    }.status
  }

  /// Whether a step is to be made; false when it was made already.
  func isDue(_ step: MigrationState.Step, in state: MigrationState) throws(DriverError) -> Bool {
    switch state.move(step) {
    case .go: return true
    case .done: return false
    case .refused(let reason):
      throw DriverError(.conflict, "the migration \(quoted(name)) is \(state.phase): \(reason)")
    }
  }
}
