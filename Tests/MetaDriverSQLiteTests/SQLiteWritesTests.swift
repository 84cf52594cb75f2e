#if SQLite
  import MetaDriver
  import MetaDriverDisk
  import MetaDriverTesting
  import TestSupport
  import Testing

  @testable import MetaDriverSQLite

  /// Writes that wait, for each other and for another process.
  @Suite struct SQLiteWritesTests {
    private let folder: TemporaryFolder
    private let key = Key.mutable("key")

    init() throws { folder = try TemporaryFolder() }

    /// A driver that waits for other processes for as long as it takes, however busy the machine is.
    private func patient(_ durability: Durability) -> SQLiteDriver {
      SQLiteDriver(at: folder.store, durability: durability, busyTimeout: .seconds(600))
    }

    /// Another process, as far as the library is concerned: it has the file to itself until it is let go.
    private func holding() throws -> SQLiteConnection {
      let other = try SQLiteConnection.open(folder.store)
      try other.run(.begin)
      return other
    }

    private func until(_ condition: () throws -> Bool) async rethrows { while try !condition() { await Task.yield() } }

    private func commitCount(_ driver: SQLiteDriver) throws -> Int {
      try #require(try driver.store.fileIfOpen()?.withWriter { $0.commitCount })
    }

    @Test("Writes that wait share one transaction, each with its own verdict", arguments: [Durability.full, .none])
    func together(durability: Durability) async throws {
      let driver = patient(durability)
      try await driver.put([0], at: key)
      let other = try holding()
      let before = try commitCount(driver)
      let first = Task { try await driver.put([1], at: .mutable("first")) }
      // It waits for the other process; whoever comes now waits for it.
      await until { driver.store.waitingWriteCount == 0 }
      let tasks = (0..<30).map { number in
        Task {
          // Of the conditional puts of one key only the first can hold.
          number.isMultiple(of: 3)
            ? try await driver.put(Record([9]), at: .mutable("new"), if: .absent, in: Context())
            : try await driver.put(Record([UInt8(number)]), at: Key(.mutable, name: "key \(number)"), in: Context())
        }
      }
      await until { driver.store.waitingWriteCount == 30 }
      try other.run(.rollback)
      _ = try await first.value
      var conflicts = 0
      for (number, task) in tasks.enumerated() {
        do {
          #expect("\(try await task.value.result)" == "stored")
        } catch {
          #expect(number.isMultiple(of: 3) && (error as? DriverError)?.code == .conflict, "\(error)")
          conflicts += 1
        }
      }
      #expect(conflicts == 9)
      #expect(try commitCount(driver) == before + 2)
      for number in 0..<30 where !number.isMultiple(of: 3) {
        #expect(try await driver.get(Key(.mutable, name: "key \(number)")) == Record([UInt8(number)]))
      }
    }

    // A47
    @Test("Writes of one key run in the order in which they were made, those of the calling thread too")
    func order() async throws {
      let driver = patient(.none)
      try await driver.put([0], at: key)
      let other = try holding()
      var tasks: [Task<Receipt, any Error>] = []
      for number in 1...5 {
        tasks.append(Task { try await driver.put([UInt8(number)], at: key) })
        await until { driver.store.waitingWriteCount == number - 1 }
      }
      try other.run(.rollback)
      for task in tasks { _ = try await task.value }
      #expect(try await driver.get(key) == Record([5]))
    }

    @Test(
      "A process that keeps the file to itself makes puts wait no longer than was said",
      arguments: [Durability.full, .none])
    func busy(durability: Durability) async throws {
      let driver = SQLiteDriver(at: folder.store, durability: durability, busyTimeout: .milliseconds(20))
      try await driver.put([1], at: key)
      let other = try holding()
      for error in [
        try await failure { () throws(DriverError) in try await driver.put([2], at: key) },
        try await failure { () throws(DriverError) in try await driver.delete(key) },
        try await failure { () throws(DriverError) in
          try await driver.put(Record([2]), at: key, if: .absent, in: Context())
        },
      ] {
        #expect(error.code == .throttled && error.effect == .unchanged && error.isRetryable, "\(error)")
        #expect(error.message.contains(folder.store) && error.message.contains("0.02 seconds"))
      }
      // Readers are not in anybody's way.
      #expect(try await driver.get(key) == Record([1]))
      #expect(try await driver.list(ListRequest(), in: Context()).entries.count == 1)
      try other.run(.rollback)
      try await driver.put([2], at: key)
    }

    @Test("A deadline ends the wait for another process")
    func deadline() async throws {
      let driver = SQLiteDriver(at: folder.store, durability: .full, busyTimeout: .seconds(600))
      try await driver.put([1], at: key)
      let other = try holding()
      let error = try await failure { () throws(DriverError) in
        try await driver.put(Record([2]), at: key, in: Context(options: CallOptions(timeout: .milliseconds(20))))
      }
      #expect(error.code == .timedOut && error.effect == .unchanged)
      try other.run(.rollback)
      #expect(try await driver.get(key) == Record([1]))
    }

    // R25, R29
    @Test(
      "A write that waits is dropped on cancellation; more than may wait are throttled; closing ends what was accepted")
    func waiting() async throws {
      let driver = patient(.full)
      try await driver.put([1], at: key)
      let other = try holding()
      let first = Task { try await driver.put([2], at: key) }
      await until { driver.store.waitingWriteCount == 0 }
      let dropped = Task { try await driver.put([3], at: key) }
      await until { driver.store.waitingWriteCount == 1 }
      dropped.cancel()
      let cancelled = await #expect(throws: DriverError.self) { try await dropped.value }
      #expect(cancelled?.code == .cancelled && cancelled?.effect == .unchanged)
      let tasks = (0..<DriverThreads.queueLimit).map { number in
        Task { try await driver.put([4], at: Key(.mutable, name: "key \(number)")) }
      }
      await until { driver.store.waitingWriteCount == DriverThreads.queueLimit }
      let full = try await failure { () throws(DriverError) in try await driver.put([5], at: key) }
      #expect(full.code == .throttled && full.effect == .unchanged)
      let closing = Task { try await driver.close(in: Context()) }
      try other.run(.rollback)
      for task in tasks + [first] { #expect("\(try await task.value.result)" == "stored") }
      try await closing.value
      #expect(try await failure { () throws(DriverError) in try await driver.put([6], at: key) }.code == .closed)
      #expect(try await failure { () throws(DriverError) in try await driver.get(key) }.code == .closed)
      let again = folder.sqlite()
      #expect(try await again.get(key) == Record([2]))
      #expect(try await again.list(ListRequest(limit: 10_000), in: Context()).entries.count == 1_025)
    }

    @Test("A put of what is stored already waits for the device as well")
    func vouched() async throws {
      let driver = folder.sqlite(.full)
      let record = Record([1], stamp: Stamp(time: 2, writer: 1))
      _ = try await driver.put(record, at: key, in: Context())
      for (number, put) in [record, Record([1], stamp: Stamp(time: 1, writer: 1))].enumerated() {
        let before = try commitCount(driver)
        _ = try await driver.put(put, at: key, in: Context())
        #expect(try commitCount(driver) == before + 1, "\(number)")
      }
      let before = try commitCount(driver)
      _ = try await driver.delete(.mutable("other"))
      #expect(try commitCount(driver) == before + 1)
      _ = try await failure { () throws(DriverError) in
        try await driver.put(Record([2]), at: key, if: .absent, in: Context())
      }
      #expect(try commitCount(driver) == before + 1)
    }
  }
#endif
