import MetaDriver
import MetaDriverTesting
import Synchronization
import TestSupport
import Testing

/// What a queue must not lose: a queued write, or the newer one that was acknowledged after it.
@Suite(.timeLimit(.minutes(10))) struct HandoffLossTests {
  private let key: Key = "k"
  private let outage = Outage()
  private let context = Context(.manual())

  /// Which operations of which stores fail.
  private final class Outage: Sendable {
    private let failing = Mutex<Set<String>>([])
    /// The stores that are down, and the operations that fail at others: `a put`.
    func set(_ names: String...) { failing.withLock { $0 = Set(names) } }
    func answer(_ store: String, _ operation: Event.Operation) -> Scripted.Answer {
      guard operation != .open && operation != .close else { return .ok }
      return failing.withLock { $0.contains(store) || $0.contains("\(store) \(operation)") }
        ? .error(.unavailable) : .ok
    }
  }

  private func store(_ name: String, _ ordering: PutOrdering = .newestWins) -> Scripted {
    Scripted(name, ordering: ordering) { [outage] in outage.answer(name, $0.operation) }
  }

  private func pending(_ journal: HandoffJournal) async throws -> [Stamp?] {
    try await journal.pending(in: context).map(\.stamp)
  }

  // MARK: What a read finds

  // R19
  @Test("A newer copy at one store of a quorum, which can vanish, does not take the queued write's place")
  func foundAtOneStore() async throws {
    let stores = ["a", "b", "c"].map { store($0) }, journal = HandoffJournal(on: MemoryDriver("journal"))
    let quorum = Quorum(read: 2, write: 2, repair: .off, remainder: .await) { for store in stores { store } }
    let tree = quorum.hintedHandoff(journal)
    _ = try await context.put(Record([0]), at: key, to: quorum)
    outage.set("a", "b", "c")
    let queued = try await context.put(Record([1]), at: key, to: tree)
    outage.set("b put", "c")
    await #expect(throws: DriverError.self) { try await context.put(Record([2]), at: key, to: quorum) }
    #expect(try await context.get(key, from: tree)?.bytes == [2])
    #expect(try await pending(journal) == [queued.stamp])
    // The store that holds the newer copy is lost.
    outage.set("a")
    #expect(try await context.get(key, from: tree)?.bytes == [1])
    #expect(try await journal.drain(in: context).sent.map(\.stamp) == [queued.stamp])
    #expect(try await context.get(key, from: quorum)?.bytes == [1])
    try await tree.close(in: context)
  }

  // R19, R32
  @Test("An entry that the stores of a quorum answer with newer copies, or take, is done when a write quorum has")
  func supersededByQuorum() async throws {
    let stores = ["a", "b", "c"].map { store($0) }, journal = HandoffJournal(on: MemoryDriver("journal"))
    let quorum = Quorum(read: 2, write: 2, repair: .off, remainder: .await) { for store in stores { store } }
    let tree = quorum.hintedHandoff(journal)
    outage.set("a", "b", "c")
    let queued = try await context.put(Record([1]), at: key, to: tree)
    outage.set("b", "c")
    await #expect(throws: DriverError.self) { try await context.put(Record([2]), at: key, to: quorum) }
    // One store's word.
    #expect(try await journal.drain(in: context).left.map(\.entry.stamp) == [queued.stamp])
    outage.set("c")
    #expect(try await journal.drain(in: context).isEmpty)
    #expect(stores.map { $0.contents[key]?.bytes } == [[2], [1], nil])
    try await tree.close(in: context)
  }

  // MARK: What cannot be removed

  // R19, R20
  @Test("An entry that was overtaken, and could not be removed, is no answer", arguments: ["get", "stat", "put"])
  func removalFails(by operation: String) async throws {
    let cloud = store("cloud"), journal = HandoffJournal(on: store("journal"))
    let tree = cloud.hintedHandoff(journal)
    outage.set("cloud")
    let queued = try await context.put(Record([1]), at: key, to: tree)
    outage.set("journal delete", "journal put")
    switch operation {
    case "put":
      await #expect(throws: DriverError.self) { try await context.put(Record([2, 2]), at: key, to: tree) }
    default:
      _ = try await context.ordered().put(Record([2, 2]), at: key, to: cloud)
      if operation == "get" { #expect(try await context.get(key, from: tree)?.bytes == [2, 2]) }
      if operation == "stat" { #expect(try await context.stat(key, from: tree)?.byteCount == 2) }
    }
    #expect(try await pending(journal).count == 1)
    outage.set("cloud", "journal delete", "journal put")
    let away = await #expect(throws: DriverError.self) { try await context.get(key, from: tree) }
    #expect(away?.code == .unavailable)
    await #expect(throws: DriverError.self) { try await context.stat(key, from: tree) }
    outage.set()
    #expect(try await journal.drain(in: context).superseded.map(\.stamp) == [queued.stamp])
    #expect(try await context.get(key, from: tree)?.bytes == [2, 2])
    try await tree.close(in: context)
  }

  // R19
  @Test("An entry that cannot be removed gives its place to what overtook it", arguments: [true, false])
  func replaced(byPut: Bool) async throws {
    let cloud = store("cloud"), disk = store("journal")
    let tree = cloud.hintedHandoff(HandoffJournal(on: disk))
    outage.set("cloud")
    _ = try await context.put(Record([1]), at: key, to: tree)
    outage.set("journal delete")
    if byPut {
      #expect(try await context.put(Record([2]), at: key, to: tree).result.isAcknowledged)
    } else {
      _ = try await context.ordered().put(Record([2]), at: key, to: cloud)
      #expect(try await context.get(key, from: tree)?.bytes == [2])
    }
    try await tree.close(in: context)
    // The next process.
    let journal = HandoffJournal(on: disk), after = cloud.hintedHandoff(journal)
    outage.set("cloud")
    #expect(try await context.get(key, from: after)?.bytes == [2])
    outage.set()
    #expect(try await journal.drain(in: context).isEmpty)
    #expect(disk.contents.isEmpty)
    try await after.close(in: context)
  }

  // R19
  @Test("A write whose older entry can be neither removed nor replaced is not acknowledged")
  func notAcknowledged() async throws {
    let cloud = store("cloud"), disk = store("journal")
    let tree = cloud.hintedHandoff(HandoffJournal(on: disk))
    outage.set("cloud")
    _ = try await context.put(Record([1]), at: key, to: tree)
    outage.set("journal delete", "journal put")
    let error = await #expect(throws: DriverError.self) { try await context.put(Record([2]), at: key, to: tree) }
    #expect(error?.code == .unavailable && error?.effect == .unknown)
    #expect(error?.outcomes.map { "\($0)" } == ["cloud: stored"])
    outage.set()
    #expect(try await context.put(Record([3]), at: key, to: tree).result.isAcknowledged)
    #expect(disk.contents.isEmpty)
    try await tree.close(in: context)
  }

  // R19
  @Test("A write that the child takes removes what an earlier process queued, before anything else was asked")
  func afterRestart() async throws {
    let cloud = store("cloud"), disk = store("journal")
    let before = cloud.hintedHandoff(HandoffJournal(on: disk))
    outage.set("cloud")
    _ = try await context.put(Record([1]), at: key, to: before)
    try await before.close(in: context)
    let after = cloud.hintedHandoff(HandoffJournal(on: disk))
    outage.set("journal list")
    let unread = await #expect(throws: DriverError.self) { try await context.put(Record([2]), at: key, to: after) }
    #expect(unread?.effect == .unchanged && cloud.contents.isEmpty)
    outage.set()
    _ = try await context.put(Record([2]), at: key, to: after)
    #expect(disk.contents.isEmpty)
    outage.set("cloud")
    await #expect(throws: DriverError.self) { try await context.get(key, from: after) }
    try await after.close(in: context)
  }

  // R31
  @Test(
    "A write ranks above what is queued, whatever the clock says",
    arguments: [false, true], [PutOrdering.newestWins, .fifo])
  func clockSetBack(isAway: Bool, ordering: PutOrdering) async throws {
    // A store that keeps what comes last says nothing of stamps.
    let cloud = store("cloud"), disk = store("journal", ordering)
    let ahead = Context(.manual(wallStart: .seconds(1_700_100_000)))
    let before = cloud.hintedHandoff(HandoffJournal(on: disk))
    outage.set("cloud")
    _ = try await ahead.put(Record([1]), at: key, to: before)
    try await before.close(in: ahead)
    let journal = HandoffJournal(on: disk), after = cloud.hintedHandoff(journal)
    if !isAway { outage.set() }
    #expect(try await context.put(Record([2]), at: key, to: after).result.isAcknowledged == !isAway)
    #expect(try await context.get(key, from: after)?.bytes == [2])
    outage.set()
    #expect(try await journal.drain(in: context).isEmpty)
    #expect(cloud.contents[key]?.bytes == [2])
    try await after.close(in: context)
  }

  // MARK: What has expired

  // R31, R35
  @Test("An older write does not take the place of an expired entry: the newest stays, and is sent")
  func expired() async throws {
    let clock = ManualClock()
    let context = Context(.manual(clock))
    let cloud = store("cloud"), journal = HandoffJournal(on: store("journal", .fifo), window: .seconds(100))
    let tree = cloud.hintedHandoff(journal)
    outage.set("cloud")
    let newest = try #require(try await context.put(Record([5]), at: key, to: tree).stamp)
    clock.advance(by: .seconds(101))
    #expect(try await journal.drain(in: context).expired.map(\.stamp) == [newest])
    let older = Record([3], stamp: Stamp(time: newest.time - 1, writer: 1))
    #expect("\(try await context.put(older, at: key, to: tree).result)" == "queued")
    #expect(try await context.get(key, from: tree)?.bytes == [5])
    // What was answered as queued is sent: the newest, which has a window of its own again.
    let again = try await journal.pending(in: context)
    #expect(again.map(\.stamp) == [newest] && again.map(\.isExpired) == [false])
    outage.set()
    #expect(try await journal.drain(in: context).sent.map(\.stamp) == [newest])
    #expect(cloud.contents[key]?.bytes == [5])
    try await tree.close(in: context)
  }
}
