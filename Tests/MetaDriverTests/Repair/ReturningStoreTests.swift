import MetaDriver
import MetaDriverTesting
import Testing

/// What the pages "A store that comes back empty" and "A store restored from a backup" say, sentence by sentence, the wrong
/// ways included.
@Suite(.timeLimit(.minutes(10))) struct ReturningStoreTests {
  private struct Stores: Sendable {
    let a, b, c: Faulty
    let runtime: Runtime
    var context: Context { Context(runtime) }
    var all: [Faulty] { [a, b, c] }

    /// The tree, with the third store as a full child, or as whatever else it takes part as.
    func tree(_ third: (any Driver)? = nil) throws -> Strategy {
      let drivers: [any Driver] = [a, b, third ?? c]
      return try Strategy("notes", runtime: runtime) { Quorum(read: 2, write: third == nil ? 2 : 3) { drivers } }
    }

    /// A datum of which `b` has an older copy.
    func lag() async throws {
      try await tree().put([1], at: "k")
      await runtime.drain(timeout: .seconds(60))
      b.isDown = true
      try await tree().put([2], at: "k")
      await runtime.drain(timeout: .seconds(60))
      b.isDown = false
    }

    /// A datum that was deleted everywhere, but at those that are away.
    func delete(without away: [Faulty] = []) async throws {
      for store in away { store.isDown = true }
      try await tree().delete("k")
      await runtime.drain(timeout: .seconds(60))
      for store in away { store.isDown = false }
    }

    func restore(_ store: Faulty, from backup: [Key: Record]) async throws {
      store.wipe()
      for (key, record) in backup.sorted(by: { $0.key < $1.key }) {
        _ = try await context.put(record, at: key, to: store)
      }
    }

    func scrub() async throws -> (plan: ScrubPlan, report: ScrubReport) {
      let scrub = Scrub(compare: .content) { for store in all { store } }
      let plan = try await scrub.plan(in: context)
      return (plan, try await scrub.apply(plan, in: context))
    }

    func purge() async throws {
      let purge = Purge(after: .zero) { for store in all { store } }
      let report = try await purge.apply(try await purge.plan(in: context), in: context)
      #expect(report.isComplete && !report.items.isEmpty)
    }

    /// What the tree answers while each store in turn is away.
    func answers(_ id: DataID) async throws -> Set<[UInt8]?> {
      var answers: Set<[UInt8]?> = []
      for away in all {
        away.isDown = true
        answers.insert(try await tree().get(id)?.bytes)
        await runtime.drain(timeout: .seconds(60))
        away.isDown = false
      }
      return answers
    }
  }

  private func simulate(_ body: @escaping @Sendable (Stores) async throws -> Void) throws {
    for seed in 1...10 as ClosedRange<UInt64> {
      try Simulation(seed: seed) { world async throws in
        let client = world.process("client")
        let stores = Stores(
          a: client.leaf("a"), b: client.leaf("b"), c: client.leaf("c"), runtime: client.runtime)
        _ = try await client.perform { try await body(stores) }
      }.run()
    }
  }

  // MARK: Empty

  @Test("The wrong way: an empty store as a full child gives old data, and a read writes the old data into it")
  func emptyWrong() throws {
    try simulate { stores in
      try await stores.lag()
      stores.c.wipe()
      stores.a.isDown = true
      #expect(try await stores.tree().get("k")?.bytes == [1], "the acknowledged write was 2")
      await stores.runtime.drain(timeout: .seconds(60))
      #expect(stores.c.contents["k"]?.bytes == [1])
    }
  }

  @Test("The right way: as write-only it takes writes and answers nothing, until a scrub has filled it")
  func emptyRight() throws {
    try simulate { stores in
      try await stores.lag()
      stores.c.wipe()
      let meanwhile = try stores.tree(stores.c.writeOnly())
      // What it does not know it cannot answer, and so nothing old is read.
      stores.a.isDown = true
      await #expect(throws: DriverError.self) { try await meanwhile.get("k") }
      stores.a.isDown = false
      #expect(try await meanwhile.get("k")?.bytes == [2])
      // The store ranks nothing against a copy that it has lost, and so every write needs the others.
      stores.b.isDown = true
      await #expect(throws: DriverError.self) { try await meanwhile.put([3], at: "n") }
      await stores.runtime.drain(timeout: .seconds(60))
      stores.b.isDown = false
      try await meanwhile.put([3], at: "n")
      await stores.runtime.drain(timeout: .seconds(60))
      #expect(stores.c.contents["n"]?.bytes == [3])
      let (plan, report) = try await stores.scrub()
      #expect(plan.isComplete && report.isComplete)
      #expect(try await stores.answers("k") == [[2]])
      #expect(try await stores.answers("n") == [[3]])
    }
  }

  @Test(
    "While the store is filled, a write ranks above what it has lost, whatever the clock that wrote that",
    arguments: [2, 3])
  func emptyRank(write: Int) async throws {
    let (a, b, c) = (MemoryDriver("a"), MemoryDriver("b"), MemoryDriver("c"))
    // By a clock that is ahead, while `a` was away; then `c` came back empty.
    let old = Record([1], stamp: Stamp(time: 1 << 60, writer: 1))
    _ = try await b.put(old, at: "k", in: Context(Runtime()))
    let tree = Quorum(read: 2, write: .exactly(write), remainder: .await) {
      a; b; c.writeOnly()
    }
    let runtime = Runtime()
    let receipt = try await Context(runtime).put(Record([2]), at: "k", to: tree)
    #expect(receipt.result.isAcknowledged)
    let found = try await Context(runtime).get("k", from: tree)
    // With two votes for a write, the store that lost the copy lets a write through that ranks below it.
    #expect(found?.bytes == (write == 3 ? [2] : [1]))
  }

  @Test("Half a scrub is not enough: what a store did not say is not in the one that came back")
  func emptyHalf() throws {
    try simulate { stores in
      try await stores.lag()
      stores.c.wipe()
      stores.a.isDown = true
      let (plan, report) = try await stores.scrub()
      #expect(!plan.isComplete && report.isComplete)
      #expect(try await stores.tree().get("k")?.bytes == [1])
    }
  }

  // MARK: Backups

  @Test("The wrong way: a backup from before a purge brings deleted data back, and a scrub spreads them")
  func backupWrong() throws {
    try simulate { stores in
      try await stores.tree().put([1], at: "k")
      await stores.runtime.drain(timeout: .seconds(60))
      let backup = stores.c.contents
      try await stores.delete()
      try await stores.purge()
      try await stores.restore(stores.c, from: backup)
      stores.b.isDown = true
      #expect(try await stores.tree().get("k")?.bytes == [1], "it was deleted")
      await stores.runtime.drain(timeout: .seconds(60))
      stores.b.isDown = false
      // Nor does it help to let it take part as write-only: nothing is left that says that it was deleted.
      _ = try await stores.scrub()
      #expect(stores.all.allSatisfy { $0.contents["k"]?.bytes == [1] })
    }
  }

  @Test("The right way after a purge: wiped first, a store brings nothing back")
  func backupWiped() throws {
    try simulate { stores in
      for id in ["k", "kept"] as [DataID] { try await stores.tree().put([1], at: id) }
      await stores.runtime.drain(timeout: .seconds(60))
      let backup = stores.c.contents
      try await stores.delete()
      try await stores.purge()
      try await stores.restore(stores.c, from: backup)
      stores.c.wipe()
      let (plan, report) = try await stores.scrub()
      #expect(plan.isComplete && report.isComplete)
      #expect(try await stores.answers("k") == [nil])
      #expect(try await stores.answers("kept") == [[1]])
    }
  }

  @Test("Without a purge since the backup the tombstones are there, and a scrub brings it up to date; not before")
  func backupWithoutPurge() throws {
    try simulate { stores in
      try await stores.tree().put([1], at: "k")
      await stores.runtime.drain(timeout: .seconds(60))
      let backup = stores.c.contents
      try await stores.delete(without: [stores.b])
      try await stores.restore(stores.c, from: backup)
      // Two stores with the old copy are a quorum.
      stores.a.isDown = true
      #expect(try await stores.tree().get("k")?.bytes == [1], "it was deleted")
      await #expect(throws: DriverError.self) { try await stores.tree(stores.c.writeOnly()).get("k") }
      stores.a.isDown = false
      #expect(try await stores.tree(stores.c.writeOnly()).get("k") == nil)
      let (plan, report) = try await stores.scrub()
      #expect(plan.isComplete && report.isComplete)
      #expect(try await stores.answers("k") == [nil])
    }
  }

  @Test("Restored all at once, stores agree after a scrub on the newest of the backups")
  func backupsOfAll() throws {
    try simulate { stores in
      try await stores.tree().put([1], at: "k")
      await stores.runtime.drain(timeout: .seconds(60))
      let early = stores.a.contents
      try await stores.tree().put([2], at: "k")
      await stores.runtime.drain(timeout: .seconds(60))
      let late = stores.b.contents
      try await stores.delete()
      for (store, backup) in [(stores.a, early), (stores.b, late), (stores.c, early)] {
        try await stores.restore(store, from: backup)
      }
      let (plan, report) = try await stores.scrub()
      #expect(plan.isComplete && report.isComplete)
      #expect(try await stores.answers("k") == [[2]])
    }
  }
}
