import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

/// A38 and R20, in memory.
@Suite(.timeLimit(.minutes(10))) struct ReadYourWritesTests {
  private let clock = ManualClock()
  private let key = Key.mutable("k")
  private let store = Scripted("store")
  private let runtime: Runtime
  private var context: Context { Context(runtime) }

  init() { runtime = .manual(clock) }

  /// Makes the store forget what it was last told, as a store does that shows writes late.
  private func showLate(_ record: Record?) { store.contents[key] = record }

  // A38
  @Test("A session sees its own put, overwrite and delete over a store that shows all of them late")
  func ownWrites() async throws {
    let session = store.readYourWrites()
    #expect(try await session.get(key, in: context) == nil)
    _ = try await session.put(Record([1]), at: key, in: context)
    let first = store.contents[key]
    showLate(nil)
    #expect(try await session.get(key, in: context)?.bytes == [1])

    _ = try await session.put(Record([2]), at: key, in: context)
    showLate(first)
    #expect(try await session.get(key, in: context)?.bytes == [2])

    _ = try await session.delete(key, proof: nil, in: context)
    showLate(first)
    #expect(try await session.get(key, in: context)?.isTombstone == true)
    showLate(nil)
    #expect(try await session.get(key, in: context)?.isTombstone == true)
  }

  @Test("Two trees that keep their sessions on one disk know nothing of each other under names of their own")
  func names() async throws {
    let disk = Scripted("disk"), other = Scripted("other")
    let profiles = store.readYourWrites(journal: disk, name: "profiles")
    let notes = other.readYourWrites(journal: disk, name: "notes")
    _ = try await profiles.put(Record([1]), at: key, in: context)
    #expect(try await notes.get(key, in: context) == nil)
    #expect(try await profiles.get(key, in: context)?.bytes == [1])
    let read = other.monotonicReads(floors: disk, name: "notes, read")
    #expect(try await read.get(key, in: context) == nil)
  }

  @Test("Another session over the same store has no such floor; a copy of the value is the same session")
  func whoIsTheSession() async throws {
    let session = store.readYourWrites(), copy = session, other = store.readYourWrites()
    _ = try await session.put(Record([1]), at: key, in: context)
    showLate(nil)
    #expect(try await copy.get(key, in: context)?.bytes == [1])
    #expect(try await other.get(key, in: context) == nil)
  }

  @Test("A newer copy that somebody else wrote is the answer, and what is written next ranks above it")
  func newerForeignCopy() async throws {
    let session = store.readYourWrites()
    let receipt = try await session.put(Record([1]), at: key, in: context)
    let own = try #require(receipt.stamp)
    let foreign = Record([9], stamp: Stamp(time: own.time + (30_000 << 16), writer: 77))
    showLate(foreign)
    #expect(try await session.get(key, in: context) == foreign)
    let next = try await session.put(Record([2]), at: key, in: context)
    #expect(try #require(next.stamp) > (try #require(foreign.stamp)))
  }

  // R32, C12
  @Test("A put that meets a newer copy is stamped above it, and stored")
  func superseded() async throws {
    let leaf = MemoryDriver("memory")
    let session = leaf.readYourWrites()
    let ahead = Stamp(time: runtime.nextStamp().time + (30_000 << 16), writer: 77)
    _ = try await leaf.put(Record([9], stamp: ahead), at: key, in: context)
    let first = try await session.put(Record([1]), at: key, in: context)
    #expect("\(first.result)" == "stored")
    #expect(try #require(first.stamp) > ahead)
    #expect(try await session.get(key, in: context)?.bytes == [1])
  }

  @Test("A write that failed leaves the floor where it was", arguments: [DriverError.Effect.unchanged, .unknown])
  func failedWrite(effect: DriverError.Effect) async throws {
    let store = Scripted("store", ordering: .newestWins, answers: [.ok, .error(.unavailable, effect: effect)])
    let session = store.readYourWrites(onStale: .fail)
    _ = try await session.put(Record([1]), at: key, in: context)
    await #expect(throws: DriverError.self) { try await session.put(Record([2]), at: key, in: context) }
    #expect(try await session.get(key, in: context)?.bytes == [1])
  }

  @Test("fail: a copy below the floor is `stale`, with both stamps; distinct from an outage")
  func fail() async throws {
    let session = store.readYourWrites(onStale: .fail)
    _ = try await session.put(Record([1]), at: key, in: context)
    let old = try #require(store.contents[key])
    let newest = try #require(try await session.put(Record([2]), at: key, in: context).stamp)
    showLate(old)
    var error = await #expect(throws: DriverError.self) { try await session.get(key, in: context) }
    #expect(error?.code == .stale)
    #expect(error?.isRetryable == true)
    #expect(
      error?.message
        == "this session wrote 'k' at \(newest), and the newest copy to be found is \(try #require(old.stamp))")
    showLate(nil)
    error = await #expect(throws: DriverError.self) { try await session.get(key, in: context) }
    #expect(error?.message == "this session wrote 'k' at \(newest), and the newest copy to be found is nothing")
    showLate(Record([5]))
    error = await #expect(throws: DriverError.self) { try await session.get(key, in: context) }
    #expect(error?.message.hasSuffix("the newest copy to be found is a copy without a stamp") == true)

    let down = Scripted("down", ordering: .newestWins, answers: [.ok], then: .error(.unavailable)).readYourWrites(
      onStale: .fail)
    _ = try await down.put(Record([1]), at: key, in: context)
    error = await #expect(throws: DriverError.self) { try await down.get(key, in: context) }
    #expect(error?.code == .unavailable)
  }

  @Test("wait: asks again until the copy is there")
  func waits() async throws {
    let session = store.readYourWrites(onStale: .wait(atMost: .seconds(5), every: .seconds(1)))
    _ = try await session.put(Record([1]), at: key, in: context)
    let record = store.contents[key]
    showLate(nil)
    let read = Task { [context, key] in try await session.get(key, in: context) }
    for _ in 1...2 {
      await clock.waitForSleepers()
      clock.advance(by: .seconds(1))
    }
    await clock.waitForSleepers()
    showLate(record)
    clock.advance(by: .seconds(1))
    #expect(try await read.value?.bytes == [1])
    #expect(clock.elapsed == .seconds(3))
    #expect(store.calls.count(where: { $0.operation == .get }) == 5, "one before the put, four by the read")
  }

  @Test("wait: gives up at its limit or at the call's deadline, whichever is earlier", arguments: [nil, 2] as [Int?])
  func waitsNoLonger(timeout: Int?) async throws {
    let session = store.readYourWrites(onStale: .wait(atMost: .seconds(4), every: .seconds(1)))
    _ = try await session.put(Record([1]), at: key, in: context)
    showLate(nil)
    let options = CallOptions(timeout: timeout.map { .seconds($0) })
    let context = Context(runtime, options: options)
    let read = Task { [key] in try await session.get(key, in: context) }
    for _ in 0..<(timeout ?? 4) {
      await clock.waitForSleepers()
      clock.advance(by: .seconds(1))
    }
    let error = await #expect(throws: DriverError.self) { try await read.value }
    #expect(error?.code == .stale)
    #expect(clock.sleeperCount == 0)
  }

  // R29
  @Test("A session that remembers as many keys as it may refuses another, and touches no child for it")
  func keyLimit() async throws {
    let session = ReadYourWrites(keyLimit: 2) { store }
    for name in ["a", "b", "a"] { _ = try await session.put(Record([1]), at: .mutable(DataID(name)), in: context) }
    for isDelete in [false, true] {
      let error = await #expect(throws: DriverError.self) {
        isDelete
          ? try await session.delete(key, proof: nil, in: context)
          : try await session.put(Record([1]), at: key, in: context)
      }
      #expect(error?.code == .noSpace)
      #expect(
        error?.message
          == "this session remembers 2 keys, which is its limit; 'k' was not written. Begin a new session, or raise keyLimit"
      )
    }
    #expect(store.calls.count { $0.operation == .put } == 3)
  }

  // R29
  @Test("Beyond the byte limit the records written longest ago are let go; their floor stays")
  func byteLimit() async throws {
    let session = ReadYourWrites(byteLimit: 8) { store }
    func put(_ name: String, _ bytes: [UInt8]) async throws {
      _ = try await session.put(Record(bytes), at: .mutable(try DataID(name)), in: context)
    }
    try await put("a", [1, 1, 1, 1])
    try await put("b", [2, 2, 2, 2])
    // Written again, `a` is the younger of the two.
    try await put("a", [3, 3, 3, 3])
    try await put("c", [4, 4, 4, 4])
    store.contents = [:]
    #expect(try await session.get(.mutable("a"), in: context)?.bytes == [3, 3, 3, 3])
    #expect(try await session.get(.mutable("c"), in: context)?.bytes == [4, 4, 4, 4])
    let error = await #expect(throws: DriverError.self) { try await session.get(.mutable("b"), in: context) }
    #expect(error?.code == .stale)
  }

  @Test(
    "A listing shows the session's own writes and hides its own deletes, kept or no longer kept", arguments: [64, 0])
  func listing(byteLimit: Int) async throws {
    let session = ReadYourWrites(byteLimit: byteLimit) { store }
    _ = try await session.put(Record([1, 2, 3]), at: .mutable("put"), in: context)
    _ = try await session.put(Record([1]), at: .mutable("deleted"), in: context)
    let before = store.contents
    _ = try await session.delete(.mutable("deleted"), proof: DeletionProof([1]), in: context)
    store.contents = before.filter { $0.key == .mutable("deleted") }
    let page = try await session.list(ListRequest(), in: context)
    #expect(page.entries.map(\.key.name) == ["deleted", "put"])
    #expect(page.entries.map(\.stat.isTombstone) == [true, false])
    #expect(page.entries.last?.stat.byteCount == 3)
    #expect(page.next == nil)
  }

  // R8, R15
  @Test("Every replica below a session gets the same stamp and the same bytes, and a delete is a stored tombstone")
  func replicas() async throws {
    let other = Scripted("other")
    let tree = Replicated {
      store
      other
    }.readYourWrites()
    _ = try await tree.put(Record([1]), at: key, in: context)
    #expect(store.contents[key]?.stamp != nil)
    #expect(store.contents == other.contents)
    let receipt = try await tree.delete(key, proof: DeletionProof([8]), in: context)
    #expect("\(receipt.result)" == "deleted")
    #expect(store.contents[key]?.isTombstone == true)
    #expect(store.contents[key]?.bytes == [8])
    #expect(store.contents == other.contents)
  }

  // R8
  @Test("A stamp that a node above gave is kept")
  func givenStamp() async throws {
    let record = Record([1], stamp: Stamp(time: 3, writer: 4), parent: Stamp(time: 2, writer: 4))
    _ = try await store.readYourWrites().put(record, at: key, in: context)
    #expect(store.contents[key] == record)
  }

  @Test("widen: every driver below is asked, and the one that has the write answers")
  func widens() async throws {
    let other = Scripted("other")
    let session = ReadYourWrites(onStale: .widen) {
      FirstSuccess {
        store
        other
      }
    }
    _ = try await session.put(Record([1]), at: key, in: context)
    let record = store.contents[key]
    showLate(Record([0], stamp: Stamp(time: 1, writer: 1)))
    other.contents[key] = record
    #expect(try await session.get(key, in: context) == record)
    other.contents[key] = nil
    let error = await #expect(throws: DriverError.self) { try await session.get(key, in: context) }
    #expect(error?.code == .stale)
    #expect(error?.staleness == .init(floor: try #require(record?.stamp), found: Stamp(time: 1, writer: 1)))
  }

  // A28
  @Test("A stale copy that the caller accepts is returned as it is, whatever the policy", arguments: [true, false])
  func acceptsStale(keepsCopy: Bool) async throws {
    let session = store.readYourWrites(onStale: keepsCopy ? .serveOwnCopy : .fail)
    _ = try await session.put(Record([1]), at: key, in: context)
    let own = store.contents[key]
    showLate(nil)
    let accepting = Context(runtime, options: CallOptions(acceptsStale: true))
    #expect(try await session.get(key, in: accepting) == nil)
    #expect(try await session.stat(key, in: accepting) == nil)
    if keepsCopy {
      #expect(try await session.get(key, in: context) == own)
    } else {
      await #expect(throws: DriverError.self) { try await session.get(key, in: context) }
    }
  }

  @Test("stat is held against the floor, and the session knows what it wrote itself")
  func stat() async throws {
    let session = store.readYourWrites(), failing = store.readYourWrites(onStale: .fail)
    for tree in [session, failing] { _ = try await tree.put(Record([1, 2, 3]), at: key, in: context) }
    #expect(try await failing.stat(key, in: context)?.byteCount == 3)
    showLate(nil)
    #expect(try await session.stat(key, in: context)?.byteCount == 3)
    let error = await #expect(throws: DriverError.self) { try await failing.stat(key, in: context) }
    #expect(error?.code == .stale)
  }

  // A48
  @Test("A conditional put is stamped, decided by the child, and a floor when it holds")
  func conditionalPut() async throws {
    let session = store.readYourWrites(onStale: .fail)
    let receipt = try await session.put(Record([1]), at: key, if: .absent, in: context)
    #expect(store.contents[key]?.stamp == receipt.stamp)
    let error = await #expect(throws: DriverError.self) {
      try await session.put(Record([2]), at: key, if: .absent, in: context)
    }
    #expect(error?.code == .conflict)
    #expect(try await session.get(key, in: context)?.bytes == [1])
    showLate(nil)
    let stale = await #expect(throws: DriverError.self) { try await session.get(key, in: context) }
    #expect(stale?.staleness?.floor == receipt.stamp)
  }

  @Test("A child that stamps is left to do so, and its stamp is the floor")
  func childStamps() async throws {
    let quorum = Quorum(read: 1, write: 1, sloppy: true) {
      store
      Scripted("other")
    }
    for tree in [quorum.readYourWrites(), quorum.timeout(.seconds(1)).readYourWrites()] as [any Driver] {
      let receipt = try await tree.put(Record([1]), at: key, in: context)
      await runtime.drain()
      #expect(store.contents[key]?.stamp == receipt.stamp)
      store.contents = [:]
      #expect(try await tree.get(key, in: context)?.stamp == receipt.stamp)
    }
    let silent = Silent().readYourWrites()
    let error = await #expect(throws: DriverError.self) { try await silent.put(Record([1]), at: key, in: context) }
    #expect(error?.effect == .unknown)
  }

  /// Says that it stamps, and not how.
  private struct Silent: Driver {
    var outline: Outline {
      var outline = Outline(
        composite: "Silent", of: [MemoryDriver("m").outline], access: Access(read: .child(0), write: .child(0)))
      outline.marks.insert(.ordering)
      return outline
    }
    func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { nil }
    func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      Receipt(.stored)
    }
    func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      Receipt(.deleted)
    }
  }

  // R21: B24
  @Test("A put from above whose stamp is below the session's own last write is superseded")
  func givenStampBelow() async throws {
    let session = store.readYourWrites()
    _ = try await session.put(Record([1]), at: key, in: context)
    let calls = store.calls.count
    let late = Record([0], stamp: Stamp(time: 3, writer: 4))
    let refused = try await session.put(late, at: key, in: context)
    #expect("\(refused.result)".hasPrefix("superseded by"))
    #expect(store.calls.count == calls)
  }
}
