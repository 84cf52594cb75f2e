#if SQLite
  import MetaDriver
  import MetaDriverTesting
  import TestSupport
  import Testing

  @testable import MetaDriverSQLite

  @Suite struct SQLiteDriverTests {
    private let folder: TemporaryFolder
    private let key = Key.mutable("key")

    init() throws { folder = try TemporaryFolder() }

    private func raw() throws -> SQLiteConnection { try SQLiteConnection.open(folder.store) }

    // R11, R13, A31
    @Test("Newest wins for every pair of records, as the core ranks them", arguments: [Durability.full, .none])
    func ranking(durability: Durability) async throws {
      let words: [UInt64] = [0, 1, .max >> 1, .max >> 1 + 1, .max]
      var records = [Record([1]), Record([2])]
      for time in words {
        for writer in [1, UInt64.max] {
          let stamp = Stamp(time: time, writer: writer)
          records += [Record([1], stamp: stamp), Record([2], stamp: stamp), .tombstone(stamp: stamp)]
        }
      }
      let (driver, memory) = (folder.sqlite(durability), MemoryDriver())
      for stored in records {
        for record in records {
          let results = try await [driver as any Driver, memory].asyncMap { driver in
            _ = try await driver.delete(key)
            _ = try await driver.put(stored, at: key, in: Context())
            let put: String
            do throws(DriverError) {
              put = "\(try await driver.put(record, at: key, in: Context()).result)"
            } catch {
              put = "\(error)"
            }
            return (put, try await driver.get(key, in: Context()))
          }
          #expect(results[0].0 == results[1].0 && results[0].1 == results[1].1, "\(record) over \(stored)")
        }
      }
    }

    @Test("Stamps, parents and tombstones are in columns that sort and can be read")
    func columns() async throws {
      let driver = folder.sqlite()
      let record = Record([1, 2], stamp: Stamp(time: 0x0102, writer: .max), parent: Stamp(time: 3, writer: 4))
      _ = try await driver.put(record, at: key, in: Context())
      let connection = try raw()
      #expect(
        try connection.answer(
          to: "SELECT hex(stamp) || ' ' || hex(parent) || is_tombstone || hex(name) || kind || hex(content) FROM entry")
          == "0000000000000102FFFFFFFFFFFFFFFF 00000000000000030000000000000004" + "0" + "6B6579" + "0" + "0102")
      #expect(try connection.identity == (0x4d44_7231, 1))
    }

    // R2
    @Test(
      "A row that was changed is corrupt, is listed, and can be overwritten and deleted",
      arguments: [
        "content = zeroblob(100)", "content = x'00'", "stamp = zeroblob(16)", "stamp = x'00'", "is_tombstone = 1",
        "parent = zeroblob(16)", "checksum = checksum + 1", "name = CAST('moved' AS BLOB)", "content = 'text'",
      ])
    func damaged(change: String) async throws {
      let driver = folder.sqlite()
      let record = Record(Array(0..<100), stamp: Stamp(time: 5, writer: 1))
      let place = change.contains("moved") ? Key.mutable("moved") : key
      func damage() async throws {
        _ = try await driver.delete(place)
        _ = try await driver.put(record, at: key, in: Context())
        try raw().run(script: "UPDATE entry SET \(change)")
      }
      try await damage()
      let error = try await failure { () throws(DriverError) in try await driver.get(place) }
      #expect(error.code == .corrupt && error.effect == .unchanged, "\(error)")
      #expect(try await driver.list(ListRequest(), in: Context()).entries.map(\.key) == [place])
      #expect(try await driver.stat(place, in: Context()) != nil)
      let conditional = try await failure { () throws(DriverError) in
        try await driver.put(record, at: place, if: .absent, in: Context())
      }
      #expect(conditional.code == .corrupt && conditional.effect == .unchanged)
      let delete = try await failure { () throws(DriverError) in
        try await driver.delete(place, if: .stamped(Stamp(time: 5, writer: 1)), in: Context())
      }
      #expect(delete.code == .corrupt)
      // An older stamp may replace a copy that nobody can read: a repair does.
      let older = Record([1], stamp: Stamp(time: 4, writer: 1))
      // A stamp that was changed to a lower one is compared as it is: the row's checksum is not read for that.
      #expect(
        "\(try await driver.put(older, at: place, in: Context()).result)"
          == (change.hasPrefix("stamp") ? "stored" : "stored, over a damaged copy"))
      #expect(try await driver.get(place, in: Context()) == older)
      try await damage()
      #expect(
        "\(try await driver.delete(place).result)" == (change.contains("is_tombstone") ? "already absent" : "deleted"))
      #expect(try await driver.get(place) == nil)
    }

    @Test("A name that no key has ends a listing with an error, and not early")
    func foreignName() async throws {
      let driver = folder.sqlite()
      try await driver.put([1], at: key)
      try raw().run(script: "UPDATE entry SET name = x'ff'")
      #expect(try await driver.list(ListRequest(), in: Context()).entries.isEmpty)
      try raw().run(script: "UPDATE entry SET name = x'c0'")
      let error = try await failure { () throws(DriverError) in try await driver.list(ListRequest(), in: Context()) }
      #expect(error.code == .corrupt)
    }

    // A9
    @Test("Every connection has the durability that was asked for", arguments: [Durability.full, .ordered, .none])
    func durability(durability: Durability) async throws {
      let opening = SQLiteOpening(path: folder.store, durability: durability, checksIntegrity: true)
      let file = try opening.open(creating: true, patience: .zero)
      let expected = ["full": "2", "ordered": "1", "none": "0"][durability.description]
      for connection in try [opening.connection(.zero), opening.connection(.zero)] {
        #expect(try connection.answer(to: "PRAGMA synchronous") == expected)
        #expect(try connection.answer(to: "PRAGMA journal_mode") == "wal")
      }
      try file.withWriter { try? $0.answer(to: "PRAGMA synchronous") }.map { #expect($0 == expected) }
        ?? { throw CancellationError() }()
      #expect(
        try file.withReaderIfFree { connection throws(SQLiteFailure) in try connection.answer(to: "PRAGMA synchronous")
        } == expected)
      file.close()
    }

    @Test("The outline names the file, and two drivers of one file are one leaf")
    func outline() throws {
      let driver = folder.sqlite(.full)
      #expect("\(driver.outline)" == "SQLiteDriver \"sqlite\" (at: \(folder.store), durability: full)")
      try File.makeFolder(folder.path + "/real")
      try File.link(folder.path + "/link", to: folder.path + "/real")
      #expect(
        SQLiteDriver(at: folder.path + "/link/s").leaf?.identity
          == SQLiteDriver(at: folder.path + "/real/s").leaf?.identity)
      #expect(SQLiteDriver(at: ":memory:").store.path.hasSuffix("/:memory:"))
    }

    @Test("The files are their owner's, and closing leaves one")
    func files() async throws {
      let driver = folder.sqlite(.full)
      try await driver.put([1], at: key)
      #expect(try File.names(folder.path) == ["store", "store-shm", "store-wal"])
      for name in try File.names(folder.path) { #expect(try File.mode("\(folder.path)/\(name)") == 0o600, "\(name)") }
      try await driver.close(in: Context())
      #expect(try File.names(folder.path) == ["store"])
      #expect(File.openCount(below: folder.path) ?? 0 == 0)
    }

    // R29
    @Test("The log is begun anew, whatever is written")
    func log() async throws {
      let driver = folder.sqlite(.ordered)
      for number in 0..<6_000 {
        try await driver.put([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 2_000), at: key)
      }
      let count = try File.read(folder.store + "-wal").count
      #expect(count < 8 << 20, "6,000 puts of a page or two each left a log of \(count) bytes")
      try await driver.close(in: Context())
    }

    @Test("A driver that goes away lets go of its files")
    func deinitialised() async throws {
      for round in 0..<20 {
        try await use(folder.sqlite(round.isMultiple(of: 2) ? .full : .none))
        // The last thread may still be on its way out.
        while File.openCount(below: folder.path) ?? 0 > 0 { await Task.yield() }
      }
      #expect(try await folder.sqlite().list(ListRequest(), in: Context()).entries.count == 20)
    }

    /// Has every thread and connection of a driver at work, and looks at how many files that opened.
    private func use(_ driver: SQLiteDriver) async throws {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<20 {
          group.addTask {
            let key = try Key(.mutable, name: "key \(number)")
            try await driver.put([UInt8](repeating: 1, count: number * 10_000), at: key)
            _ = try await driver.get(key)
          }
        }
        try await group.waitForAll()
      }
      if let count = File.openCount(below: folder.path) { #expect(count > 0 && count <= 2 * 6 + 1) }
    }
  }

  extension Array {
    fileprivate func asyncMap<Answer>(_ body: (Element) async throws -> Answer) async throws -> [Answer] {
      var answers: [Answer] = []
      for element in self { answers.append(try await body(element)) }
      return answers
    }
  }
#endif
