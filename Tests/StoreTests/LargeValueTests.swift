#if SQLite
  import Foundation
  import MetaDriver
  import MetaDriverDisk
  import MetaDriverSQLite
  import TestSupport
  import Testing

  /// What a large value takes in memory, beside the bytes that its caller holds. Measured alone, because memory is counted
  /// for the whole process.
  @Suite(
    .serialized,
    .enabled(
      if: ProcessInfo.processInfo.environment["METADRIVER_REQUESTS"] != nil, "is measured alone: Tests/run does"))
  struct LargeValueTests {
    private static let byteCount = 64 << 20
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    enum Kind: String, CaseIterable {
      case folders, files
    }

    private func strategy(_ kind: Kind) throws -> Strategy {
      try Strategy("large") {
        Quorum(read: 2, write: 2, reads: .digestFirst) {
          for name in ["a", "b", "c"] {
            switch kind {
            case .folders: DiskDriver(at: "\(folder.path)/\(name)", name: name, durability: .none)
            case .files: SQLiteDriver(at: "\(folder.path)/\(name).sqlite", name: name, durability: .none)
            }
          }
        }
      }
    }

    @Test("A large value is in memory once, whatever the number of stores", arguments: Kind.allCases)
    func quorum(kind: Kind) async throws {
      let strategy = try strategy(kind)
      // What the driver and the library need anyway.
      try await strategy.put([1], at: "small")
      _ = try await strategy.get("small")
      let value = [UInt8](repeating: 0x5a, count: Self.byteCount)
      let put = try await growth {
        try await strategy.put(value, at: "large")
        await strategy.drain()
      }
      var isRight = false
      let get = try await growth { isRight = try await strategy.get("large")?.bytes == value } - Self.byteCount
      print("\(kind): a put of 64 MiB took \(put >> 20) MiB beside the value, a get \(get >> 20)")
      #expect(isRight)
      #expect(put <= Self.byteCount / 5)
      // A digest may decide before the first child has answered, which is then asked in vain.
      #expect(get <= Self.byteCount * 6 / 5)
    }

    @Test("One store holds nothing beside the bytes that it hands out", arguments: Kind.allCases)
    func one(kind: Kind) async throws {
      let driver: any Driver =
        kind == .folders
        ? DiskDriver(at: "\(folder.path)/one", durability: .none)
        : SQLiteDriver(at: "\(folder.path)/one.sqlite", durability: .none)
      let key = Key.mutable("large")
      _ = try await driver.put(
        Record([UInt8](repeating: 0x5a, count: Self.byteCount), stamp: Stamp(time: 1, writer: 1)), at: key,
        in: Context())
      let get = try await growth {
        let record = try await driver.get(key, in: Context())
        #expect(record?.bytes.count == Self.byteCount)
      }
      print("\(kind): a get of 64 MiB from one took \(get >> 20) MiB")
      #expect(get <= Self.byteCount * 6 / 5)
    }

    /// By how much the process was larger, at its largest.
    private func growth(_ body: () async throws -> Void) async throws -> Int {
      try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
      let before = try peak()
      try await body()
      return try peak() - before
    }

    private func peak() throws -> Int {
      let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
      return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) }) << 10
    }
  }
#endif
