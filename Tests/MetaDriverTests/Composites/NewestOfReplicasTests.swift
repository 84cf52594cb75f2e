import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite("Replicated(reads: .newest)", .timeLimit(.minutes(10))) struct NewestOfReplicasTests {
  private let key = Key.mutable("k")
  private let recorder = Recorder()
  private let runtime: Runtime
  private var context: Context { Context(runtime) }

  init() { runtime = .manual(observer: recorder) }

  private static let base: UInt64 = 1_700_000_000_000 << 16

  private func record(_ value: UInt8, at time: UInt64) -> Record {
    Record([value], stamp: Stamp(time: Self.base + time, writer: 1))
  }

  private enum Answer { case found, absent, failed }

  private static func result(of tree: some Driver, _ key: Key, _ context: Context) async -> Answer {
    do { return try await tree.get(key, in: context) == nil ? .absent : .found } catch { return .failed }
  }

  private static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

  // A27, A33
  @Test(
    "One holds version 3, another 5: the read gives 5, the events say who had it, in every order", arguments: orders)
  func newest(order: [Int]) async throws {
    let stores = ["a", "b", "c"].map { Scripted($0, ordering: .newestWins) }
    stores[0].contents[key] = record(3, at: 3)
    stores[1].contents[key] = record(5, at: 5)
    let strategy = try Strategy("s", runtime: runtime) {
      Replicated(reads: .newest) { for index in order { stores[index] } }
    }
    #expect(try await strategy.get("k") == record(5, at: 5))
    await runtime.drain()
    #expect(stores.allSatisfy { $0.contents[key] == record(5, at: 5) })
    let suppliers = recorder.events.filter { event in
      guard event.operation == .get, case .found(_, let stamp) = event.outcome else { return false }
      return stamp?.time == Self.base + 5 && event.path.count == 3
    }
    #expect(suppliers.map { $0.path.last } == ["b"])
  }

  @Test("Records are stamped, and a delete is a tombstone that beats a copy which was away") func deletes() async throws
  {
    let isBack = Counter()
    let stores = ["a", "b"].map { Scripted($0, ordering: .newestWins) }
    let missing = Scripted("c", ordering: .newestWins) { call in
      call.number > 1 && isBack.value == 0 ? .error(.unavailable) : .ok
    }
    let tree = Replicated(writes: .atLeast(2), reads: .newest, remainder: .await) {
      for store in stores { store }
      missing
    }
    _ = try await context.put(Record([1]), at: key, to: tree)
    let receipt = try await tree.delete(key, proof: nil, in: context)
    #expect(receipt.stamp != nil)
    isBack.add(1)
    #expect(missing.contents[key]?.bytes == [1])
    #expect(try await tree.get(key, in: context)?.isTombstone == true)
    await runtime.drain()
    #expect(missing.contents[key]?.isTombstone == true)
  }

  // R1
  @Test("So many must answer that no acknowledged write can be missed", arguments: 1...4)
  func overlap(count: Int) async throws {
    for needed in 1...count {
      for down in 0...count {
        let stores = (0..<count).map { index in
          Scripted("\(index)", answers: [], then: index < down ? .error(.unavailable, effect: .unchanged) : .ok)
        }
        let tree = Replicated(writes: .atLeast(needed), reads: .newest) { for store in stores { store } }
        let answer = await Self.result(of: tree, key, context)
        // Those that are down could have taken a write alone.
        #expect((answer == .absent) == (down < needed && down < count), "\(needed) of \(count) write, \(down) are down")
      }
    }
  }

  @Test("Its outline shows how it reads; URLs, which name one copy, are not made") func outline() {
    let tree = Replicated(writes: .atLeast(1), reads: .newest, repair: .blocking, remainder: .await) {
      Scripted("a", scheme: "x"); Scripted("b", scheme: "x")
    }
    #expect(
      "\(tree.outline)".hasPrefix("Replicated (writes: at least 1, reads: newest, repair: blocking, remainder: await)"))
    #expect(tree.url(for: key) == nil)
    #expect(tree.outline.capabilities.isDisjoint(with: [.makeURL, .getURL]))
    #expect(tree.outline.capabilities.contains(.delete))
  }
}
