import MetaDriver
import MetaDriverTesting
private import Synchronization

/// The state of a migration that was driven so far before anything was stored, and that stays there.
struct FixedPhase: Driver {
  /// What every migration is called whose state this is.
  static let migration = "tree"

  /// The documents of all phases, as a migration of empty stores writes them.
  private static let documents: [Migration.Phase: [UInt8]] = {
    let found = Mutex<[Migration.Phase: [UInt8]]>([:])
    let simulation = Simulation(seed: 1, keepsTrace: false) { world in
      let process = world.process("mover")
      _ = try await process.perform("move") {
        for isGivenUp in [false, true] {
          let state = MemoryDriver("state")
          let migration = Migrating(migration, state: state) {
            MemoryDriver("old")
          } to: {
            MemoryDriver("new")
          }.migration
          let context = Context(process.runtime)
          func take(_ phase: Migration.Phase) async throws {
            let key = try Key(.mutable, name: "metadriver/migration/\(Self.migration)")
            let document = try await context.get(key, from: state)
            found.withLock { $0[phase] = document?.bytes }
          }
          try await migration.begin(in: context)
          try await take(.copying)
          guard !isGivenUp else {
            try await migration.abort(in: context)
            try await take(.aborted)
            continue
          }
          try await migration.copy(in: context)
          try await take(.verifying)
          try await migration.verify(in: context)
          try await take(.verified)
          try await migration.switchReads(in: context)
          try await take(.switched)
          try await migration.retire(in: context)
          try await take(.retired)
        }
      }
    }
    do throws(Simulation.Failure) { try simulation.run() } catch { preconditionFailure("\(error)") }
    return found.withLock(\.self)
  }()

  private let document: [UInt8]?
  let leaf: Leaf?

  init(_ phase: Migration.Phase) {
    document = Self.documents[phase]
    leaf = Leaf("state")
    precondition((document == nil) == (phase == .notBegun), "no migration of empty stores was \(phase)")
  }

  var outline: Outline {
    Outline(leaf: leaf ?? Leaf("state"), kind: "FixedPhase", capabilities: [.get, .put, .compareAndPut])
  }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { document.map { Record($0) } }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    throw DriverError(.unsupported, "the phase is fixed", effect: .unchanged)
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    throw DriverError(.unsupported, "the phase is fixed", effect: .unchanged)
  }
}
