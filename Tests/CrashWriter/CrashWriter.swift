import MetaDriver
import MetaDriverDisk

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

#if SQLite
  import MetaDriverSQLite
#endif

/// A second process for the tests of stores on this machine: writes as it is told, and says on standard output what became
/// of it. A store is the path of a folder, or `sqlite:` and that of a file.
@main struct CrashWriter {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3 else { fatalError("usage: CrashWriter MODE STORE …") }
    let (store, rest) = (arguments[2], arguments.dropFirst(3).map { Int($0) ?? 0 })
    switch arguments[1] {
    case "write": try await write(to: driver(of: store, rest[1] == 1 ? .full : .none), seed: UInt64(rest[0]))
    case "count":
      try await count(on: driver(of: store, .none), increments: rest[0])
      say("done")
    case "stamp": try await stamp(on: driver(of: store, .none), seed: UInt64(rest[0]), count: rest[1])
    case "sync":
      try await sync(on: driver(of: store, [.none, .ordered, .full][rest[0]]), count: rest[1])
      say("done")
    case "denied":
      guard setgid(65_534) == 0, setuid(65_534) == 0 else { fatalError("cannot become another user") }
      try await report(on: driver(of: store, .full), byteCount: 10)
    case "limited":
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: rlim_t(rest[0]), rlim_max: rlim_t(rest[0]))
      #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
      #else
        let resource = RLIMIT_FSIZE
      #endif
      guard unsafe setrlimit(resource, &limit) == 0 else { fatalError("cannot limit the size of files") }
      try await report(on: driver(of: store, .full), byteCount: rest[0] + 1)
    default: fatalError("there is no mode \(arguments[1])")
    }
  }

  private static func driver(of store: String, _ durability: Durability) -> any Driver {
    #if SQLite
      if store.hasPrefix("sqlite:") {
        // Others may keep the file to themselves for long, on a machine that is busy with other tests.
        return SQLiteDriver(
          at: String(store.dropFirst("sqlite:".count)), durability: durability, busyTimeout: .seconds(60))
      }
    #endif
    return DiskDriver(at: store, durability: durability)
  }

  /// Puts one after the other, for who counts how often that waits for the device.
  private static func sync(on driver: any Driver, count: Int) async throws {
    for number in 0..<count { try await driver.put([UInt8(truncatingIfNeeded: number)], at: .mutable("key")) }
  }

  /// Overwrites eight keys for ever. A line before each put and one after it say which.
  private static func write(to driver: any Driver, seed: UInt64) async throws {
    var generator = Generator(seed: seed)
    var number = Int(seed % 1_000_000) * 1_000_000
    while true {
      number += 1
      let key = try Key(.mutable, name: "key \(Int.random(in: 0..<8, using: &generator))")
      let bytes = CrashValue(number: number, byteCount: Int.random(in: 0..<300_000, using: &generator)).bytes
      say("begin \(key.name.last ?? "?") \(number)")
      try await driver.put(bytes, at: key)
      say("done \(key.name.last ?? "?") \(number)")
    }
  }

  /// Adds one to a counter, by compare-and-put, so many times.
  static func count(on driver: any Driver, increments: Int) async throws {
    for _ in 0..<increments { try await increment(driver) }
  }

  private static func increment(_ driver: any Driver) async throws {
    while true {
      let context = Context()
      let key = Key.mutable("counter")
      let stored = try await driver.get(key, in: context)
      let value = stored.flatMap { Int(String(decoding: $0.bytes, as: UTF8.self)) } ?? 0
      do throws(DriverError) {
        _ = try await driver.put(
          Record(Array("\(value + 1)".utf8)), at: key, if: stored.map { .unchanged(since: $0) } ?? .absent, in: context)
        return
      } catch {
        if error.code != .conflict { throw error }
      }
    }
  }

  /// Puts records with stamps 1 to `count`, in an order drawn from the seed.
  private static func stamp(on driver: any Driver, seed: UInt64, count: Int) async throws {
    var generator = Generator(seed: seed)
    for time in (1...count).shuffled(using: &generator) {
      let record = Record(Array("\(time) by \(seed)".utf8), stamp: Stamp(time: UInt64(time), writer: seed))
      _ = try await driver.put(record, at: .mutable("stamped"), in: Context())
    }
    say("done")
  }

  /// Puts once, and says how that failed.
  private static func report(on driver: any Driver, byteCount: Int) async throws {
    do throws(DriverError) {
      try await driver.put([UInt8](repeating: 1, count: byteCount), at: .mutable("key"))
      say("stored")
    } catch {
      say("\(error.code) \(error.effect) \(error.message)")
    }
  }

  private static func say(_ line: String) {
    let line = line + "\n"
    _ = unsafe line.withCString { unsafe Self.write($0, strlen($0)) }
  }

  private static func write(_ text: UnsafePointer<CChar>, _ count: Int) -> Int {
    #if canImport(Darwin)
      unsafe Darwin.write(1, text, count)
    #elseif canImport(Glibc)
      unsafe Glibc.write(1, text, count)
    #else
      unsafe Musl.write(1, text, count)
    #endif
  }
}
