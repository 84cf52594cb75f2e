import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ReadRepairTests {
  private let key = Key.mutable("k")
  private let recorder = Recorder()
  private let runtime: Runtime
  private var context: Context { Context(runtime) }

  init() { runtime = .manual(observer: recorder) }

  private static let base: UInt64 = 1_700_000_000_000 << 16

  private static func record(_ value: UInt8, at time: UInt64) -> Record {
    Record([value], stamp: Stamp(time: base + time, writer: 1))
  }

  private func stores(_ ordering: PutOrdering, _ contents: [Record?]) -> [Scripted] {
    contents.enumerated().map { index, record in
      let store = Scripted("\(index)", ordering: ordering)
      store.contents[key] = record
      return store
    }
  }

  private static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

  // A33, R17
  @Test(
    "Children with an older copy, none, or bare bytes are brought to the newest, in every order", arguments: orders,
    [ReadRepair.background, .blocking])
  func lagging(order: [Int], repair: ReadRepair) async throws {
    let newest = Self.record(3, at: 3)
    let older: [[Record?]] = [
      [Self.record(1, at: 1), Self.record(2, at: 2)], [nil, Self.record(2, at: 2)], [Record([9]), nil],
    ]
    for ordering in [PutOrdering.newestWins, .fifo, .none] {
      for copies in older {
        let stores = stores(ordering, copies + [newest])
        let tree = Quorum(read: .all, write: 1, repair: repair) { for index in order { stores[index] } }
        #expect(try await tree.get(key, in: context) == newest)
        if repair == .background { await runtime.drain() }
        #expect(stores.map { $0.contents[key] } == [newest, newest, newest], "\(ordering), \(copies)")
        #expect(stores.flatMap { $0.mistakes } == [])
      }
    }
  }

  @Test("Without repair a read writes nothing") func off() async throws {
    let stores = stores(.newestWins, [Self.record(1, at: 1), Self.record(2, at: 2)])
    let tree = Quorum(read: .all, write: 1, repair: .off) { for store in stores { store } }
    #expect(try await tree.get(key, in: context) == Self.record(2, at: 2))
    await runtime.drain()
    #expect(stores.map { $0.calls.map(\.operation) } == Array(repeating: [.get], count: stores.count))
  }

  @Test("A read that finds nothing lagging writes nothing") func nothingLags() async throws {
    let stores = stores(.newestWins, [Self.record(1, at: 1), Self.record(1, at: 1)])
    let tree = Quorum(read: .all, write: 1, repair: .blocking) { for store in stores { store } }
    _ = try await tree.get(key, in: context)
    #expect(stores.map { $0.calls.map(\.operation) } == Array(repeating: [.get], count: stores.count))
  }

  // A35, A36, R15
  @Test("A tombstone is repaired like any copy, with its proof, and never comes back as data", arguments: orders)
  func tombstones(order: [Int]) async throws {
    let tombstone = Record.tombstone(DeletionProof([7]), stamp: Stamp(time: Self.base + 5, writer: 1))
    let stores = stores(.fifo, [Self.record(1, at: 1), tombstone, nil])
    let tree = Quorum(read: .all, write: 1, repair: .blocking) { for index in order { stores[index] } }
    #expect(try await tree.get(key, in: context) == tombstone)
    #expect(stores.map { $0.contents[key] } == [tombstone, tombstone, tombstone])
  }

  // R2
  @Test("A damaged copy is replaced by the newest good one") func damaged() async throws {
    let damaged = Scripted("damaged", ordering: .newestWins, answers: [.corrupt])
    let stores = stores(.newestWins, [Self.record(1, at: 1), Self.record(1, at: 1)])
    let tree = Quorum(read: 2, write: 2, repair: .blocking) {
      damaged
      for store in stores { store }
    }
    #expect(try await tree.get(key, in: context) == Self.record(1, at: 1))
    #expect(damaged.contents[key] == Self.record(1, at: 1))
  }

  // B9, B24, R17: a slow read comes back with old data, and its repair arrives after a newer put.
  @Test(
    "A repair that arrives after a newer put changes nothing, however the leaf orders puts",
    arguments: [PutOrdering.newestWins, .fifo], [true, false])
  func late(ordering: PutOrdering, canCompare: Bool) async throws {
    let gate = Gate()
    let capabilities: Capabilities = canCompare ? [.basic, .compareAndPut] : .basic
    let lagging = Scripted("lagging", ordering: ordering, capabilities: capabilities) { call in
      // The first read of it is answered; whatever the repair does there waits.
      call.number == 2 ? .hang(gate) : .ok
    }
    lagging.contents[key] = Self.record(1, at: 1)
    let other = stores(.newestWins, [Self.record(2, at: 2)])[0]
    let tree = Quorum(read: .all, write: 1) {
      lagging
      other
    }
    #expect(try await tree.get(key, in: context) == Self.record(2, at: 2))
    await gate.waitForWaiters()
    lagging.contents[key] = Self.record(3, at: 3)
    gate.open()
    await runtime.drain()
    #expect(lagging.contents[key] == Self.record(3, at: 3))
  }

  // R18
  @Test("Equal stamps converge to one value over 1,000 random orders of reading") func convergence() async throws {
    let stamp = Stamp(time: Self.base, writer: 1)
    let copies = (0..<4).map { Record([UInt8($0)], stamp: stamp) } + [.tombstone(stamp: stamp)]
    let seed = UInt64.random(in: 0..<1_000_000)
    var generator = SeededGenerator(seed: seed)
    for withTombstone in [false, true] {
      var results: Set<Record?> = []
      for _ in 0..<500 {
        let contents = (withTombstone ? copies : Array(copies.dropLast())).shuffled(using: &generator)
        let stores = stores(.newestWins, contents)
        // Pairs in any order: each read compares two of them and repairs the loser.
        for _ in 0..<stores.count {
          for first in stores.indices.shuffled(using: &generator) {
            for second in stores.indices.shuffled(using: &generator) where first != second {
              let tree = Quorum(read: 2, write: 1, repair: .blocking) {
                stores[first]; stores[second]
              }
              _ = try await tree.get(key, in: Context(runtime))
            }
          }
        }
        let held = Set(stores.map { $0.contents[key] })
        #expect(held.count == 1, "seed \(seed): \(held)")
        results.formUnion(held)
      }
      #expect(results.count == 1, "seed \(seed): \(results)")
      if withTombstone { #expect(results.first??.isTombstone == true) }
    }
  }

  // R29
  @Test("At most 256 keys are under repair at a time; the next one is reported and left alone") func bounded()
    async throws
  {
    let gate = Gate()
    let lagging = Scripted("lagging", ordering: .newestWins) { $0.operation == .put ? .hang(gate) : .ok }
    let other = Scripted("other", ordering: .newestWins)
    let tree = Quorum(read: .all, write: 1) {
      lagging; other
    }
    let strategy = try Strategy("s", runtime: runtime) { tree }
    for index in 0...256 {
      let id = try DataID("\(index)")
      other.contents[.mutable(id)] = Self.record(1, at: 1)
      #expect(try await strategy.get(id)?.bytes == [1])
      // A key that is under repair is not repaired twice.
      #expect(try await strategy.get(id)?.bytes == [1])
    }
    #expect(lagging.calls.count { $0.operation == .put } == 256)
    let refused = recorder.events.filter { event in
      if case .failed(let error) = event.outcome {
        event.operation == .repair && error.code == .throttled
      } else {
        false
      }
    }
    #expect(refused.map(\.key) == [.mutable("256"), .mutable("256")])
    #expect(refused.first?.path == ["s", "Quorum"])
    gate.open()
    await runtime.drain()
    #expect(lagging.contents.count == 256)
    #expect(try await strategy.get("256")?.bytes == [1])
    await runtime.drain()
    #expect(lagging.contents.count == 257)
  }

  @Test("The observer sees a repair, and that it was one") func observed() async throws {
    let stores = stores(.newestWins, [Self.record(1, at: 1), Self.record(2, at: 2)])
    let strategy = try Strategy("s", runtime: runtime) {
      Quorum(read: .all, write: 1, remainder: .await) { for store in stores { store } }
    }
    _ = try await strategy.get("k")
    await runtime.drain()
    let repairs = recorder.events.filter { $0.operation == .repair }
    #expect(repairs.map(\.path) == [["s", "Quorum", "0"]])
    #expect(repairs.map { "\($0.outcome)" } == ["stored"])
  }

  @Test(
    "A repair that fails does not fail the read, whether the caller waits for it or not",
    arguments: [
      ReadRepair.background, .blocking,
    ])
  func failing(repair: ReadRepair) async throws {
    let lagging = Scripted("lagging", ordering: .newestWins) { $0.operation == .put ? .error(.unavailable) : .ok }
    let other = stores(.newestWins, [Self.record(2, at: 2)])[0]
    let tree = Quorum(read: .all, write: 1, repair: repair) {
      lagging; other
    }
    #expect(try await tree.get(key, in: context) == Self.record(2, at: 2))
    await runtime.drain()
  }

  // R2, R17
  @Test("A copy damaged on the way hides nothing newer; one that stays damaged is replaced", arguments: [true, false])
  func damageOnTheWay(isLasting: Bool) async throws {
    let (old, newer, newest) = (Self.record(1, at: 1), Self.record(2, at: 2), Self.record(3, at: 3))
    // It showed an old copy; by the time it is repaired it holds something that ranks above what the read found.
    let lagging = Scripted("lagging", ordering: .fifo, capabilities: .basic) { call in
      switch call.number {
      case 1: .found(old)
      case 2: .corrupt
      default: isLasting && call.operation == .get ? .corrupt : .ok
      }
    }
    lagging.contents[key] = newest
    let other = stores(.newestWins, [newer])[0]
    let tree = Quorum(read: .all, write: 1, repair: .blocking) {
      lagging
      other
    }
    #expect(try await tree.get(key, in: context) == newer)
    #expect(lagging.contents[key] == (isLasting ? newer : newest))
  }
}
