import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct QuorumCasesTests {
  private let key = Key.mutable("k")
  private let recorder = Recorder()
  private let runtime: Runtime
  private var context: Context { Context(runtime) }

  init() { runtime = .manual(observer: recorder) }

  private func record(_ value: UInt8, at time: UInt64) -> Record {
    Record([value], stamp: Stamp(time: time, writer: 1))
  }

  private static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

  // A31, R18
  @Test(
    "Equal stamps, different bytes: the same copy wins in every order of children, and the conflict is reported",
    arguments: orders)
  func conflict(order: [Int]) async throws {
    let stores = (0..<3).map { Scripted("\($0)") }
    let (one, other) = (record(1, at: 5), record(2, at: 5))
    stores[0].contents[key] = one
    stores[1].contents[key] = other
    stores[2].contents[key] = record(3, at: 4)
    let strategy = try Strategy("s", runtime: runtime) {
      Quorum(read: .all, write: 1) { for index in order { stores[index] } }
    }
    #expect(try await strategy.get("k") == (one.ranksAbove(other) ? one : other))
    let conflicts = recorder.events.filter { if case .conflict = $0.outcome { true } else { false } }
    #expect(conflicts.map(\.path) == [["s", "Quorum"]])
    #expect(conflicts.map(\.key) == [key])
    #expect("\(try #require(conflicts.first).outcome)" == "found two records with the stamp 0.5@1")
  }

  // B4, B28
  @Test("A read answers with one child's copy, the newest, in every order of children", arguments: orders)
  func values(order: [Int]) async throws {
    let stores = (0..<3).map { Scripted("\($0)") }
    for (index, store) in stores.enumerated() { store.contents[key] = record(UInt8(index), at: UInt64(index)) }
    let tree = Quorum(read: .all, write: 1) { for index in order { stores[index] } }
    #expect(try await tree.get(key, in: context) == record(2, at: 2))
  }

  // B19
  @Test("A lost quorum is quorumNotMet, also when every child said slow down")
  func lostQuorum() async {
    let tree = Quorum {
      for name in ["x", "y", "z"] {
        Scripted(name, ordering: .newestWins) { _ in
          .failure(DriverError(.throttled, "slow down", retryAfter: .seconds(1)))
        }
      }
    }
    let read = await #expect(throws: DriverError.self) { try await tree.get(key, in: context) }
    let write = await #expect(throws: DriverError.self) { try await tree.put(Record([1]), at: key, in: context) }
    for error in [read, write] {
      #expect(error?.code == .quorumNotMet)
      #expect(error?.retryAfter == nil)
      #expect(error?.outcomes.contains { $0.description == "x: failed, throttled: slow down" } == true)
    }
    #expect(read?.message == "the read of 'k' has 0 of 2 answers needed")
    #expect(write?.message == "put of 'k' has 0 of 2 acknowledgements needed")
    await runtime.drain()
  }

  // R1
  @Test("Absent means so many absences; one fewer is a failure that names who did not answer")
  func absence() async throws {
    let absent = ["x", "y"].map { Scripted($0) }
    let down = Scripted("down", answers: [], then: .error(.unavailable))
    #expect(
      try await Quorum {
        absent[0]; down; absent[1]
      }.get(key, in: context) == nil)
    let error = await #expect(throws: DriverError.self) {
      try await Quorum(read: .all, write: 1) {
        absent[0]; absent[1]; down
      }.get(key, in: context)
    }
    #expect(error?.outcomes.map(\.description) == ["x: absent", "y: absent", "down: failed, unavailable: scripted"])
  }

  // A35, A36, R15
  @Test("A delete that one child missed never comes back, and a later write wins over the tombstone")
  func missedDelete() async throws {
    let stores = ["x", "y"].map { Scripted($0) }
    let deaf = Scripted("deaf") { call in call.record?.isTombstone == true ? .error(.unavailable) : .ok }
    let tree = Quorum {
      stores[0]; deaf; stores[1]
    }
    _ = try await tree.put(Record([1]), at: key, in: context)
    await runtime.drain()
    _ = try await tree.delete(key, proof: nil, in: context)
    await runtime.drain()
    #expect(deaf.contents[key]?.bytes == [1])
    for order in [[0, 1], [1, 0]] {
      let pair: [any Driver] = [stores[0], deaf]
      let read = try await Quorum { for index in order { pair[index] } }.get(key, in: context)
      #expect(read?.isTombstone == true)
    }
    _ = try await tree.put(Record([2]), at: key, in: context)
    #expect(try await tree.get(key, in: context)?.bytes == [2])
  }

  // R32, C12
  @Test("A put that meets a newer copy is stamped above it, and stored") func superseded() async throws {
    let leaves = [MemoryDriver("x"), MemoryDriver("y")]
    let tree = Quorum {
      leaves[0]; leaves[1]
    }
    let ahead = Record([9], stamp: Stamp(time: runtime.nextStamp().time + (30_000 << 16), writer: 77))
    for leaf in leaves { _ = try await leaf.put(ahead, at: key, in: Context(.manual(seed: 9))) }
    let first = try await tree.put(Record([1]), at: key, in: context)
    #expect("\(first.result)" == "stored")
    #expect(try #require(first.stamp) > (try #require(ahead.stamp)))
    #expect(try await tree.get(key, in: context)?.bytes == [1])
    let deleted = try await tree.delete(key, proof: nil, in: Context(.manual(seed: 2)))
    #expect(deleted.result.isAcknowledged)
    #expect(try await tree.get(key, in: context)?.isTombstone == true)
  }

  // A46
  @Test("A tree that comes to contain itself is stopped by the hop guard, in every kind of node")
  func lateCycle() async {
    /// A driver that is told only later what it forwards to.
    final class Late: Driver {
      nonisolated(unsafe) var target: (any Driver)?
      let outline = Outline(modifier: "Late", of: MemoryDriver("late").outline)
      func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
        guard let target = unsafe target else { return nil }
        return try await context.get(key, from: target)
      }
      func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
        guard let target = unsafe target else { return Receipt(.stored) }
        return try await context.put(record, at: key, to: target)
      }
      func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
        guard let target = unsafe target else { return Receipt(.deleted) }
        return try await context.delete(key, proof: proof, from: target)
      }
    }
    let nodes: [(any Driver) -> any Driver] = [
      { late in FirstSuccess { late } }, { late in Replicated { late } }, { late in Replicated(reads: .race) { late } },
      { late in Quorum { late } }, { late in FirstSuccess { late }.timeout(.seconds(1)).verified() },
    ]
    for node in nodes {
      let late = Late()
      let tree = node(late)
      unsafe late.target = tree
      let calls: [() async throws -> Void] = [
        { _ = try await tree.get(key, in: context) },
        { _ = try await tree.put(Record([1]), at: key, in: context) },
        { _ = try await tree.delete(key, proof: nil, in: context) },
      ]
      for call in calls {
        let error = await #expect(throws: DriverError.self) { try await call() }
        #expect(error.map { "\($0)".contains("the call went 64 nodes deep: the tree contains itself") } == true)
      }
      unsafe late.target = nil
      await runtime.drain()
    }
  }
}
