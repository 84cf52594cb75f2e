import MetaDriver
import MetaDriverTesting

/// A tree that is moved while it is used: now and then a call also begins the next step of the migration, in the
/// background, so that several clients make steps at once, and crash in the middle of them.
struct Moving: Modifier {
  struct TooFewStores: Error {}

  /// How long a store may take.
  private static let limit = Duration.milliseconds(300)

  let base: AnyDriver
  private let migration: Migration
  private let beginsFirst: Bool

  /// - Parameters:
  ///   - leaves: The old side, the new side, and the store of the state.
  ///   - mistake: What is done wrongly.
  ///   - beginsFirst: Whether a client makes sure, before each of its calls, that the migration has begun.
  init(_ leaves: [Faulty], mistake: Mistake? = nil, beginsFirst: Bool = false) throws {
    guard leaves.count >= 3 else { throw TooFewStores() }
    let (old, new, state) = (leaves[0], leaves[1], leaves[2])
    self.beginsFirst = beginsFirst
    let sound = Self.tree(old.timeout(Self.limit), new.timeout(Self.limit), state.timeout(Self.limit))
    switch mistake {
    case nil: (base, migration) = (AnyDriver(sound), sound.migration)
    case .phaseRemembered:
      let remembering = Remembering(base: state.timeout(Self.limit))
      base = AnyDriver(Self.tree(old.timeout(Self.limit), new.timeout(Self.limit), remembering))
      migration = sound.migration
    case .switchedBeforeCopied:
      base = AnyDriver(sound)
      migration =
        Self.tree(
          ListingNothing(base: old.timeout(Self.limit)), ListingNothing(base: new.timeout(Self.limit)),
          state.timeout(Self.limit)
        ).migration
    case .readSideWrittenFirst:
      base = AnyDriver(OldSideFirst(base: sound, old: old.timeout(Self.limit)))
      migration = sound.migration
    }
  }

  /// Moves a tree from now on.
  init(_ tree: Migrating) {
    (base, migration, beginsFirst) = (AnyDriver(tree), tree.migration, false)
  }

  enum Mistake { case phaseRemembered, switchedBeforeCopied, readSideWrittenFirst }

  private static func tree(_ old: some Driver, _ new: some Driver, _ state: some Driver) -> Migrating {
    Migrating("moving", state: state) {
      old
    } to: {
      new
    }
  }

  var outline: Outline { Outline(modifier: "Moving", of: base.outline) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await move(context.runtime)
    return try await context.get(key, from: base)
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await move(context.runtime)
    return try await context.put(record, at: key, to: base)
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await move(context.runtime)
    return try await context.delete(key, proof: proof, from: base)
  }

  private func move(_ runtime: Runtime) async throws(DriverError) {
    if beginsFirst {
      do throws(DriverError) { try await migration.begin(in: Context(runtime)) } catch {
        throw DriverError(error.code, error.message, effect: .unchanged)
      }
    }
    guard runtime.withRandom({ $0.next() & 1 == 0 }) else { return }
    let migration = migration
    // What fails is done by whoever comes next.
    runtime.start { try? await Self.step(migration, Context(runtime)) }
  }

  private static func step(_ migration: Migration, _ context: Context) async throws(DriverError) {
    switch try await migration.status(in: context).phase {
    case .notBegun: try await migration.begin(in: context)
    case .copying: try await migration.copy(pageSize: 1, in: context)
    case .verifying: try await migration.verify(pageSize: 1, in: context)
    case .verified: try await migration.switchReads(in: context)
    case .switched: try await migration.retire(in: context)
    default: break
    }
  }
}

/// Answers with the first copy that it has found, for ever.
private struct Remembering<Base: Driver>: Modifier {
  let base: Base
  private let found = MemoryDriver()
  init(base: Base) { self.base = base }
  var outline: Outline { Outline(modifier: "Remembering", of: base.outline) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    if let known = try await found.get(key, in: context) { return known.isTombstone ? nil : known }
    let record = try await context.get(key, from: base)
    _ = try await found.put(record ?? .tombstone(stamp: Stamp(time: 1, writer: 1)), at: key, in: context)
    return record
  }
}

/// Lists an empty store, and says that this is all there is.
private struct ListingNothing<Base: Driver>: Modifier {
  let base: Base
  var outline: Outline { Outline(modifier: "ListingNothing", of: base.outline) }
  func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page { Page([], next: nil) }
}

/// Writes the old side before anything else, which is the side that reads use at first.
private struct OldSideFirst<Old: Driver>: Modifier {
  let base: Migrating
  let old: Old
  var outline: Outline { Outline(modifier: "OldSideFirst", of: base.outline) }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    var stamped = record
    stamped.stamp = record.stamp ?? context.runtime.nextStamp()
    do throws(DriverError) {
      _ = try await context.put(stamped, at: key, to: old)
      return try await context.put(stamped, at: key, to: base)
    } catch { throw DriverError(error.code, error.message, effect: .unknown) }
  }
}

/// Any driver as one type, for a tree whose shape is decided when it runs.
struct AnyDriver: Driver {
  private let driver: any Driver
  init(_ driver: some Driver) { self.driver = driver }

  var outline: Outline { driver.outline }
  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await driver.get(key, in: context)
  }
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await driver.put(record, at: key, in: context)
  }
  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await driver.delete(key, proof: proof, in: context)
  }
  func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try await driver.put(record, at: key, if: condition, in: context)
  }
  func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try await driver.list(request, in: context)
  }
  func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try await driver.stat(key, in: context)
  }
  func open(in context: Context) async throws(DriverError) -> Receipt { try await driver.open(in: context) }
  func close(in context: Context) async throws(DriverError) { try await driver.close(in: context) }
}
