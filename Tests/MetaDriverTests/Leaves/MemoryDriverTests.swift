import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct MemoryDriverTests {
  private let memory = MemoryDriver("memory")
  private let context = Context(Runtime.manual())
  private let key = Key.mutable("a")

  private func stamp(_ time: UInt64) -> Stamp { Stamp(time: time, writer: 1) }

  private func error<Answer>(_ call: () async throws(DriverError) -> Answer) async -> DriverError? {
    do throws(DriverError) {
      _ = try await call()
      return nil
    } catch { return error }
  }

  // A1
  @Test("Ids that other stores confuse keep their own bytes apart")
  func ids() async throws {
    for (index, id) in DataIDTests.odd.enumerated() {
      let key = Key.mutable(try DataID(id))
      #expect(try await memory.get(key, in: context) == nil, "\(key)")
      _ = try await memory.put(Record([UInt8(index)]), at: key, in: context)
    }
    for (index, id) in DataIDTests.odd.enumerated() {
      let key = Key.mutable(try DataID(id))
      #expect(try await memory.get(key, in: context) == Record([UInt8(index)]), "\(key)")
    }
  }

  // A1
  @Test("A hash and an id of the same text are two keys")
  func kinds() async throws {
    let hash = ContentHash(of: [1])
    _ = try await memory.put(Record([1]), at: .immutable(hash), in: context)
    #expect(try await memory.get(Key(.mutable, name: "\(hash)"), in: context) == nil)
    #expect(try await memory.get(.immutable(hash), in: context) == Record([1]))
  }

  // A1
  @Test("Payloads of every size come back", arguments: [0, 1, 256, 1 << 20, 64 << 20])
  func payloads(byteCount: Int) async throws {
    var bytes = [UInt8](repeating: 0xa5, count: byteCount)
    for index in 0..<min(byteCount, 256) { bytes[index] = UInt8(index) }
    _ = try await memory.put(Record(bytes), at: key, in: context)
    #expect(try await memory.get(key, in: context)?.bytes == bytes)
    #expect(try await memory.stat(key, in: context) == Stat(byteCount: byteCount))
  }

  // A3
  @Test("A shorter value over a longer one leaves no tail")
  func overwrite() async throws {
    _ = try await memory.put(Record([1, 2, 3]), at: key, in: context)
    let receipt = try await memory.put(Record([9]), at: key, in: context)
    #expect("\(receipt)" == "stored")
    #expect(try await memory.get(key, in: context) == Record([9]))
  }

  // A4, A5
  @Test("After a delete the key is absent, and deleting it again says so")
  func delete() async throws {
    #expect("\(try await memory.delete(key, proof: nil, in: context))" == "already absent")
    _ = try await memory.put(Record([1]), at: key, in: context)
    #expect("\(try await memory.delete(key, proof: DeletionProof([1]), in: context))" == "deleted")
    #expect(try await memory.get(key, in: context) == nil)
    #expect(try await memory.stat(key, in: context) == nil)
    #expect("\(try await memory.delete(key, proof: nil, in: context))" == "already absent")
  }

  // R12, R15, A36
  @Test("Stamp, parent and tombstone are kept; only a copy that ranks higher replaces a stamped one")
  func newestWins() async throws {
    let record = Record([1], stamp: stamp(5), parent: stamp(4))
    _ = try await memory.put(record, at: key, in: context)
    #expect(try await memory.get(key, in: context) == record)
    let unstamped = await error { () throws(DriverError) in try await memory.put(Record([3]), at: key, in: context) }
    #expect(unstamped?.code == .conflict)
    #expect(unstamped?.effect == .unchanged)
    #expect(try await memory.get(key, in: context) == record)
    for late in [Record([2], stamp: stamp(4)), .tombstone(stamp: stamp(4))] {
      let receipt = try await memory.put(late, at: key, in: context)
      #expect("\(receipt)" == "superseded by \(stamp(5))")
      #expect(receipt.stamp == late.stamp, "the stamp of the put, and not of what is there")
      #expect(try await memory.get(key, in: context) == record)
    }
    #expect("\(try await memory.put(record, at: key, in: context))" == "stored")
    let tombstone = Record.tombstone(DeletionProof([7]), stamp: stamp(6))
    #expect("\(try await memory.put(tombstone, at: key, in: context))" == "deleted")
    #expect(try await memory.get(key, in: context) == tombstone)
    #expect("\(try await memory.put(record, at: key, in: context))" == "superseded by \(stamp(6))")
    _ = try await memory.put(Record([8], stamp: stamp(7)), at: key, in: context)
    #expect(try await memory.get(key, in: context)?.bytes == [8])
  }

  // R11, A31
  @Test("Whatever the order in which stamped copies arrive, the same one is left")
  func anyOrder() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    let copies = RecordTests.world.filter { $0.stamp != nil }
    let winner = copies.reduce(copies[0]) { $1.ranksAbove($0) ? $1 : $0 }
    for round in 0..<50 {
      let memory = MemoryDriver()
      for copy in copies.shuffled(using: &generator) { _ = try await memory.put(copy, at: key, in: context) }
      #expect(try await memory.get(key, in: context) == winner, "seed \(seed), round \(round)")
    }
  }

  // A47
  @Test("Two writers of one key leave exactly one complete value")
  func concurrentWriters() async throws {
    let values = (0..<8).map { [UInt8](repeating: UInt8($0), count: 1_000 + $0) }
    let (memory, key, context) = (self.memory, self.key, self.context)
    await withTaskGroup { group in
      for value in values {
        group.addTask { for _ in 0..<50 { _ = try? await memory.put(Record(value), at: key, in: context) } }
      }
    }
    let left = try #require(try await memory.get(key, in: context))
    #expect(values.contains(left.bytes))
  }

  // A48
  @Test("Create-only fails on a key that exists, and a token that no longer matches fails")
  func conditions() async throws {
    let first = Record([1])
    #expect("\(try await memory.put(first, at: key, if: .absent, in: context))" == "stored")
    let exists = await error { () throws(DriverError) in
      try await memory.put(Record([2]), at: key, if: .absent, in: context)
    }
    #expect(exists?.code == .conflict)
    #expect(exists?.effect == .unchanged)
    #expect(try await memory.get(key, in: context) == first)
    _ = try await memory.put(Record([2]), at: key, if: .unchanged(since: first), in: context)
    let changed = await error { () throws(DriverError) in
      try await memory.put(Record([3]), at: key, if: .unchanged(since: first), in: context)
    }
    #expect(changed?.code == .conflict)
    #expect(try await memory.get(key, in: context) == Record([2]))
    let gone = await error { () throws(DriverError) in
      try await memory.put(Record([3]), at: .mutable("b"), if: .unchanged(since: first), in: context)
    }
    #expect(gone?.code == .conflict)
    #expect(try await memory.get(.mutable("b"), in: context) == nil)
  }

  // A48
  @Test("Create-only succeeds over a tombstone")
  func createAfterDelete() async throws {
    _ = try await memory.put(.tombstone(stamp: stamp(1)), at: key, in: context)
    _ = try await memory.put(Record([1], stamp: stamp(2)), at: key, if: .absent, in: context)
    #expect(try await memory.get(key, in: context)?.bytes == [1])
  }

  // A48
  @Test("A conditional put that would change nothing is a conflict, although its condition holds")
  func conditionWithoutEffect() async throws {
    _ = try await memory.put(.tombstone(stamp: stamp(9)), at: key, in: context)
    let older = await error { () throws(DriverError) in
      try await memory.put(Record([1], stamp: stamp(8)), at: key, if: .absent, in: context)
    }
    #expect(older?.code == .conflict)
    #expect(older?.effect == .unchanged)
    let unstamped = await error { () throws(DriverError) in
      try await memory.put(Record([1]), at: key, if: .absent, in: context)
    }
    #expect(unstamped?.code == .conflict)
    #expect(try await memory.get(key, in: context)?.isTombstone == true)
  }

  @Test("Listing on from another listing's cursor is an error, not an empty page")
  func foreignCursor() async throws {
    let hash = ContentHash(of: [])
    for request in [
      ListRequest(after: Cursor(after: .immutable(hash))),
      ListRequest(prefix: "b", after: Cursor(after: .mutable("a"))),
    ] {
      let failure = await error { () throws(DriverError) in try await context.list(request, from: memory) }
      #expect(failure?.code == .invalidKey)
    }
  }

  @Test("A counter that many tasks raise with conditional puts loses no count")
  func counter() async throws {
    let (memory, key, context) = (self.memory, self.key, self.context)
    _ = try await memory.put(Record([0]), at: key, in: context)
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          var raised = 0
          while raised < 25 {
            guard let seen = try? await memory.get(key, in: context) else { return }
            await Task.yield()
            let next = Record([seen.bytes[0] + 1])
            if (try? await memory.put(next, at: key, if: .unchanged(since: seen), in: context)) != nil { raised += 1 }
          }
        }
      }
    }
    #expect(try await memory.get(key, in: context)?.bytes == [200])
  }

  // A49, R30
  @Test("Listing pages to the end, each key once, tombstones included", arguments: [1, 2, 3, 7, 100])
  func list(limit: Int) async throws {
    let names = ["b", "a/2", "a/1", "a", "c", "é"]
    for name in names { _ = try await memory.put(Record([1, 2]), at: .mutable(try DataID(name)), in: context) }
    _ = try await memory.put(.tombstone(stamp: stamp(3)), at: .mutable("a/3"), in: context)
    _ = try await memory.put(Record([1]), at: .immutable(ContentHash(of: [1])), in: context)
    var entries: [Page.Entry] = []
    var cursor: Cursor?
    repeat {
      let page = try await memory.list(ListRequest(after: cursor, limit: limit), in: context)
      #expect(page.entries.count <= limit)
      #expect(page.isComplete)
      entries += page.entries
      cursor = page.next
    } while cursor != nil && entries.count < 100
    #expect(entries.map(\.key.name) == ["a", "a/1", "a/2", "a/3", "b", "c", "é"])
    #expect(entries.map(\.stat.isTombstone) == [false, false, false, true, false, false, false])
    #expect(entries[0].stat == Stat(byteCount: 2))
    #expect(entries[3].stat.stamp == stamp(3))
    let page = try await memory.list(ListRequest(prefix: "a/", limit: limit), in: context)
    #expect(page.entries.map(\.key.name) == Array(["a/1", "a/2", "a/3"].prefix(limit)))
    let immutable = try await memory.list(ListRequest(.immutable), in: context)
    #expect(immutable.entries.map(\.key) == [.immutable(ContentHash(of: [1]))])
  }

  // R29
  @Test("A put that would exceed the capacity changes nothing and says how much is missing")
  func capacity() async throws {
    // 10 bytes: a name of 1 and 4 of data, twice.
    let memory = MemoryDriver("small", capacity: 10)
    _ = try await memory.put(Record([1, 2, 3, 4]), at: .mutable("a"), in: context)
    _ = try await memory.put(Record([5, 6, 7, 8]), at: .mutable("b"), in: context)
    let full = await error { () throws(DriverError) in
      try await memory.put(Record([]), at: .mutable("c"), in: context)
    }
    #expect(full?.code == .noSpace)
    #expect(full?.effect == .unchanged)
    #expect(full?.message == "'c' needs 1 bytes more, 0 of 10 are free")
    let longer = await error { () throws(DriverError) in
      try await memory.put(
        Record([1, 2, 3, 4, 5]), at: .mutable("a"), if: .unchanged(since: Record([1, 2, 3, 4])), in: context)
    }
    #expect(longer?.code == .noSpace)
    #expect(try await memory.get(.mutable("a"), in: context) == Record([1, 2, 3, 4]))
    #expect(try await memory.get(.mutable("c"), in: context) == nil)
    // What becomes free can be used, to the byte.
    _ = try await memory.put(Record([]), at: .mutable("a"), in: context)
    _ = try await memory.put(Record([1, 2, 3]), at: .mutable("c"), in: context)
    _ = try await memory.delete(.mutable("c"), proof: nil, in: context)
    _ = try await memory.delete(.mutable("b"), proof: nil, in: context)
    _ = try await memory.delete(.mutable("a"), proof: nil, in: context)
    _ = try await memory.put(Record([UInt8](repeating: 0, count: 8)), at: .mutable("dd"), in: context)
    let again = await error { () throws(DriverError) in
      try await memory.put(Record([]), at: .mutable("e"), in: context)
    }
    #expect(again?.code == .noSpace)
  }

  @Test("Every copy of the value is the same store, and two values are two stores")
  func copies() async throws {
    let copy = memory
    _ = try await copy.put(Record([1]), at: key, in: context)
    #expect(try await memory.get(key, in: context) == Record([1]))
    #expect(memory.leaf?.identity == copy.leaf?.identity)
    let other = MemoryDriver("memory")
    #expect(try await other.get(key, in: context) == nil)
    #expect(other.leaf?.identity != memory.leaf?.identity)
  }

  @Test("After closing, every operation says closed; closing again does no harm")
  func close() async throws {
    _ = try await memory.put(Record([1]), at: key, in: context)
    try await memory.close(in: context)
    try await memory.close(in: context)
    let (memory, key, context) = (self.memory, self.key, self.context)
    let calls: [@Sendable () async throws -> Void] = [
      { _ = try await memory.get(key, in: context) },
      { _ = try await memory.put(Record([1]), at: key, in: context) },
      { _ = try await memory.put(Record([1]), at: key, if: .absent, in: context) },
      { _ = try await memory.delete(key, proof: nil, in: context) },
      { _ = try await memory.list(ListRequest(), in: context) },
      { _ = try await memory.stat(key, in: context) },
    ]
    for call in calls {
      let error = await #expect(throws: DriverError.self) { try await call() }
      #expect(error?.code == .closed)
      #expect(error?.effect == .unchanged)
    }
  }

  @Test("The outline says what it is and what it can do")
  func outline() {
    #expect("\(memory.outline)" == "MemoryDriver \"memory\"")
    #expect("\(MemoryDriver(capacity: 10).outline)" == "MemoryDriver (capacity: 10 bytes)")
    #expect(memory.outline.capabilities == [.get, .put, .delete, .list, .stat, .compareAndPut, .compareAndDelete])
    #expect(memory.outline.leaf?.ordering == .newestWins)
  }
}
