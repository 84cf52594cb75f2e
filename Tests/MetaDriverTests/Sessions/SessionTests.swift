import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

/// R20 and R21, across restarts.
@Suite(.timeLimit(.minutes(10))) struct SessionTests {
  private let key = Key.mutable("k")
  private let store = Scripted("store")
  private let journal = MemoryDriver("journal")
  private let clock = ManualClock()
  private let runtime: Runtime
  private var context: Context { Context(runtime) }

  init() { runtime = .manual(clock) }

  /// One session of both nodes, as it is after a start of the process.
  private func start(_ journal: any Driver, onStale: StalePolicy = .serveOwnCopy) -> any Driver {
    let session = Session(journal: journal)
    return MonotonicReads(session, onStale: .fail) { ReadYourWrites(session, onStale: onStale) { store } }
  }

  private func code(_ body: () async throws -> some Any) async -> DriverError? {
    await #expect(throws: DriverError.self) { _ = try await body() }
  }

  // A38
  @Test("After a restart the session still sees its put, overwrite and delete over a store that shows all of them late")
  func restart() async throws {
    _ = try await start(journal).put(Record([1]), at: key, in: context)
    let first = store.contents
    _ = try await start(journal).put(Record([2]), at: key, in: context)
    store.contents = first
    #expect(try await start(journal).get(key, in: context)?.bytes == [2])
    _ = try await start(journal).delete(key, proof: DeletionProof([7]), in: context)
    for contents in [first, [:]] {
      store.contents = contents
      let answer = try await start(journal).get(key, in: context)
      #expect(answer?.isTombstone == true)
      #expect(answer?.bytes == [7])
    }
  }

  // R20: a negative answer too
  @Test("Absent, put, absent again: the put is not missed, before a restart and after")
  func negativeAnswers() async throws {
    let device = start(journal, onStale: .fail)
    #expect(try await device.get(key, in: context) == nil)
    _ = try await device.put(Record([1]), at: key, in: context)
    store.contents = [:]
    for device in [device, start(journal, onStale: .fail)] {
      let error = await code { try await device.get(key, in: context) }
      #expect(error?.code == .stale)
      #expect(error?.staleness?.found == nil)
    }
  }

  // R21, A28
  @Test("What was read before a restart is a floor after it")
  func readFloors() async throws {
    let new = Record([5], stamp: runtime.nextStamp()), old = Record([4], stamp: Stamp(time: 1, writer: 2))
    store.contents = [key: new]
    #expect(try await start(journal).get(key, in: context) == new)
    store.contents = [key: old]
    let error = await code { try await start(journal).get(key, in: context) }
    #expect(error?.code == .stale)
    #expect(error?.staleness == .init(floor: try #require(new.stamp), found: old.stamp))
    store.contents = [:]
    #expect(await code { try await start(journal).get(key, in: context) }?.code == .stale)
  }

  // R21
  @Test("A write that failed leaves no floor in the journal", arguments: [DriverError.Effect.unchanged, .unknown])
  func failedWrite(effect: DriverError.Effect) async throws {
    let failing = Scripted("failing", answers: [.error(.unavailable, effect: effect)])
    let tree = failing.readYourWrites(journal: journal)
    _ = await code { try await tree.put(Record([1]), at: key, in: context) }
    #expect(try await failing.readYourWrites(journal: journal).get(key, in: context) == nil)
  }

  // R11
  @Test("After a restart with the clock set back, what is written ranks above what was written and read before")
  func clockSetBack() async throws {
    let ahead = Record([9], stamp: Stamp(time: runtime.nextStamp().time + (30_000 << 16), writer: 77))
    store.contents = [key: ahead]
    #expect(try await start(journal).get(key, in: context) == ahead)
    let later = Context(.manual(wallStart: .seconds(1_700_000_000 - 20)))
    let receipt = try await start(journal).put(Record([1]), at: key, in: later)
    #expect(try #require(receipt.stamp) > (try #require(ahead.stamp)))
    #expect(store.contents[key]?.parent == ahead.stamp)
  }

  // R31
  @Test("A floor that is ahead of the clock is written above, however far")
  func floorTooFarAhead() async throws {
    _ = try await start(journal).put(Record([1]), at: key, in: context)
    let first = try #require(store.contents[key]?.stamp)
    let later = Context(.manual(wallStart: .seconds(1_700_000_000 - 30 * 86_400), seed: 2))
    let receipt = try await start(journal).put(Record([2]), at: key, in: later)
    #expect(try #require(receipt.stamp) > first)
    #expect(try await start(journal).get(key, in: context)?.bytes == [2])
  }

  // B26
  @Test("A write is acknowledged only when its floor is in the journal; the floor holds although the journal failed")
  func journalFails() async throws {
    let failing = Scripted("journal", ordering: .fifo) { $0.operation == .put ? .error(.noSpace) : .ok }
    let session = Session(journal: failing)
    let tree = ReadYourWrites(session, onStale: .fail) { store }
    let error = await code { try await tree.put(Record([1]), at: key, in: context) }
    #expect(error?.code == .noSpace)
    #expect(error?.effect == .unknown)
    #expect(error?.message.contains("cannot be written in the session's journal journal") == true)
    #expect(store.contents[key] != nil)
    store.contents = [:]
    #expect(await code { try await tree.get(key, in: context) }?.code == .stale)
  }

  // R21
  @Test("A read that raises a floor is not answered before the journal has it")
  func readWaitsForJournal() async throws {
    let failing = Scripted("journal", ordering: .fifo) { $0.operation == .put ? .error(.unavailable) : .ok }
    store.contents = [key: Record([1], stamp: runtime.nextStamp())]
    let tree = store.monotonicReads(floors: failing)
    // The floor is in memory by then, and still not in the journal.
    for _ in 1...2 { #expect(await code { try await tree.get(key, in: context) }?.code == .unavailable) }
  }

  // R21
  @Test(
    "A journal that cannot be read is an error before the child is touched, never a floor of nothing",
    arguments: [DriverError.Code.unavailable, .timedOut, .closed])
  func unreadableJournal(code reason: DriverError.Code) async throws {
    let tree = store.readYourWrites(journal: Scripted("journal", answers: [], then: .error(reason)))
    for error in [
      await code { try await tree.get(key, in: context) }, await code { try await tree.stat(key, in: context) },
      await code { try await tree.put(Record([1]), at: key, in: context) },
      await code { try await tree.delete(key, proof: nil, in: context) },
    ] {
      #expect(error?.code == reason)
      #expect(error?.message.hasPrefix("the floors of 'k' cannot be read in the session's journal journal") == true)
    }
    #expect(store.calls.isEmpty)
  }

  // R21, B25
  @Test("A damaged entry names itself, the datum and the way out; after forget the session begins anew")
  func corruptEntry() async throws {
    let journal = Scripted("journal", ordering: .newestWins)
    _ = try await start(journal).put(Record([1]), at: key, in: context)
    let place = try #require(journal.contents.keys.first { $0.name.contains("/floor/") })
    for damage in 0..<3 {
      var entry = try #require(journal.contents[place])
      switch damage {
      case 0: entry.bytes[entry.bytes.count / 2] ^= 1
      case 1: entry.bytes = []
      default: entry = .tombstone(stamp: try #require(entry.stamp))
      }
      journal.contents[place] = entry
      let session = Session(journal: journal)
      let tree = store.readYourWrites(session)
      let calls = store.calls.count
      let error = await code { try await tree.get(key, in: context) }
      #expect(error?.code == .corrupt)
      #expect(error?.message.contains("\(place)") == true)
      #expect(error?.message.contains("Session.forget('k')") == true)
      #expect(await code { try await tree.put(Record([2]), at: key, in: context) }?.code == .corrupt)
      #expect(store.calls.count == calls)
      try await session.forget(key, in: context)
      #expect(try await tree.get(key, in: context)?.bytes == [UInt8(1 + damage)])
      _ = try await tree.put(Record([UInt8(2 + damage)]), at: key, in: context)
    }
  }

  @Test("An entry under another key's name is found out")
  func swappedEntry() async throws {
    let journal = Scripted("journal")
    for name: DataID in ["k", "other"] {
      _ = try await start(journal).put(Record([1]), at: .mutable(name), in: context)
    }
    let places = journal.contents.keys.filter { $0.name.contains("/floor/") }
    let (one, two) = (places[0], places[1])
    (journal.contents[one], journal.contents[two]) = (journal.contents[two], journal.contents[one])
    let error = await code { try await start(journal).get(key, in: context) }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains("it is about 'other'") == true)
  }

  // R29
  @Test("With a journal more keys than memory holds have floors all the same")
  func eviction() async throws {
    let session = Session(journal: journal, keyLimit: 2)
    let tree = ReadYourWrites(session, onStale: .fail) { store }
    let keys = try (0..<6).map { Key.mutable(try DataID("k\($0)")) }
    for key in keys { _ = try await tree.put(Record([1]), at: key, in: context) }
    store.contents = [:]
    for key in keys { #expect(await code { try await tree.get(key, in: context) }?.code == .stale) }
  }

  @Test("A key whose name is as long as names can be has a place in the journal")
  func longestKey() async throws {
    let long = Key.mutable(try DataID(String(repeating: "x", count: DataID.maximumByteCount)))
    _ = try await start(journal).put(Record([1]), at: long, in: context)
    store.contents = [:]
    #expect(try await start(journal).get(long, in: context)?.bytes == [1])
  }

  @Test("A record above the byte limit has a floor and no copy in the journal")
  func byteLimit() async throws {
    for (size, code) in [(4, nil), (5, DriverError.Code.stale)] {
      let session = Session(journal: journal, byteLimit: 4)
      _ = try await store.readYourWrites(session).put(Record(Array(repeating: 1, count: size)), at: key, in: context)
      store.contents = [:]
      let again = store.readYourWrites(Session(journal: journal))
      do throws(DriverError) {
        let record = try await again.get(key, in: context)
        #expect(code == nil)
        #expect(record?.bytes.count == size)
      } catch { #expect(error.code == code) }
    }
  }

  @Test("Two calls at once leave the newer floor in the journal, in whatever order they end", arguments: 0..<2)
  func concurrentWrites(first: Int) async throws {
    let gates = [Gate(), Gate()]
    let slow = Scripted("slow") { call in
      call.operation == .put ? .hang(gates[Int(call.record?.bytes.first ?? 1) - 1]) : .absent
    }
    let tree = slow.readYourWrites(journal: journal)
    let puts = [1, 2].map { number in
      Task { [context, key] in try await tree.put(Record([UInt8(number)]), at: key, in: context) }
    }
    // A store that does not compare stamps is asked before each put.
    await slow.waitForCalls(4)
    gates[first].open()
    let one = try await puts[first == 0 ? 0 : 1].value.stamp
    gates[1 - first].open()
    let two = try await puts[first == 0 ? 1 : 0].value.stamp
    let newest = max(try #require(one), try #require(two))
    let again = ReadYourWrites(journal: journal, onStale: .fail) { slow }
    #expect(await code { try await again.get(key, in: context) }?.staleness?.floor == newest)
  }

  @Test("A second session of the same name in one journal loses no floor of the first")
  func twoSessions() async throws {
    let one = start(journal, onStale: .fail), two = start(journal, onStale: .fail)
    _ = try await two.get(key, in: context)
    let receipt = try await one.put(Record([1]), at: key, in: context)
    // The second has loaded the key before, so it knows nothing of this write, and writes under a newer stamp.
    let later = try await two.put(Record([2]), at: key, in: context)
    #expect(try #require(later.stamp) > (try #require(receipt.stamp)))
    store.contents = [:]
    #expect(
      await code { try await start(journal, onStale: .fail).get(key, in: context) }?.staleness?.floor == later.stamp)
  }

  @Test("Sessions of different names in one journal do not see each other")
  func names() async throws {
    _ = try await store.readYourWrites(Session(journal: journal, name: "one")).put(Record([1]), at: key, in: context)
    store.contents = [:]
    #expect(try await store.readYourWrites(Session(journal: journal, name: "two")).get(key, in: context) == nil)
    // The short forms have names of their own.
    let both = MonotonicReads(floors: journal) { ReadYourWrites(journal: journal) { store } }
    _ = try await both.put(Record([2]), at: key, in: context)
    #expect(journal.outline.capabilities.contains(.list))
    let page = try await context.list(ListRequest(), from: journal)
    #expect(page.entries.filter { $0.key.name.contains("/floor/") }.count == 3)
  }

  // A8
  @Test("A journal that cannot be read or written does not compose")
  func capabilities() {
    for (journal, missing) in [
      (journal.readOnly() as any Driver, "written"), (journal.writeOnly(), "read"),
    ] {
      let error = #expect(throws: CompositionError.self) {
        try Strategy("s") { store.readYourWrites(journal: journal) }
      }
      #expect(
        error?.remarks.map(\.description) == [
          "error: s/ReadYourWrites: the session's journal journal cannot be \(missing). "
            + "Give it a journal that has get and put."
        ])
    }
  }

  @Test("The outline shows the journal")
  func outline() {
    #expect(
      start(journal).outline.description == """
        MonotonicReads (on stale: fail, journal: journal)
        └─ ReadYourWrites (journal: journal)
           └─ Scripted "store"
        """)
  }

  @Test("The journal is opened and closed with the node, and a closed session touches no child")
  func life() async throws {
    let journal = Scripted("journal")
    let tree = store.readYourWrites(journal: journal)
    _ = try await tree.open(in: context)
    try await tree.close(in: context)
    #expect(journal.calls.map(\.operation) == [.open, .close])
    #expect(await code { try await tree.put(Record([1]), at: key, in: context) }?.code == .closed)
    #expect(store.calls.map(\.operation) == [.open, .close])
    _ = try await tree.open(in: context)
    _ = try await tree.put(Record([1]), at: key, in: context)
  }

  @Test("What a call says of the datum does not concern the journal")
  func aside() async throws {
    let journal = Scripted("journal")
    let options = CallOptions(
      omitting: ["journal"], acceptsStale: true, minimum: Stamp(time: 1, writer: 1), identity: Identity("alice"))
    _ = try await start(journal).get(key, in: Context(runtime, options: options).wide)
    let seen = try #require(journal.calls.first?.context)
    #expect(seen.omitting == nil)
    #expect(seen.bounds == nil)
    #expect(!seen.acceptsStale)
    #expect(!seen.isWide)
    #expect(seen.identity == Identity("alice"))
  }
}
