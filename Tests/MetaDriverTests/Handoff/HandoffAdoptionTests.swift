import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// R35: what is queued for a child that has another name now, or is gone.
@Suite(.timeLimit(.minutes(10))) struct HandoffAdoptionTests {
  private let key: Key = "k"
  private let runtime = Runtime.manual()
  private var context: Context { Context(runtime) }
  /// How often the store that is away has come back.
  private let returns = Counter()
  private let disk = Scripted("disk", ordering: .newestWins)

  /// A store that other processes know by the same address.
  private struct Addressed: Driver {
    let leaf: Leaf?
    let store: Scripted
    init(_ name: String, _ store: Scripted, at address: String) {
      leaf = Leaf(name, identity: address, ordering: .newestWins)
      self.store = store
    }
    var outline: Outline {
      leaf.map { Outline(leaf: $0, kind: "Addressed", capabilities: store.outline.capabilities) } ?? store.outline
    }
    func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      try await store.get(key, in: context)
    }
    func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      try await store.put(record, at: key, in: context)
    }
    func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      try await store.delete(key, proof: proof, in: context)
    }
    func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      try await store.list(request, in: context)
    }
    func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
      try await store.stat(key, in: context)
    }
  }

  private func store(_ name: String) -> Scripted {
    Scripted(name, ordering: .newestWins) { [returns] call in
      name == "away" && returns.value == 0 && call.operation != .close ? .error(.unavailable) : .ok
    }
  }

  private func tree(_ journal: HandoffJournal, _ stores: [any Driver]) -> Quorum {
    Quorum(read: 2, write: 2, remainder: .handoff(journal)) { for store in stores { store } }
  }

  @Test("What is queued for a child is sent to it under its new name, by the next process")
  func renamed() async throws {
    let (a, b, away) = (store("a"), store("b"), store("away"))
    let before = tree(
      HandoffJournal(on: disk), [a, b, Addressed("eu", away, at: "https://eu.example/x")])
    let receipt = try await context.put(Record([1]), at: key, to: before)
    try await before.close(in: context)
    returns.add(1)
    let journal = HandoffJournal(on: disk)
    let after = tree(journal, [a, b, Addressed("europe", away, at: "https://eu.example/x")])
    let opened = try await context.open(after)
    #expect(opened.children.map(\.node) == ["a", "b", "europe"])
    #expect(try await journal.pending(in: context).map(\.child) == ["europe"])
    #expect(try await journal.drain(in: context).sent.map(\.stamp) == [receipt.stamp])
    #expect(away.contents[key]?.bytes == [1] && disk.contents.isEmpty)
    try await after.close(in: context)
  }

  @Test("A queued write is read under the child's new name")
  func renamedBelowHintedHandoff() async throws {
    let away = store("away")
    let before = Addressed("eu", away, at: "https://eu.example/x").hintedHandoff(HandoffJournal(on: disk))
    _ = try await context.put(Record([1]), at: key, to: before)
    try await before.close(in: context)
    let after = Addressed("europe", away, at: "https://eu.example/x").hintedHandoff(HandoffJournal(on: disk))
    #expect(try await context.get(key, from: after)?.bytes == [1])
    try await after.close(in: context)
  }

  @Test("Of a write under either name the newest stays", arguments: [true, false])
  func both(isOldNewer: Bool) async throws {
    let away = store("away")
    let old = Addressed("eu", away, at: "https://eu.example/x").hintedHandoff(HandoffJournal(on: disk))
    let new = Addressed("europe", away, at: "https://eu.example/x").hintedHandoff(HandoffJournal(on: disk))
    let (first, second): (any Driver, any Driver) = isOldNewer ? (new, old) : (old, new)
    _ = try await context.put(Record([1]), at: key, to: first)
    _ = try await context.put(Record([2]), at: key, to: second)
    try await old.close(in: context)
    try await new.close(in: context)
    let journal = HandoffJournal(on: disk)
    let again = Addressed("europe", away, at: "https://eu.example/x").hintedHandoff(journal)
    _ = try await context.put(Record([9], stamp: Stamp(time: 1, writer: 1)), at: key, to: again)
    let entries = try await journal.pending(in: context)
    #expect(entries.map(\.child) == ["europe"] && disk.contents.count == 1)
    #expect(try await context.get(key, from: again)?.bytes == [2])
    try await again.close(in: context)
  }

  @Test("A store that another process cannot know by its identity is not taken for another one")
  func anonymous() async throws {
    let before = tree(HandoffJournal(on: disk), [store("a"), store("b"), store("away")])
    _ = try await context.put(Record([1]), at: key, to: before)
    try await before.close(in: context)
    let journal = HandoffJournal(on: disk), other = store("other")
    let after = tree(journal, [store("a"), store("b"), other])
    let opened = try await context.open(after)
    #expect(
      opened.children.map { "\($0)" }.last
        == "away: failed, unroutable: 1 write is queued in the handoff journal on disk for away, and no node that was "
        + "opened has a child of this name, or with its stores: bring it back, or give them up with discard(_:)")
    #expect(try await journal.pending(in: context).map(\.child) == ["away"])
    #expect(other.contents.isEmpty)
    try await after.close(in: context)
  }

  @Test("What is queued for a child that is gone ends when every child that is left has it, and not before")
  func gone() async throws {
    let (a, b) = (store("a"), store("b"))
    let before = tree(HandoffJournal(on: disk), [a, b, store("away")])
    let receipt = try await context.put(Record([1]), at: key, to: before)
    try await before.close(in: context)
    let journal = HandoffJournal(on: disk)
    let after = tree(journal, [a, b])
    _ = try await context.open(after)
    let held = b.contents
    b.contents = [:]
    let left = try await journal.drain(in: context).left
    #expect(left.map(\.entry.child) == ["away"] && left.first?.reason?.code == .unroutable)
    b.contents = held
    #expect(try await journal.drain(in: context).superseded.map(\.stamp) == [receipt.stamp])
    #expect(disk.contents.isEmpty)
    try await after.close(in: context)
  }
}
