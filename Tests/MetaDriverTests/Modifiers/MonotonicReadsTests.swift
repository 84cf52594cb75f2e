import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

/// R21, in memory.
@Suite(.timeLimit(.minutes(10))) struct MonotonicReadsTests {
  private let key = Key.mutable("k")
  private let store = Scripted("store")
  private let clock = ManualClock()
  private let runtime: Runtime
  private var context: Context { Context(runtime) }

  init() { runtime = .manual(clock) }

  private func version(_ number: UInt64) -> Record { Record([UInt8(number)], stamp: Stamp(time: number, writer: 1)) }

  private func stale(_ body: () async throws -> some Any) async -> DriverError? {
    let error = await #expect(throws: DriverError.self) { _ = try await body() }
    #expect(error?.code == .stale)
    return error
  }

  // A28, R21
  @Test("Floor 5 and every replica at 4: stale, distinct from absent and unreachable; accepted, the floor stays")
  func restoredBackup() async throws {
    let replicas = [Scripted("a"), Scripted("b"), Scripted("c")]
    let tree = MonotonicReads { Quorum(read: 2, write: 2, repair: .off) { for replica in replicas { replica } } }
    func show(_ record: Record?) { for replica in replicas { replica.contents[key] = record } }
    show(version(5))
    #expect(try await tree.get(key, in: context) == version(5))
    show(version(4))
    let error = await stale { try await tree.get(key, in: context) }
    #expect(error?.staleness == .init(floor: Stamp(time: 5, writer: 1), found: Stamp(time: 4, writer: 1)))
    #expect(
      error?.message == "this session has seen 'k' at 0.5@1, and the newest copy to be found is 0.4@1")

    let accepting = Context(runtime, options: CallOptions(acceptsStale: true))
    #expect(try await tree.get(key, in: accepting) == version(4))
    _ = await stale { try await tree.get(key, in: context) }
    show(nil)
    #expect(try await tree.get(key, in: accepting) == nil)
    #expect(await stale { try await tree.get(key, in: context) }?.staleness?.found == nil)
    show(version(5))
    #expect(try await tree.get(key, in: context) == version(5))
  }

  // A27, B28
  @Test("One holds version 3, one 5: the read gives 5, and 5 is the floor, whatever the order of the children")
  func newestIsTheFloor() async throws {
    for numbers in [[3, 5, 4], [3, 4, 5], [4, 3, 5], [4, 5, 3], [5, 3, 4], [5, 4, 3]] as [[UInt64]] {
      let replicas = numbers.map { number in
        let replica = Scripted("v\(number)")
        replica.contents[key] = version(number)
        return replica
      }
      let tree = MonotonicReads(onStale: .fail) { Quorum(read: 3, write: 2, repair: .off) { for r in replicas { r } } }
      #expect(try await tree.get(key, in: context) == version(5))
      for replica in replicas { replica.contents[key] = version(4) }
      #expect(
        await stale { try await tree.get(key, in: context) }?.staleness
          == .init(floor: Stamp(time: 5, writer: 1), found: Stamp(time: 4, writer: 1)))
    }
  }

  @Test("widen: every driver below is asked, and a newer copy that one of them has is the answer")
  func widens() async throws {
    let a = Scripted("a"), b = Scripted("b")
    let tree = MonotonicReads {
      FirstSuccess {
        a
        b
      }
    }
    a.contents[key] = version(5)
    #expect(try await tree.get(key, in: context) == version(5))
    a.contents[key] = version(4)
    b.contents[key] = version(6)
    #expect(try await tree.get(key, in: context) == version(6))
    b.contents[key] = version(5)
    // The floor came from the winner, not from the copy that was looked at last.
    #expect(await stale { try await tree.get(key, in: context) }?.staleness?.floor == Stamp(time: 6, writer: 1))
  }

  @Test("serve own copy: what the session wrote answers where it is not below the floor, and only there")
  func servesOwnCopy() async throws {
    let tree = store.monotonicReads(onStale: .serveOwnCopy)
    _ = try await tree.put(Record([1]), at: key, in: context)
    let own = try #require(store.contents[key])
    store.contents = [:]
    #expect(try await tree.get(key, in: context) == own)
    store.contents[key] = Record([9], stamp: runtime.nextStamp())
    #expect(try await tree.get(key, in: context)?.bytes == [9])
    store.contents[key] = own
    _ = await stale { try await tree.get(key, in: context) }
  }

  @Test("wait: asks again until the copy is there")
  func waits() async throws {
    let tree = store.monotonicReads(onStale: .wait(atMost: .seconds(5), every: .seconds(1)))
    store.contents[key] = version(5)
    _ = try await tree.get(key, in: context)
    store.contents[key] = version(4)
    let read = Task { [context, key] in try await tree.get(key, in: context) }
    await clock.waitForSleepers()
    store.contents[key] = version(6)
    clock.advance(by: .seconds(1))
    #expect(try await read.value == version(6))
  }

  // R21
  @Test("Acknowledged writes and deletes are floors, failed ones are not")
  func writes() async throws {
    let store = Scripted("store", ordering: .newestWins, answers: [.ok, .ok, .error(.unavailable)])
    let tree = store.monotonicReads(onStale: .fail)
    _ = try await tree.put(Record([1]), at: key, in: context)
    let before = store.contents
    let receipt = try await tree.delete(key, proof: nil, in: context)
    store.contents = before
    await #expect(throws: DriverError.self) { try await tree.put(Record([2]), at: key, in: context) }
    #expect(await stale { try await tree.get(key, in: context) }?.staleness?.floor == receipt.stamp)
  }

  @Test("Writes follow reads: the stamp is above what was read, which is its parent")
  func writesFollowReads() async throws {
    let tree = store.monotonicReads()
    let ahead = Record([9], stamp: Stamp(time: runtime.nextStamp().time + (30_000 << 16), writer: 7))
    store.contents[key] = ahead
    _ = try await tree.get(key, in: context)
    let receipt = try await tree.put(Record([1]), at: key, in: context)
    #expect(try #require(receipt.stamp) > (try #require(ahead.stamp)))
    #expect(store.contents[key]?.parent == ahead.stamp)
  }

  @Test("A stamp that a node above gave is superseded below the floor, and the child is not touched")
  func givenStampBelow() async throws {
    let tree = store.monotonicReads()
    store.contents[key] = version(5)
    _ = try await tree.get(key, in: context)
    let calls = store.calls.count
    let refused = try await tree.put(version(4), at: key, in: context)
    #expect("\(refused.result)" == "superseded by \(version(5).stamp!)")
    #expect(store.calls.count == calls)
    // The same write once more is no other write, and one that brings the child up to date is nobody's.
    _ = try await tree.put(version(5), at: key, in: context)
    _ = try await tree.put(version(4), at: key, in: context.repairing)
    #expect(store.contents[key] == version(5))
  }

  @Test("A session that two nodes share has the floors of both")
  func shared() async throws {
    let session = Session()
    let far = Scripted("far")
    let near = store.readYourWrites(session, onStale: .fail), other = far.monotonicReads(session, onStale: .fail)
    _ = try await near.put(Record([1]), at: key, in: context)
    _ = await stale { try await other.get(key, in: context) }
    far.contents[.mutable("seen")] = version(3)
    _ = try await other.get(.mutable("seen"), in: context)
    // What was only seen is no write of the session's.
    #expect(try await near.get(.mutable("seen"), in: context) == nil)
  }

  @Test("stat is held against the floor, and raises it")
  func stat() async throws {
    let tree = store.monotonicReads(onStale: .fail)
    store.contents[key] = version(5)
    #expect(try await tree.stat(key, in: context)?.stamp == version(5).stamp)
    store.contents[key] = version(4)
    _ = await stale { try await tree.stat(key, in: context) }
    _ = await stale { try await tree.get(key, in: context) }
  }

  @Test("A listing shows nothing older than what the session has seen")
  func listing() async throws {
    let tree = store.monotonicReads()
    store.contents[key] = version(5)
    _ = try await tree.get(key, in: context)
    store.contents[key] = version(4)
    #expect(try await tree.list(ListRequest(), in: context).entries.map(\.stat.stamp) == [version(5).stamp])
    store.contents = [:]
    #expect(try await tree.list(ListRequest(), in: context).entries.map(\.key) == [key])
  }

  // R29
  @Test("A session that remembers as many keys as it may answers nothing that it could not keep up")
  func keyLimit() async throws {
    let tree = MonotonicReads(keyLimit: 1) { store }
    for name: DataID in ["a", "b"] { store.contents[.mutable(name)] = version(1) }
    _ = try await tree.get(.mutable("a"), in: context)
    _ = try await tree.get(.mutable("a"), in: context)
    #expect(try await tree.get(.mutable("absent"), in: context) == nil)
    let error = await #expect(throws: DriverError.self) { try await tree.get(.mutable("b"), in: context) }
    #expect(error?.code == .noSpace)
    #expect(
      error?.message
        == "this session remembers 1 keys, which is its limit; the copy found of 'b' is not answered, because it could "
        + "not be kept up. Begin a new session, or raise keyLimit")
  }

  // R4: after a failed required put over v1, its own writer reads v2 or is told
  @Test("After a failed required put the writer was told; it reads v2, or v1 until it has read v2, and never v1 after")
  func failedRequiredPut() async throws {
    for failing in 0..<2 {
      let children = (0..<2).map { index in
        Scripted("c\(index)") { call in
          index == failing && call.record?.bytes == [2] ? .error(.unavailable, effect: .unchanged) : .ok
        }
      }
      let tree = MonotonicReads {
        ReadYourWrites {
          Replicated(writes: .atLeast(1), remainder: .await) { for child in children { child.required() } }
        }
      }
      _ = try await tree.put(Record([1]), at: key, in: context)
      let error = await #expect(throws: DriverError.self) { try await tree.put(Record([2]), at: key, in: context) }
      #expect(error?.effect == .unknown)
      #expect(error?.outcomes.map(\.node) == ["c0", "c1"])
      #expect(error?.outcomes[failing].result.error?.code == .unavailable)
      // The first child answers: it has v2 where the other one failed.
      #expect(try await tree.get(key, in: context)?.bytes == [failing == 0 ? 1 : 2])
      let newest = try #require(children[1 - failing].contents[key])
      children[0].contents[key] = newest
      #expect(try await tree.get(key, in: context)?.bytes == [2])
      children[0].contents[key] = nil
      // It was read, so there is no way back: it is found where it is, or the reader is told.
      if failing == 0 {
        #expect(try await tree.get(key, in: context)?.bytes == [2])
      } else {
        _ = await stale { try await tree.get(key, in: context) }
      }
      children[0].contents[key] = Record([1], stamp: Stamp(time: 1, writer: 1))
      children[1].contents[key] = children[0].contents[key]
      _ = await stale { try await tree.get(key, in: context) }
    }
  }

  // R16, R21
  @Test(
    "When the tombstone of a delete that was seen has been purged, nothing is what there should be",
    arguments: [StalePolicy.fail, .widen, .serveOwnCopy])
  func purged(onStale: StalePolicy) async throws {
    let (key, runtime) = (Key.mutable("k"), Runtime.manual())
    let (store, context) = (MemoryDriver("store"), Context(runtime))
    let session = Session()
    let tree = store.readYourWrites(session, onStale: onStale).monotonicReads(session, onStale: onStale)
    let old = Record([1], stamp: runtime.nextStamp())
    _ = try await store.put(old, at: key, in: context)
    let stamp = try await tree.delete(key, proof: nil, in: context).stamp
    _ = try await store.delete(key, proof: nil, in: context)
    #expect(try await tree.get(key, in: context) == .tombstone(stamp: try #require(stamp)))
    #expect(try await tree.stat(key, in: context)?.isTombstone == true)
    // A copy that was deleted and comes back is another matter.
    _ = try await store.put(old, at: key, in: context)
    if onStale == .serveOwnCopy {
      #expect(try await tree.get(key, in: context)?.isTombstone == true)
    } else {
      let error = await #expect(throws: DriverError.self) { try await tree.get(key, in: context) }
      #expect(error?.code == .stale)
    }
  }

  @Test("Widened, stat asks every driver as get does") func widenedStat() async throws {
    let (key, runtime) = (Key.mutable("k"), Runtime.manual())
    let context = Context(runtime)
    for isReplicated in [false, true] {
      let (first, second) = (MemoryDriver("first"), MemoryDriver("second"))
      let session = Session()
      func tree(_ base: some Driver) -> any Driver { base.monotonicReads(session, onStale: .widen) }
      let root =
        isReplicated
        ? tree(
          Replicated {
            first; second
          })
        : tree(
          FirstSuccess {
            first; second
          })
      let (old, new) = (Record([1], stamp: runtime.nextStamp()), Record([1, 2], stamp: runtime.nextStamp()))
      _ = try await first.put(new, at: key, in: context)
      #expect(try await root.get(key, in: context) == new)
      _ = try await first.delete(key, proof: nil, in: context)
      _ = try await first.put(old, at: key, in: context)
      _ = try await second.put(new, at: key, in: context)
      #expect(try await root.stat(key, in: context)?.byteCount == 2)
      #expect(try await root.get(key, in: context) == new)
    }
  }
}
