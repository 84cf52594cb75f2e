import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

@Suite(.timeLimit(.minutes(10))) struct MigratingTests {
  private let key = Key.mutable("k")
  private let runtime = Runtime.manual()
  private let old = Scripted("old", ordering: .newestWins)
  private let new = Scripted("new", ordering: .newestWins)
  private let state = Scripted("state")
  private var context: Context { Context(runtime) }

  private var tree: Migrating {
    Migrating("to eu", state: state) {
      old
    } to: {
      new
    }
  }

  /// A tree, brought to a phase by its own steps.
  private func tree(_ phase: Migration.Phase) async throws -> Migrating {
    let tree = tree
    if phase == .notBegun { return tree }
    try await tree.migration.begin(in: context)
    if phase == .aborted { try await tree.migration.abort(in: context) }
    if phase == .aborted || phase == .copying { return tree }
    try await tree.migration.copy(in: context)
    if phase == .verifying { return tree }
    try await tree.migration.verify(in: context)
    if phase == .verified { return tree }
    try await tree.migration.switchReads(in: context)
    if phase == .retired { try await tree.migration.retire(in: context) }
    return tree
  }

  private func calls(_ store: Scripted, _ operation: Event.Operation) -> Int {
    store.calls.count { $0.operation == operation }
  }

  private static let readsNew: Set<Migration.Phase> = [.switched, .retired]
  private static let both: Set<Migration.Phase> = [.copying, .verifying, .verified, .switched]

  @Test("Reads use the side of the phase, and ask no other", arguments: Migration.Phase.allCases)
  func reads(phase: Migration.Phase) async throws {
    let tree = try await tree(phase)
    #expect(try await tree.migration.status(in: context).phase == phase)
    old.contents[key] = Record([1], stamp: Stamp(time: 1, writer: 1))
    new.contents[key] = Record([2], stamp: Stamp(time: 2, writer: 1))
    let (before, beforeNew) = (old.calls.count, new.calls.count)
    let expected: UInt8 = Self.readsNew.contains(phase) ? 2 : 1
    #expect(try await tree.get(key, in: context)?.bytes == [expected])
    #expect(try await tree.stat(key, in: context)?.stamp?.time == UInt64(expected))
    #expect(try await tree.list(ListRequest(), in: context).entries.map(\.stat.stamp?.time) == [UInt64(expected)])
    #expect((old.calls.count - before, new.calls.count - beforeNew) == (expected == 1 ? (3, 0) : (0, 3)))
  }

  @Test(
    "Writes go to the sides of the phase, stamped alike, the side that reads use last",
    arguments: Migration.Phase.allCases)
  func writes(phase: Migration.Phase) async throws {
    let log = Recorder()
    let runtime = Runtime.manual(observer: log)
    let tree = try await tree(phase)
    let before = log.events.count
    let receipt = try await Context(runtime).put(Record([7]), at: key, to: tree)
    let written = log.events[before...].filter { $0.operation == .put }.compactMap(\.path.last)
    let expected: [String] =
      switch phase {
      case .notBegun, .aborted: ["0"]
      case .copying, .verifying, .verified: ["1", "0"]
      case .switched: ["0", "1"]
      case .retired: ["1"]
      }
    #expect(written.filter { $0 == "0" || $0 == "1" }.prefix(expected.count) == expected[...])
    #expect(receipt.stamp != nil)
    for (store, index) in [(old, "0"), (new, "1")] {
      #expect(store.contents[key]?.stamp == (expected.contains(index) ? receipt.stamp : nil))
    }
    #expect(receipt.children.map(\.node) == ["old", "new"])
    let removal = try await tree.delete(key, proof: DeletionProof([9]), in: context)
    #expect("\(removal.result)" == "deleted")
    let stamp = try #require(removal.stamp)
    for (store, index) in [(old, "0"), (new, "1")] where expected.contains(index) {
      #expect(store.contents[key] == .tombstone(DeletionProof([9]), stamp: stamp, parent: receipt.stamp))
    }
  }

  @Test("While both sides are written, both must accept", arguments: both.sorted { $0.rawValue < $1.rawValue })
  func bothMustAccept(phase: Migration.Phase) async throws {
    for isOldDown in [true, false] {
      let (old, new) = (Faulty("old", ordering: .newestWins), Faulty("new", ordering: .newestWins))
      let moving = Migrating("x", state: MemoryDriver("state")) {
        old
      } to: {
        new
      }
      try await moving.migration.begin(in: context)
      if phase != .copying { try await moving.migration.copy(in: context) }
      if phase == .verified || phase == .switched { try await moving.migration.verify(in: context) }
      if phase == .switched { try await moving.migration.switchReads(in: context) }
      (isOldDown ? old : new).faults[.refused, on: .put] = 1
      let error = await #expect(throws: DriverError.self) { try await moving.put(Record([1]), at: key, in: context) }
      #expect(error?.code == .quorumNotMet)
      #expect(error?.message.contains("the migration 'x' is \(phase)") == true)
      // The side that reads do not use is written first: when it refuses, nothing was changed.
      let isFirst = (phase == .switched) == isOldDown
      #expect(error?.effect == (isFirst ? .unchanged : .unknown))
      #expect(error?.outcomes.map(\.node) == ["old", "new"])
    }
  }

  // Clocks that disagree
  @Test(
    "A write ranks above what was there before, however slow the writer's clock is", arguments: Migration.Phase.allCases
  )
  func slowClock(phase: Migration.Phase) async throws {
    let tree = try await tree(phase)
    let ahead = Stamp(time: (1_700_000_000_000 + 5_000) << 16, writer: 9)
    let state = MigrationState(phase)
    for side in state.writes { (side == .from ? old : new).contents[key] = Record([1], stamp: ahead) }
    let receipt = try await tree.put(Record([2]), at: key, in: context)
    #expect("\(receipt.result)" == "stored")
    #expect(try #require(receipt.stamp) > ahead)
    for side in state.writes { #expect((side == .from ? old : new).contents[key]?.bytes == [2]) }
  }

  // R31, R33, C13
  @Test("A stamp from far ahead is written above, and can be read")
  func farFuture() async throws {
    let tree = try await tree(.copying)
    let ahead = Record([1], stamp: Stamp(time: (1_700_000_000_000 + 86_400_000) << 16, writer: 9))
    (old.contents[key], new.contents[key]) = (ahead, ahead)
    #expect(try await tree.get(key, in: context) == ahead)
    let receipt = try await tree.put(Record([2]), at: key, in: context)
    #expect("\(receipt.result)" == "stored")
    #expect(old.contents[key]?.bytes == [2] && new.contents[key]?.bytes == [2])
  }

  @Test("A record that a node above has stamped keeps its stamp")
  func stampedAbove() async throws {
    let tree = try await tree(.copying)
    let record = Record([1], stamp: Stamp(time: 5, writer: 5))
    let newer = Record([2], stamp: Stamp(time: 6, writer: 5))
    (old.contents[key], new.contents[key]) = (newer, newer)
    let receipt = try await tree.put(record, at: key, in: context)
    #expect("\(receipt.result)" == "superseded by 0.6@5")
    #expect(old.contents[key] == newer && new.contents[key] == newer)
  }

  @Test("A write during which the migration begins reaches both sides before it is acknowledged")
  func beginsMeanwhile() async throws {
    let migration = tree.migration
    let (state, new, context) = (state, new, context)
    let old = Scripted("old", ordering: .newestWins) { call in call.operation == .put ? .delay(.zero) : .ok }
    let moving = Migrating("to eu", state: state) {
      Meanwhile(base: old) { try await migration.begin(in: context) }
    } to: {
      new
    }
    let receipt = try await moving.put(Record([1]), at: key, in: context)
    #expect(new.contents[key]?.stamp == receipt.stamp && old.contents[key]?.stamp == receipt.stamp)
  }

  @Test("A read during which reads are switched is made again on the new side")
  func switchesMeanwhile() async throws {
    let verified = try await tree(.verified)
    let context = context
    old.contents[key] = Record([1], stamp: Stamp(time: 1, writer: 1))
    new.contents[key] = Record([2], stamp: Stamp(time: 2, writer: 1))
    let moving = Migrating("to eu", state: state) {
      Meanwhile(base: old) { try await verified.migration.switchReads(in: context) }
    } to: {
      new
    }
    #expect(try await moving.get(key, in: context)?.bytes == [2])
  }

  @Test("When the state cannot be reached, nothing is read or written, and the error says so")
  func stateDown() async throws {
    let state = Faulty("state")
    let moving = Migrating("to eu", state: state) {
      old
    } to: {
      new
    }
    state.isDown = true
    let (key, context) = (key, context)
    let attempts: [() async throws -> Void] = [
      { _ = try await moving.get(key, in: context) }, { _ = try await moving.put(Record([1]), at: key, in: context) },
      { _ = try await moving.delete(key, proof: nil, in: context) },
      { _ = try await moving.list(ListRequest(), in: context) }, { _ = try await moving.stat(key, in: context) },
      { _ = try await moving.put(Record([1]), at: key, if: .absent, in: context) },
      { _ = try await moving.migration.begin(in: context) },
    ]
    for attempt in attempts {
      let error = await #expect(throws: DriverError.self) { try await attempt() }
      #expect(error?.code == .unavailable && error?.effect == .unchanged)
      #expect(error?.message.contains("'metadriver/migration/to eu' on state could not be read") == true)
    }
    #expect(old.calls.isEmpty && new.calls.isEmpty)
  }

  @Test("A damaged state stops everything, names the entry, and can be replaced by whoever knows the phase")
  func damagedState() async throws {
    let tree = try await tree(.copying)
    let entry = Key.mutable("metadriver/migration/to eu")
    let sound = try #require(state.contents[entry])
    let readable = await #expect(throws: DriverError.self) {
      try await tree.migration.recover(as: .retired, in: context)
    }
    #expect(readable?.code == .conflict && state.contents[entry] == sound)
    state.contents[entry] = Record(sound.bytes.dropLast())
    let error = await #expect(throws: DriverError.self) { try await tree.get(key, in: context) }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains("'metadriver/migration/to eu' on state") == true)
    #expect(error?.message.contains("recover(as:)") == true)
    #expect(try await tree.migration.recover(as: .copying, in: context).phase == .copying)
    _ = try await tree.put(Record([1]), at: key, in: context)
    #expect(new.contents[key] == old.contents[key])
  }

  @Test("Once the old side is retired, the state is not read any more")
  func retiredIsRemembered() async throws {
    let tree = try await tree(.retired)
    _ = try await tree.get(key, in: context)
    let before = state.calls.count
    _ = try await tree.put(Record([1]), at: key, in: context)
    _ = try await tree.get(key, in: context)
    #expect(state.calls.count == before)
  }

  @Test("A side that the caller leaves out is not asked, and the error says so")
  func omitted() async throws {
    let strategy = try Strategy("s", runtime: runtime) { tree }
    let error = await #expect(throws: DriverError.self) {
      try await strategy.get("k", options: CallOptions(omitting: ["old"]))
    }
    #expect(error?.code == .unsupported && old.calls.isEmpty)
  }

  @Test("The outline shows the migration; a side that cannot list, and a state without compare-and-put, do not compose")
  func composition() throws {
    #expect(
      "\(tree.outline)" == """
        Migrating ("to eu", from, to, state: state)
        ├─ Scripted "old"
        └─ Scripted "new"
        """)
    let wrong = Migrating("x", state: FirstSuccess { MemoryDriver("state") }) {
      WriteOnly { MemoryDriver("old") }
    } to: {
      MemoryDriver("new")
    }
    let error = #expect(throws: CompositionError.self) { try Strategy("s") { wrong } }
    #expect(error?.remarks.map(\.severity) == [.error, .error])
    #expect("\(try #require(error))".contains("old has no get, list"))
    #expect("\(try #require(error))".contains("has no compare-and-put"))
    let same = MemoryDriver("same")
    #expect(throws: CompositionError.self) {
      try Strategy("s") {
        Migrating("x", state: MemoryDriver("state")) {
          same
        } to: {
          same
        }
      }
    }
    let blind = try Strategy("s") {
      Migrating("x", state: MemoryDriver("state")) {
        Faulty("old")
      } to: {
        MemoryDriver("new")
      }
    }
    #expect(blind.warnings.map(\.reason).contains { $0.hasPrefix("old does not compare stamps") })
  }
}

/// Does something else after its first get or put.
private struct Meanwhile: Modifier {
  let base: Scripted
  let act: @Sendable () async throws -> Void
  var outline: Outline { Outline(modifier: "Meanwhile", of: base.outline) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    let record = try await base.get(key, in: context)
    _ = try? await act()
    return record
  }
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    let receipt = try await base.put(record, at: key, in: context)
    _ = try? await act()
    return receipt
  }
}
