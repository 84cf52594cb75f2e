import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct AtomicQuorumTests {
  private let key = Key.mutable("k")
  private let clock = ManualClock()
  private let runtime: Runtime
  private var context: Context { Context(runtime) }
  private let stores = ["a", "b", "c"].map { Scripted($0, ordering: .newestWins) }

  init() { runtime = .manual(clock) }

  private static let base: UInt64 = 1_700_000_000_000 << 16

  private func record(_ value: UInt8, at time: UInt64) -> Record {
    Record([value], stamp: Stamp(time: Self.base + time, writer: 1))
  }

  private func puts(_ store: Scripted) -> [Record?] {
    store.calls.filter { $0.operation == .put }.map(\.record)
  }

  // R14
  @Test("An answer that too few are known to hold is written to a write quorum before it is given") func writeBack()
    async throws
  {
    stores[0].contents[key] = record(2, at: 2)
    for store in stores[1...] { store.contents[key] = record(1, at: 1) }
    let tree = Quorum(reads: .atomic, repair: .off) { for store in stores { store } }
    #expect(try await tree.get(key, in: context) == record(2, at: 2))
    #expect(stores.count { $0.contents[key] == record(2, at: 2) } >= 2)
    await runtime.drain()
    // The holder is not written to.
    #expect(puts(stores[0]).isEmpty)
  }

  @Test("An answer that a write quorum is known to hold is given at once") func skipped() async throws {
    for store in stores[..<2] { store.contents[key] = record(2, at: 2) }
    let tree = Quorum(reads: .atomic, repair: .off) { for store in stores { store } }
    #expect(try await tree.get(key, in: context) == record(2, at: 2))
    await runtime.drain()
    #expect(stores.allSatisfy { puts($0).isEmpty })
  }

  @Test("What is authoritatively absent needs no write-back") func absent() async throws {
    let tree = Quorum(reads: .atomic) { for store in stores { store } }
    #expect(try await tree.get(key, in: context) == nil)
    await runtime.drain()
    #expect(stores.allSatisfy { puts($0).isEmpty })
  }

  @Test("A tombstone is written back too, and stat reads and writes back like a get") func tombstone() async throws {
    let tombstone = Record.tombstone(stamp: Stamp(time: Self.base + 9, writer: 1))
    stores[0].contents[key] = tombstone
    let tree = Quorum(reads: .atomic) { for store in stores { store } }
    #expect(try await tree.stat(key, in: context) == Stat(of: tombstone))
    await runtime.drain()
    #expect(stores.allSatisfy { $0.contents[key] == tombstone })
  }

  @Test("When the answer cannot be written back, the read fails, names each child, and says that nothing was changed")
  func failing() async throws {
    let stores = ["a", "b", "c"].map { name in
      Scripted(name, ordering: .newestWins) { $0.operation == .put ? .error(.noSpace) : .ok }
    }
    stores[0].contents[key] = record(2, at: 2)
    let tree = Quorum(reads: .atomic, repair: .off) { for store in stores { store } }
    let error = await #expect(throws: DriverError.self) { try await tree.get(key, in: context) }
    #expect(error?.code == .quorumNotMet && error?.effect == .unchanged)
    #expect(error?.message == "the write-back of a read of 'k' has 1 of 2 acknowledgements needed")
    #expect(error?.outcomes.map(\.node) == ["a", "b", "c"])
  }

  // R14: an atomic read that is done decides for all later ones.
  @Test("After an atomic read, every read quorum finds what it found", arguments: [[0, 1], [0, 2], [1, 2]])
  func never(back pair: [Int]) async throws {
    stores[0].contents[key] = record(2, at: 2)
    for store in stores[1...] { store.contents[key] = record(1, at: 1) }
    let tree = Quorum(reads: .atomic, repair: .off) { for store in stores { store } }
    let first = try await tree.get(key, in: context)
    let later = try await Quorum(repair: .off) { for index in pair { stores[index] } }.get(key, in: context)
    #expect(first == record(2, at: 2) && later == first)
  }

  // R31, R34
  @Test(
    "An atomic write ranks above every acknowledged one, however far the writer's clock is off, and says what it had read",
    arguments: [-1_700_000_000, -86_400, -3_600, 0, 86_400, 10 * 365 * 86_400] as [Int])
  func behind(seconds: Int) async throws {
    let tree = Quorum(reads: .atomic) { for store in stores { store } }
    let first = try await tree.put(Record([1]), at: key, in: context)
    let other = Context(.manual(wallStart: .seconds(1_700_000_000 + seconds), seed: 2))
    let second = try await tree.put(Record([2]), at: key, in: other)
    #expect(try #require(second.stamp) > (try #require(first.stamp)))
    #expect("\(second.result)" == "stored")
    #expect(try await tree.get(key, in: context)?.parent == first.stamp)
    let third = try await tree.put(Record([3]), at: key, in: context)
    #expect(try #require(third.stamp) > (try #require(second.stamp)))
    #expect(try await tree.get(key, in: other)?.bytes == [3])
  }

  // R34
  @Test("With one writer a key is asked for once, and written in one round from then on") func oneWriter() async throws
  {
    let tree = Quorum(reads: .atomic, writers: .one) { for store in stores { store } }
    func reads() -> Int { stores.reduce(0) { $0 + $1.calls.count { $0.operation == .get } } }
    _ = try await tree.put(Record([1]), at: key, in: context)
    let asked = reads()
    #expect(asked >= 2)
    for value in 2...3 as ClosedRange<UInt8> { _ = try await tree.put(Record([value]), at: key, in: context) }
    #expect(reads() == asked)
    _ = try await tree.put(Record([4]), at: "another", in: context)
    #expect(reads() > asked)
  }

  @Test("Where the newest copy is asked for first, nothing is written when too few can be asked first") func unasked()
    async throws
  {
    let down = ["x", "y"].map { name in Scripted(name) { $0.operation == .put ? .ok : .error(.unavailable) } }
    let tree = Quorum(reads: .atomic) {
      stores[0]
      for store in down { store }
    }
    let error = await #expect(throws: DriverError.self) { try await tree.put(Record([1]), at: key, in: context) }
    #expect(error?.code == .quorumNotMet && error?.effect == .unchanged)
    #expect(
      error?.message.hasPrefix("nothing was written: before the write: the read of 'k' has 1 of 2")
        == true)
    await runtime.drain()
    #expect((stores + down).allSatisfy { puts($0).isEmpty })
  }

  // A21, R8
  @Test("In a quorum of quorums the outermost stamps, once, and every leaf gets the same record") func nested()
    async throws
  {
    let inner = Quorum(writers: .many, remainder: .await) {
      stores[0]; stores[1]
    }
    let tree = Quorum(write: .all, writers: .many, remainder: .await) {
      inner; stores[2]
    }
    let receipt = try await tree.put(Record([1]), at: key, in: context)
    let written = stores.flatMap(puts)
    #expect(written.count == 3)
    #expect(Set(written).count == 1 && written[0]?.stamp == receipt.stamp)
  }

  // R8
  @Test("A put that is tried again with other content never shares a stamp with the first") func retried() async throws
  {
    let failing = ["a", "b", "c"].map {
      Scripted($0, ordering: .newestWins, answers: [], then: .lostReply(.unavailable))
    }
    let tree = Quorum { for store in failing { store } }
    let session = ReadYourWrites { tree }
    for value in 0..<50 as Range<UInt8> {
      for root in [tree as any Driver, session] {
        await #expect(throws: DriverError.self) { try await Context(runtime).put(Record([value]), at: key, to: root) }
      }
    }
    await runtime.drain()
    var contents: [Stamp: Set<[UInt8]>] = [:]
    for record in failing.flatMap(puts) { contents[record!.stamp!, default: []].insert(record!.bytes) }
    #expect(contents.count == 100)
    #expect(contents.values.allSatisfy { $0.count == 1 })
  }

  // B17, R10
  @Test("Nothing is undone after a failed quorum: no child is told to delete or to go back") func nothingUndone()
    async throws
  {
    let failing = ["x", "y"].map { Scripted($0, ordering: .newestWins, answers: [], then: .error(.unavailable)) }
    let tree = Quorum {
      stores[0]
      for store in failing { store }
    }
    await #expect(throws: DriverError.self) { try await tree.put(Record([1]), at: key, in: context) }
    await runtime.drain()
    #expect(stores[0].calls.map(\.operation) == [.put])
    #expect(stores[0].contents[key]?.bytes == [1])
  }
}
