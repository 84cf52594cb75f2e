#if SQLite
  import MetaDriver
  import MetaDriverSQLite
  import MetaDriverTesting
  import TestSupport
  import Testing

  /// A file as the journal, the floors, the queue and the state of other nodes, across restarts: closed or abandoned.
  @Suite struct SQLiteServiceTests {
    private let folder: TemporaryFolder
    private let key: Key = "k"
    private let runtime = Runtime.manual()
    private var context: Context { Context(runtime) }

    init() throws { folder = try TemporaryFolder() }

    /// Ends one life of the file: in order, or as if the process had died.
    private func end(_ driver: SQLiteDriver, inOrder: Bool) async throws {
      if inOrder { try await driver.close(in: context) }
    }

    // A38, R20
    @Test("A session reads its own writes after a restart", arguments: [true, false])
    func journal(inOrder: Bool) async throws {
      let journal = folder.sqlite(.full)
      _ = try await ReadYourWrites(journal: journal) { MemoryDriver("store") }.put(Record([1]), at: key, in: context)
      try await end(journal, inOrder: inOrder)
      let again = folder.sqlite(.full)
      // A store that shows writes late has nothing yet.
      #expect(try await ReadYourWrites(journal: again) { MemoryDriver("store") }.get(key, in: context)?.bytes == [1])
    }

    // A28, R21
    @Test(
      "A session never reads older after a restart, and an unreadable file is no floor of zero",
      arguments: [true, false])
    func floors(inOrder: Bool) async throws {
      let memory = MemoryDriver("memory")
      let (old, new) = (Record([1], stamp: Stamp(time: 1, writer: 1)), Record([2], stamp: Stamp(time: 2, writer: 1)))
      _ = try await memory.put(new, at: key, in: context)
      let floors = folder.sqlite(.full)
      #expect(try await MonotonicReads(floors: floors) { memory }.get(key, in: context) == new)
      try await end(floors, inOrder: inOrder)
      let restored = MemoryDriver("restored")
      _ = try await restored.put(old, at: key, in: context)
      let again = folder.sqlite(.full)
      let error = await #expect(throws: DriverError.self) {
        try await MonotonicReads(floors: again) { restored }.get(key, in: context)
      }
      #expect(error?.code == .stale)
      try File.move(folder.store, to: folder.path + "/lost")
      let lost = SQLiteDriver(at: folder.store, createsFile: false)
      let unavailable = await #expect(throws: DriverError.self) {
        try await MonotonicReads(floors: lost) { restored }.get(key, in: context)
      }
      #expect(unavailable?.code == .unavailable)
    }

    // A45, R19
    @Test("Writes queued in a file are sent after a restart", arguments: [true, false])
    func handoff(inOrder: Bool) async throws {
      let down = Scripted("store", ordering: .newestWins, answers: [], then: .error(.unavailable))
      let queue = folder.sqlite(.full)
      let before = down.hintedHandoff(HandoffJournal(on: queue))
      for number in 0..<20 {
        let key = try Key(.mutable, name: "key \(number % 10)")
        #expect("\(try await before.put(Record([UInt8(number)]), at: key, in: context).result)" == "queued")
      }
      try? await before.close(in: context)
      try await end(queue, inOrder: inOrder)
      let again = folder.sqlite(.full)
      let journal = HandoffJournal(on: again)
      let up = MemoryDriver("store")
      let after = up.hintedHandoff(journal)
      #expect(try await journal.pending(in: context).count == 10)
      for number in 10..<20 {
        #expect(try await after.get(Key(.mutable, name: "key \(number % 10)"), in: context)?.bytes == [UInt8(number)])
      }
      _ = try await journal.drain(in: context)
      for number in 10..<20 {
        #expect(try await up.get(Key(.mutable, name: "key \(number % 10)"), in: context)?.bytes == [UInt8(number)])
      }
      #expect(try await journal.pending(in: context).isEmpty)
      try await after.close(in: context)
    }

    // A45
    @Test("A write that holds is queued in a file for the children that have not acknowledged it")
    func remainder() async throws {
      let down = Scripted("c", ordering: .newestWins, answers: [], then: .error(.unavailable))
      let journal = HandoffJournal(on: folder.sqlite(.full))
      let tree = Quorum(read: 2, write: 2, remainder: .handoff(journal)) {
        SQLiteDriver(at: folder.path + "/a", name: "a")
        SQLiteDriver(at: folder.path + "/b", name: "b")
        down
      }
      let receipt = try await tree.put(Record([1]), at: key, in: context)
      #expect(receipt.result.isAcknowledged)
      #expect(try await journal.pending(in: context).map(\.child) == ["c"])
      await runtime.drain()
      try await journal.close(in: context)
    }

    @Test("A migration whose state is in a file goes on after each restart")
    func migration() async throws {
      let (from, to) = (SQLiteDriver(at: folder.path + "/from", name: "from"), MemoryDriver("to"))
      for number in 0..<50 { try await from.put([UInt8(number)], at: Key(.mutable, name: "key \(number)")) }
      func moving() -> Migrating {
        Migrating("to memory", state: SQLiteDriver(at: folder.store, name: "state")) {
          from
        } to: {
          to
        }
      }
      try await moving().migration.begin(in: context)
      try await moving().migration.copy(in: context)
      _ = try await moving().migration.verify(in: context)
      try await moving().migration.switchReads(in: context)
      try await moving().migration.retire(in: context)
      #expect(try await moving().get(Key(.mutable, name: "key 7"), in: context)?.bytes == [7])
      #expect(try await to.list(ListRequest(), in: context).entries.count == 50)
    }
  }
#endif
