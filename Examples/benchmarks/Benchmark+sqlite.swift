#if SQLite
  private import CBenchmarkSupport
  private import MetaDriver
  private import MetaDriverSQLite
  private import MetaDriverDisk

  extension Benchmark {
    /// What `SQLiteDriver` costs, against C functions that ask the library for the same.
    static func sqlite(in folder: String) -> [Benchmark] {
      let comparison = Comparison(batch: .microseconds(1), budget: .seconds(4), pairs: 1_000)
      return [
        Benchmark("SQLite put 1 KiB, full") {
          try await put(try await Database("full", .full, in: folder), comparison)
        },
        Benchmark("SQLite put 1 KiB, ordered") {
          try await put(try await Database("ordered", .ordered, in: folder), Comparison())
        },
        Benchmark("SQLite get 1 KiB") {
          let database = try await Database("read", .ordered, in: folder)
          let context = Context()
          return try await Comparison().measure { count in
            for _ in 0..<count { _ = try await database.driver.get(datum, in: context) }
          } against: { count in
            for _ in 0..<count { try database.getInC() }
          }
        },
        Benchmark("SQLite read on another thread") {
          let database = try await Database("threads", .ordered, in: folder)
          let context = Context()
          let threads = DriverThreads(of: "SQLiteDriver", threadLimit: 1)
          defer { threads.stop() }
          return try await Comparison().measure { count in
            for _ in 0..<count {
              try await threads.run(nil, context) { () throws(DriverError) in
                guard database.readsInC else { throw DriverError(.unavailable, "the C get failed") }
              }
            }
          } against: { count in
            for _ in 0..<count { try database.getInC() }
          }
        },
        Benchmark("SQLite, 16 puts at once against in a row") {
          let database = try await Database("many", .full, in: folder)
          let keys = try (0..<16).map { Key.mutable(try DataID("key \($0)")) }
          let context = Context()
          return try await comparison.measure { count in
            for _ in 0..<count {
              try await withThrowingTaskGroup { group in
                for key in keys {
                  group.addTask { _ = try await database.driver.put(changed(0), at: key, in: context) }
                }
                try await group.waitForAll()
              }
            }
          } against: { count in
            for _ in 0..<count {
              for key in keys { _ = try await database.driver.put(changed(0), at: key, in: context) }
            }
          }
        },
      ]
    }

    private static func put(_ database: Database, _ comparison: Comparison) async throws -> Measured {
      let context = Context()
      return try await comparison.measure { count in
        for number in 0..<count { _ = try await database.driver.put(changed(number), at: datum, in: context) }
      } against: { count in
        for number in 0..<count { try database.putInC(changed(number)) }
      }
    }
  }

  /// The value, with something new in it: what is there already the library does not write.
  private func changed(_ number: Int) -> Record {
    var record = value
    record.bytes[number % record.bytes.count] = UInt8.random(in: 0...255)
    return record
  }

  /// A `SQLiteDriver` that holds the datum, and a database beside it as a C program sees it.
  @safe private struct Database: @unchecked Sendable {
    let driver: SQLiteDriver
    private let inC: OpaquePointer

    init(_ name: String, _ durability: Durability, in folder: String) async throws {
      driver = SQLiteDriver(at: "\(folder)/\(name).sqlite", durability: durability)
      try await driver.put(value.bytes, at: datum)
      guard let inC = unsafe benchmark_sqlite_open("\(folder)/\(name)-c.sqlite", durability == .full ? 1 : 0) else {
        throw Options.Problem("cannot make \(folder)/\(name)-c.sqlite")
      }
      unsafe self.inC = unsafe inC
      try putInC(value)
    }

    /// Writes the datum by the library's functions, on the calling thread.
    func putInC(_ record: Record) throws {
      let failed = unsafe record.bytes.withUnsafeBytes {
        unsafe benchmark_sqlite_put(inC, datum.name, $0.baseAddress, $0.count)
      }
      guard failed == 0 else { throw Options.Problem("the C put failed") }
    }

    /// Reads the datum by the library's functions.
    func getInC() throws {
      guard readsInC else { throw Options.Problem("the C get failed") }
    }

    /// Reads the datum by the library's functions, and says whether all of it was there.
    var readsInC: Bool { unsafe benchmark_sqlite_get(inC, datum.name) == value.bytes.count }
  }
#else
  extension Benchmark {
    /// None, without the trait.
    static func sqlite(in folder: String) -> [Benchmark] { [] }
  }
#endif
