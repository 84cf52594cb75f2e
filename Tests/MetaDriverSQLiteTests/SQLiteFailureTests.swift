#if SQLite
  private import Foundation
  import MetaDriver
  import MetaDriverTesting
  import TestSupport
  import Testing

  @testable import MetaDriverSQLite

  #if canImport(Darwin)
    import Darwin
  #elseif canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif

  /// What goes wrong with files, and what is said of it.
  @Suite struct SQLiteFailureTests {
    private let folder: TemporaryFolder
    private let driver: SQLiteDriver
    private let key = Key.mutable("key")

    init() throws {
      folder = try TemporaryFolder()
      driver = folder.sqlite(.full)
    }

    /// The error of a failed get, put, delete, list and stat, which have to agree.
    private func error(of driver: SQLiteDriver) async throws -> DriverError {
      let errors = [
        try await failure { () throws(DriverError) in try await driver.get(key) },
        try await failure { () throws(DriverError) in try await driver.put([1], at: key) },
        try await failure { () throws(DriverError) in try await driver.delete(key) },
        try await failure { () throws(DriverError) in try await driver.list(ListRequest(), in: Context()) },
        try await failure { () throws(DriverError) in try await driver.stat(key, in: Context()) },
        try await failure { () throws(DriverError) in try await driver.open(in: Context()) },
      ]
      for error in errors {
        #expect(error.effect == .unchanged && error.code == errors[0].code, "\(error)")
        #expect(
          error.message.contains(driver.store.path) || driver.store.path.isEmpty || driver.store.path.utf8.contains(0))
      }
      return errors[0]
    }

    // MARK: The file

    // A5, R1
    @Test("A file whose folder is missing is unavailable, and says what to do")
    func missingFolder() async throws {
      let driver = SQLiteDriver(at: folder.path + "/no/store")
      let error = try await error(of: driver)
      #expect(error.code == .unavailable && error.isRetryable && error.message.contains("make it"))
      #expect(!File.exists(folder.path + "/no"))
      try File.makeFolder(folder.path + "/no")
      #expect(try await driver.get(key) == nil)
    }

    @Test("A folder, a pipe or a link in the file's place is left alone, and named")
    func impostors() async throws {
      try File.write([], to: folder.path + "/secret")
      for make in [File.makeFolder, File.makePipe, { try File.link($0, to: folder.path + "/secret") }] {
        let driver = folder.sqlite()
        try make(folder.store)
        let error = try await error(of: driver)
        #expect(error.code == .unavailable && !error.isRetryable && error.message.contains("is not a file"))
        #expect(try File.names(folder.path) == ["secret", "store"])
        try File.delete(folder.store)
      }
    }

    @Test("An empty path, and one with a NUL, is unavailable", arguments: ["", "/tmp/a\0b"])
    func badPath(path: String) async throws {
      #expect(try await error(of: SQLiteDriver(at: path)).code == .unavailable)
    }

    // R1
    @Test("A file that was in use and is removed, moved or replaced is unavailable, and is not made again")
    func vanished() async throws {
      try await driver.put([1], at: .mutable("other"))
      #expect(try await driver.get(key) == nil)
      try File.move(folder.store, to: folder.path + "/moved")
      for _ in 0..<2 { #expect(try await error(of: driver).code == .unavailable) }
      #expect(!File.exists(folder.store))
      // Somebody made an empty file where the disk is to be mounted: still no empty store.
      try File.write([], to: folder.store)
      #expect(try await error(of: driver).code == .unavailable)
      #expect(try File.read(folder.store).isEmpty)
      // Not even one that may make a file takes it, as long as there is a log that this would remove.
      let log = try File.read(folder.store + "-wal")
      #expect(try await error(of: folder.sqlite()).message.contains("its log"))
      #expect(try File.read(folder.store + "-wal") == log)
      try File.move(folder.path + "/moved", to: folder.store)
      #expect(try await driver.get(key) == nil)
      #expect(try await driver.get(.mutable("other")) == Record([1]))
    }

    // R1
    @Test("What another store's file in this place does not hold is not absent, and nothing is written to the old one")
    func replaced() async throws {
      try await driver.put([1], at: .mutable("other"))
      let backup = SQLiteDriver(at: folder.path + "/backup")
      try await backup.put([7], at: key)
      try await backup.close(in: Context())
      for name in ["store-wal", "store-shm"] { try File.delete("\(folder.path)/\(name)") }
      try File.move(folder.path + "/backup", to: folder.store)
      let error = try await failure { () throws(DriverError) in try await driver.put([2], at: key) }
      #expect(error.code == .unavailable && error.effect == .unchanged && error.isRetryable)
      #expect(try await driver.get(key) == Record([7]))
    }

    @Test("A driver that is not to make its file makes none, and takes none that is empty")
    func createsFile() async throws {
      let strict = SQLiteDriver(at: folder.store, createsFile: false)
      #expect(try await error(of: strict).code == .unavailable)
      try File.write([], to: folder.store)
      #expect(try await error(of: strict).code == .unavailable)
      #expect(try File.read(folder.store).isEmpty)
      try await driver.put([1], at: key)
      #expect(try await strict.get(key) == Record([1]))
    }

    // MARK: What is in it

    @Test(
      "Another program's database, and a newer store, are refused and untouched",
      arguments: [
        "CREATE TABLE entry (a); PRAGMA user_version = 1", "PRAGMA journal_mode = WAL; CREATE TABLE a (b)",
        "PRAGMA application_id = 7", "PRAGMA user_version = 3; PRAGMA application_id = \(SQLiteSchema.applicationID)",
        "PRAGMA journal_mode = WAL; PRAGMA user_version = 2; PRAGMA application_id = \(SQLiteSchema.applicationID); "
          + "PRAGMA wal_checkpoint",
      ])
    func foreign(script: String) async throws {
      try File.write([], to: folder.store)
      let other = try SQLiteConnection.open(folder.store)
      try other.run(script: script)
      other.checkpointWhenClosed()
      let (names, bytes) = (try File.names(folder.path), try File.read(folder.store))
      let error = try await error(of: driver)
      #expect(error.code == .unsupported && !error.isRetryable)
      #expect(error.message.contains("another path"))
      #expect(try File.names(folder.path) == names)
      #expect(try File.read(folder.store) == bytes)
      withExtendedLifetime(other) {}
    }

    @Test("A file that is no database is refused and untouched", arguments: [1, 15, 99, 600, 100_000])
    func noDatabase(count: Int) async throws {
      let bytes =
        [UInt8]("SQLite format 4\0 is not there yet".utf8.prefix(count))
        + [UInt8](repeating: 7, count: max(0, count - 33))
      try File.write(bytes, to: folder.store)
      let error = try await error(of: driver)
      #expect(error.code == .corrupt && error.message.contains("no SQLite database"), "\(error)")
      #expect(try File.names(folder.path) == ["store"])
      #expect(try File.read(folder.store) == bytes)
    }

    // R2
    @Test("Flipped bytes anywhere in the file never make a wrong value, and a check on opening finds torn pages")
    func flipped() async throws {
      for number in 0..<40 {
        try await driver.put([UInt8](repeating: UInt8(number), count: 3_000), at: Key(.mutable, name: "key \(number)"))
      }
      try await driver.close(in: Context())
      let good = try File.read(folder.store)
      let seed = ProcessInfo.processInfo.environment["SEED"].flatMap(UInt64.init) ?? .random(in: 0...UInt64.max)
      print("SQLiteFailureTests.flipped SEED=\(seed)")
      var random = SeededGenerator(seed: seed)
      var (failures, hidden) = (0, 0)
      for _ in 0..<150 {
        var bytes = good
        // Behind the header, which says whose file it is.
        let start = Int.random(in: 100..<bytes.count - 64, using: &random)
        for offset in 0..<Int.random(in: 1...64, using: &random) {
          bytes[start + offset] = UInt8.random(in: 0...255, using: &random)
        }
        try File.write(bytes, to: folder.store)
        let damaged = SQLiteDriver(at: folder.store, durability: .none)
        for number in 0..<40 {
          let key = try Key(.mutable, name: "key \(number)")
          do throws(DriverError) {
            if let record = try await damaged.get(key) {
              #expect(record == Record([UInt8](repeating: UInt8(number), count: 3_000)))
              continue
            }
          } catch {
            #expect(error.code == .corrupt || error.code == .tooLarge, "\(error)")
            failures += 1
            continue
          }
          // An entry of the index that was changed hides its row: only a check of the whole file tells it from absence.
          let strict = SQLiteDriver(at: folder.store, checksIntegrity: true)
          let error = try await failure { () throws(DriverError) in try await strict.get(key) }
          #expect(error.code == .corrupt)
          hidden += 1
          break
        }
        try await damaged.close(in: Context())
      }
      print("SQLiteFailureTests.flipped: \(failures) reads failed, \(hidden) times a row was hidden")
      #expect(failures > 0)
    }

    // MARK: The device

    @Test(
      "A disk that is pulled out is unavailable, never empty",
      .enabled(if: SmallDisk.isPermitted, "mounting needs root"))
    func pulled() async throws {
      let small = try SmallDisk()
      let driver = SQLiteDriver(at: small.path + "/store")
      try await driver.put([1], at: .mutable("other"))
      try small.pull()
      #expect(try await error(of: driver).code == .unavailable)
      #expect(try File.names(small.path).isEmpty)
    }

    @Test("A full disk says so, and keeps the old value", .enabled(if: SmallDisk.isPermitted, "mounting needs root"))
    func full() async throws {
      let small = try SmallDisk()
      for durability in [Durability.full, .none] {
        let driver = SQLiteDriver(at: small.path + "/\(durability)", durability: durability)
        try await driver.put([1, 2, 3], at: key)
        let error = try await failure { () throws(DriverError) in
          try await driver.put([UInt8](repeating: 1, count: 1 << 20), at: key)
        }
        #expect(error.code == .noSpace && error.effect == .unchanged, "\(error)")
        #expect(error.message.contains(small.path) && error.message.contains("free some space"))
        #expect(try await driver.get(key) == Record([1, 2, 3]))
        #expect("\(try await driver.delete(key).result)" == "deleted")
        try await driver.close(in: Context())
        try File.delete(small.path + "/\(durability)")
      }
    }

    @Test("A read-only disk is denied, and named", .enabled(if: SmallDisk.isPermitted, "mounting needs root"))
    func readOnly() async throws {
      let small = try SmallDisk()
      let driver = SQLiteDriver(at: small.path + "/store")
      try await driver.put([1], at: key)
      try await driver.close(in: Context())
      try small.remount(readOnly: true)
      defer { try? small.remount(readOnly: false) }
      for name in ["store", "new"] {
        let error = try await error(of: SQLiteDriver(at: "\(small.path)/\(name)"))
        #expect(error.code == .denied, "\(error)")
      }
    }

    @Test(
      "A file of another user is denied, and named", .enabled(if: geteuid() == 0, "another user is needed: run as root")
    )
    func denied() async throws {
      try await driver.put([1], at: key)
      try #require(unsafe chmod(folder.path, 0o755) == 0)
      let child = try Child(writer: "denied", "sqlite:" + folder.store)
      let line = try #require(child.line())
      #expect(line.hasPrefix("denied unchanged") && line.contains(folder.store), "\(line)")
      #expect(line.contains("give this process's user"))
      #expect(try await driver.get(key) == Record([1]))
    }

    @Test("A value beyond the process's limit leaves the old one")
    func limited() async throws {
      try await driver.put([1], at: key)
      let child = try Child(writer: "limited", "sqlite:" + folder.store, 100_000)
      let line = try #require(child.line())
      #expect(
        line.hasPrefix("unavailable unknown") && line.contains(folder.store) && line.contains("limits"), "\(line)")
      #expect(try await driver.get(key) == Record([1]))
      try await driver.put([2], at: key)
    }

    @Test("A datum beyond the stated maximum is neither written nor read")
    func tooLarge() async throws {
      let small = SQLiteDriver(at: folder.store, maximumByteCount: 10)
      let stamped = Record([UInt8](repeating: 1, count: 10), stamp: Stamp(time: 1, writer: 1))
      _ = try await small.put(stamped, at: key, in: Context())
      #expect(try await small.get(key, in: Context()) == stamped)
      let error = try await failure { () throws(DriverError) in
        try await small.put([UInt8](repeating: 1, count: 11), at: .mutable("other"))
      }
      #expect(error.code == .tooLarge && error.effect == .unchanged)
      try await driver.put([UInt8](repeating: 1, count: 100), at: .mutable("other"))
      #expect(try await failure { () throws(DriverError) in try await small.get(.mutable("other")) }.code == .tooLarge)
      #expect(try await small.stat(.mutable("other"), in: Context())?.byteCount == 100)
    }
  }
#endif
