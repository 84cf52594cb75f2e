import MetaDriver
import MetaDriverDisk
import TestSupport
import Testing

@testable import CrashWriter

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite struct DiskDriverTests {
  private let folder: TemporaryFolder
  private let disk: DiskDriver

  init() throws {
    folder = try TemporaryFolder()
    disk = folder.disk()
  }

  @Test("Two paths that come to lead to one folder after the drivers were made are found out, whoever is first")
  func laterLink() async throws {
    let (real, link) = (folder.path + "/real", folder.path + "/link")
    try #require(unsafe mkdir(real, 0o700) == 0)
    let (one, two) = (DiskDriver(at: real + "/store", name: "one"), DiskDriver(at: link + "/store", name: "two"))
    // Nothing tells them apart yet.
    #expect(one.leaf?.identity != two.leaf?.identity)
    try #require(unsafe symlink(real, link) == 0)
    _ = try await one.put([1], at: "k")
    for _ in 0..<2 {
      let error = await #expect(throws: DriverError.self) { try await two.put([2], at: "k") }
      #expect(error?.code == .unsupported && error?.effect == .unchanged)
      #expect(error?.message.contains("/link/store is ") == true && error?.message.contains("/real/store too") == true)
    }
    #expect(try await one.get("k")?.bytes == [1])
    // One that is made now is the same store.
    let three = DiskDriver(at: link + "/store", name: "three")
    #expect(three.leaf?.identity == one.leaf?.identity)
    #expect(try await three.get("k")?.bytes == [1])
  }

  @Test("A folder that was moved is no second path, and one whose driver was closed neither")
  func movedFolder() async throws {
    let (before, after, link) = (folder.path + "/before", folder.path + "/after", folder.path + "/link")
    try #require(unsafe mkdir(before, 0o700) == 0)
    let (one, other) = (DiskDriver(at: before + "/store"), DiskDriver(at: link + "/store"))
    _ = try await one.put([1], at: "k")
    try #require(unsafe rename(before, after) == 0)
    let two = DiskDriver(at: after + "/store")
    #expect(try await two.get("k")?.bytes == [1])
    try #require(unsafe symlink(after, link) == 0)
    await #expect(throws: DriverError.self) { try await other.get("k") }
    try await two.close(in: Context())
    #expect(try await other.get("k")?.bytes == [1])
  }

  private static let oddIDs = [
    "plain", "with space", "a/b/c", "/", "..", "../../up", ".", "quote\"'", "colon:", "100%", "%2f", "=2f", "+", "\\",
    "\u{0}",
    "\n\r\t\u{1b}", "Key", "key", "KEY", "\u{e9}", "e\u{301}", "日本語", "👩‍👩‍👧", "con", "nul.txt", "trailing.", "trailing ",
    "~",
    String(repeating: "a", count: 255), String(repeating: "A", count: 4_096), String(repeating: "é", count: 2_048),
    String(repeating: "a", count: 200), String(repeating: "a", count: 201),
  ]

  // A1
  @Test("Odd ids each have their own bytes, and come back from a listing as they were given")
  func oddIDs() async throws {
    var expected: [Key] = []
    for id in Self.oddIDs {
      let key = try Key(.mutable, name: id)
      #expect(try await disk.get(key) == nil, "\(key) is there before it was put")
      try await disk.put(Array(id.utf8), at: key)
      expected.append(key)
    }
    let hash = ContentHash(of: Array("plain".utf8))
    try await disk.put(Array("plain".utf8), at: .immutable(hash))
    for key in expected {
      let record = try #require(try await disk.get(key))
      #expect(record.bytes.elementsEqual(key.name.utf8))
      #expect(try await disk.stat(key, in: Context()) == Stat(byteCount: key.name.utf8.count))
    }
    #expect(try await disk.list(ListRequest(), in: Context()).entries.map(\.key) == expected.sorted())
    #expect(try await disk.list(ListRequest(.immutable), in: Context()).entries.map(\.key) == [.immutable(hash)])
    #expect(try await disk.get(Key(.mutable, name: hash.description)) == nil)
  }

  // A1
  @Test("Payloads of every size come back, stamped or bare", arguments: [false, true])
  func payloads(isStamped: Bool) async throws {
    let sizes = [0, 1, 61, 62, 63, 65_474, 65_536, 65_537, 1 << 20] + (isStamped ? [] : [64 << 20])
    for (time, size) in sizes.enumerated() {
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        for index in 0..<size { unsafe buffer[index] = UInt8(truncatingIfNeeded: index &* 31 &+ index >> 8) }
        count = size
      }
      let record = Record(bytes, stamp: isStamped ? Stamp(time: UInt64(time + 1), writer: 1) : nil)
      _ = try await disk.put(record, at: .mutable("key"), in: Context())
      // Not by #expect, which would print 64 MiB.
      #expect(try await disk.get(.mutable("key")).map { $0 == record } == true, "\(size) bytes")
    }
  }

  // A1
  @Test("Bytes that look like an envelope, and all byte values, come back")
  func lookAlikes() async throws {
    let looksLikeAnEnvelope: [UInt8] = [0x4d, 0x44, 0x52, 0xe1, 1, 2]
    for bytes in [
      looksLikeAnEnvelope, Array(0...255), Record([1], stamp: Stamp(time: 1, writer: 1)).encoded(for: .mutable("a")),
    ] {
      try await disk.put(bytes, at: .mutable("key"))
      #expect(try await disk.get(.mutable("key")) == Record(bytes))
    }
  }

  @Test("A value without a stamp is its bare bytes in a file that anyone can read")
  func bareBytes() async throws {
    try await disk.put(Array("hello".utf8), at: .mutable("alice/profile"))
    let file = try folder.file(.mutable("alice/profile"))
    #expect(file.hasSuffix("/alice=2fprofile"))
    #expect(try File.read(file) == Array("hello".utf8))
  }

  // A3
  @Test("A shorter value over a longer one leaves no tail")
  func shorter() async throws {
    try await disk.put([UInt8](repeating: 1, count: 100_000), at: .mutable("key"))
    try await disk.put([2], at: .mutable("key"))
    #expect(try await disk.get(.mutable("key")) == Record([2]))
    #expect(try File.read(folder.file(.mutable("key"))) == [2])
  }

  // A4, A5
  @Test(
    "A deleted datum is absent, and deleting it again says so",
    arguments: [DiskDriver.Durability.full, .ordered, .none])
  func delete(durability: DiskDriver.Durability) async throws {
    let disk = folder.disk(durability: durability)
    let key = Key.mutable(try DataID(String(repeating: "Long ", count: 300)))
    for _ in 0..<2 { #expect("\(try await disk.delete(key).result)" == "already absent") }
    try await disk.put([1], at: key)
    #expect("\(try await disk.delete(key).result)" == "deleted")
    #expect(try await disk.get(key) == nil)
    #expect(try await disk.get([try #require(disk.url(for: key))], in: Context()) == nil)
    #expect(try await disk.stat(key, in: Context()) == nil)
    #expect(try await disk.list(ListRequest(), in: Context()).entries.isEmpty)
    #expect("\(try await disk.delete(key).result)" == "already absent")
  }

  // B7: a leaf removes what there is, whatever its stamp, and a tombstone is not a datum.
  @Test("A tombstone is stored, listed and found, and deleting it says that nothing was there")
  func tombstone() async throws {
    let (key, stamp) = (Key.mutable("key"), Stamp(time: 2, writer: 1))
    let live = Record([1], stamp: Stamp(time: 1, writer: 1))
    #expect("\(try await disk.put(.tombstone(stamp: stamp), at: key, in: Context()).result)" == "already absent")
    #expect("\(try await disk.put(live, at: key, in: Context()).result)" == "superseded by \(stamp)")
    #expect(try await disk.get(key, in: Context()) == .tombstone(stamp: stamp))
    #expect(try await disk.list(ListRequest(), in: Context()).entries.first?.stat.isTombstone == true)
    #expect("\(try await disk.delete(key).result)" == "already absent")
    #expect(try await disk.get(key, in: Context()) == nil)
    _ = try await disk.put(live, at: key, in: Context())
    #expect("\(try await disk.put(.tombstone(stamp: stamp), at: key, in: Context()).result)" == "deleted")
  }

  // R8, R11, R13: beside the memory driver, which ranks by the same rule.
  @Test("Newest wins as it does in memory, whatever the order of the puts")
  func newestWins() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("DiskDriverTests.newestWins seed \(seed)")
    var generator = Generator(seed: seed)
    let key = Key.mutable("key")
    for _ in 0..<30 {
      let memory = MemoryDriver()
      _ = try await disk.delete(key)
      for _ in 0..<8 {
        let stamp = Stamp(time: .random(in: 1...3, using: &generator), writer: .random(in: 1...2, using: &generator))
        let bytes = [UInt8](repeating: .random(in: 0...1, using: &generator), count: 3)
        let record =
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: Record(bytes)
          case 1: Record.tombstone(stamp: stamp)
          default: Record(bytes, stamp: stamp)
          }
        #expect(await Self.outcome(of: record, at: key, in: disk) == Self.outcome(of: record, at: key, in: memory))
        #expect(try await disk.get(key, in: Context()) == memory.get(key, in: Context()))
      }
    }
  }

  /// What became of a put, in words that two drivers can share.
  private static func outcome(of record: Record, at key: Key, in driver: some Driver) async -> String {
    do throws(DriverError) {
      let receipt = try await driver.put(record, at: key, in: Context())
      return "\(receipt.result), \(receipt.stamp.map(String.init(describing:)) ?? "no stamp")"
    } catch {
      return "\(error.code), \(error.effect)"
    }
  }

  // A48
  @Test("A conditional put checks and writes in one step")
  func conditions() async throws {
    let (key, context) = (Key.mutable("key"), Context())
    let first = Record([1])
    #expect("\(try await disk.put(first, at: key, if: .absent, in: context).result)" == "stored")
    for condition in [Precondition.absent, .unchanged(since: Record([9]))] {
      let error = try await failure { () throws(DriverError) in
        try await disk.put(Record([2]), at: key, if: condition, in: context)
      }
      #expect(error.code == .conflict && error.effect == .unchanged)
    }
    _ = try await disk.put(Record([2]), at: key, if: .unchanged(since: first), in: context)
    #expect(try await disk.get(key, in: context) == Record([2]))
    let tombstone = Record.tombstone(stamp: Stamp(time: 1, writer: 1))
    _ = try await disk.put(tombstone, at: key, in: context)
    _ = try await disk.put(Record([3], stamp: Stamp(time: 2, writer: 1)), at: key, if: .absent, in: context)
    #expect(try File.names("\(folder.store)/tmp").isEmpty)
  }

  // A47, A48
  @Test("A counter kept by compare-and-put counts every increment")
  func counter() async throws {
    let (disk, key) = (disk, Key.mutable("counter"))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          do {
            for _ in 0..<50 {
              while true {
                let stored = try await disk.get(key)
                let count = stored.map { Int($0.bytes[0]) << 8 | Int($0.bytes[1]) } ?? 0
                do throws(DriverError) {
                  let record = Record([UInt8((count + 1) >> 8), UInt8((count + 1) & 0xff)])
                  _ = try await disk.put(
                    record, at: key, if: stored.map { .unchanged(since: $0) } ?? .absent, in: Context())
                  break
                } catch {
                  #expect(error.code == .conflict)
                }
              }
            }
          } catch { Issue.record(error) }
        }
      }
    }
    #expect(try await disk.get(key) == Record([0, 200]))
  }

  // A47
  @Test("Puts of one key run in the order in which they were made")
  func fifo() async throws {
    let disk = disk
    for _ in 0..<20 {
      let tasks = (0..<8 as Range<UInt8>).map { number in
        Runtime.shared.start { _ = try? await disk.put([number], at: .mutable("key")) }
      }
      for task in tasks { await task.value }
      #expect(try await disk.get(.mutable("key")) == Record([7]))
    }
  }

  // A49, R30
  @Test("A listing pages until its end, every key once", arguments: [1, 2, 3, 1_000])
  func paging(limit: Int) async throws {
    let names = ["a", "a/", "a/b", "a/c", "ab", "b", "é", "Z", String(repeating: "a", count: 1_000)]
    for name in names { try await disk.put(Array(name.utf8), at: Key(.mutable, name: name)) }
    for prefix in ["", "a", "a/", "b", "é", "zz", "aaa"] {
      var (found, cursor): ([Key], Cursor?) = ([], nil)
      repeat {
        let page = try await disk.list(ListRequest(prefix: prefix, after: cursor, limit: limit), in: Context())
        #expect(page.entries.count <= limit && page.isComplete)
        #expect(page.entries.allSatisfy { $0.stat.byteCount == $0.key.name.utf8.count })
        found += page.entries.map(\.key)
        cursor = try page.next.map { try Cursor($0.description) }
      } while cursor != nil
      let expected = try names.filter { $0.utf8.starts(with: prefix.utf8) }.map { try Key(.mutable, name: $0) }.sorted()
      #expect(found == expected)
    }
    #expect(throws: DriverError.self) { try Cursor("m.61.00000000") }
  }

  @Test("Two drivers of one folder are one leaf, however the path is spelled")
  func identity() async throws {
    let direct = try #require(disk.leaf).identity
    #expect(DiskDriver(at: folder.path + "//./store/").leaf?.identity == direct)
    try await disk.put([1], at: .mutable("key"))
    #expect(DiskDriver(at: folder.path + "/store/../store/.").leaf?.identity == direct)
    let link = folder.path + "/link"
    try File.link(link, to: folder.store)
    let other = DiskDriver(at: link)
    #expect(other.leaf?.identity == direct)
    #expect(DiskDriver(at: folder.path + "/other").leaf?.identity != direct)
    #expect(try await other.get(.mutable("key")) == Record([1]))
    #expect(other.url(for: .mutable("key")) == disk.url(for: .mutable("key")))
  }

  @Test("The outline shows path, durability and domain")
  func outline() {
    let disk = DiskDriver(at: folder.store, name: "disk", durability: .ordered, domain: "laptop")
    #expect(
      "\(disk.outline)" == "DiskDriver \"disk\" (at: \(folder.store), durability: ordered, domain: laptop)")
    #expect(disk.leaf?.ordering == .newestWins)
    #expect(disk.outline.capabilities == [.basic, .list, .stat, .compareAndPut, .compareAndDelete, .makeURL, .getURL])
  }

  @Test("Opening and closing are idempotent, and a closed driver says so")
  func closing() async throws {
    for _ in 0..<2 { _ = try await disk.open(in: Context()) }
    let copy = disk
    try await copy.put([1], at: .mutable("key"))
    if let count = File.openCount(below: folder.store) { #expect(count == 1) }
    for _ in 0..<2 { try await disk.close(in: Context()) }
    if let count = File.openCount(below: folder.store) { #expect(count == 0) }
    for error in [
      try await failure { () throws(DriverError) in try await copy.get(.mutable("key")) },
      try await failure { () throws(DriverError) in try await copy.put([2], at: .mutable("key")) },
      try await failure { () throws(DriverError) in try await copy.delete(.mutable("key")) },
      try await failure { () throws(DriverError) in try await copy.list(ListRequest(), in: Context()) },
      try await failure { () throws(DriverError) in try await copy.open(in: Context()) },
    ] { #expect(error.code == .closed && error.effect == .unchanged) }
    #expect(try await folder.disk().get(.mutable("key")) == Record([1]))
  }

  @Test("A deadline that has passed, and a cancelled task, ask nothing of the disk")
  func deadline() async throws {
    let late = Context(options: CallOptions(timeout: .zero))
    for error in [
      try await failure { () throws(DriverError) in try await disk.put(Record([1]), at: .mutable("key"), in: late) },
      try await failure { () throws(DriverError) in try await disk.get(.mutable("key"), in: late) },
    ] { #expect(error.code == .timedOut && error.effect == .unchanged) }
    let task = Task { [disk] in
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try await disk.put([1], at: .mutable("key"))
    }
    await #expect(throws: DriverError.self) { try await task.value }
    #expect(try await disk.get(.mutable("key")) == nil)
  }
}
