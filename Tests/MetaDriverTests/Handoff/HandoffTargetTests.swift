import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// What trees that share a journal must agree on: what it takes until a queued write counts as sent.
@Suite(.timeLimit(.minutes(10))) struct HandoffTargetTests {
  private let key: Key = "k"
  private let name: DataID = "k"
  private let runtime = Runtime.manual()
  private let stores = ["a", "b", "c"].map { Scripted($0, ordering: .newestWins) }
  private let journal = HandoffJournal(on: MemoryDriver("journal"))

  private func quorum(write: Int, isReversed: Bool = false) -> Quorum {
    Quorum(
      read: .exactly(4 - write), write: .exactly(write), repair: .off, remainder: .await
    ) { for store in isReversed ? stores.reversed() : stores { store } }
  }

  private func strategy(_ name: String, write: Int, isReversed: Bool = false) throws -> Strategy {
    try Strategy(name, runtime: runtime) { quorum(write: write, isReversed: isReversed).hintedHandoff(journal) }
  }

  private let refusal =
    "the handoff journal on journal serves Quorum as a child that needs 2 of (a, b, c), and here it needs "

  // R19, R35
  @Test("A tree that needs fewer stores is refused at the journal of one that needs more, opened or not")
  func weaker() async throws {
    let (strict, loose) = (try strategy("strict", write: 2), try strategy("loose", write: 1))
    try await strict.open()
    let calls: [(String, () async throws -> Void)] = [
      ("open", { try await loose.open() }), ("get", { _ = try await loose.get(name) }),
      ("put", { _ = try await loose.put([1], at: name) }), ("list", { _ = try await loose.list() }),
    ]
    for (what, call) in calls {
      let error = await #expect(throws: DriverError.self, "\(what)") { try await call() }
      #expect(error?.code == .unsupported && error?.effect == .unchanged, "\(what)")
      #expect(
        error?.message == refusal
          + "1 of (a, b, c): a write that was queued by the one would be done by what is enough for the other. "
          + "Give each tree a journal of its own, or close the other one first", "\(what)")
    }
    #expect(stores.allSatisfy { $0.contents.isEmpty })
    try await strict.close()
    try await loose.open()
    try await loose.close()
  }

  // R19
  @Test("A tree that was called before it was opened has the journal, and another rule is refused")
  func calledFirst() async throws {
    let (strict, loose) = (try strategy("strict", write: 2), try strategy("loose", write: 3))
    _ = try await strict.get(name)
    let error = await #expect(throws: DriverError.self) { try await loose.open() }
    #expect(error?.message.hasPrefix(refusal + "all of (a, b, c): ") == true)
    try await strict.close()
  }

  // R19
  @Test("What a closed tree has queued is not sent by the rule of another, until it is drained")
  func closed() async throws {
    let stores = ["a", "b", "c"].map { Scripted($0, ordering: .newestWins, answers: [.error(.unavailable)]) }
    func tree(write: Int) -> HintedHandoff<Quorum> {
      HintedHandoff(journal) {
        Quorum(read: .exactly(4 - write), write: .exactly(write), repair: .off, remainder: .await) {
          for store in stores { store }
        }
      }
    }
    let context = Context(runtime)
    let strict = tree(write: 2), loose = tree(write: 3)
    #expect("\(try await context.put(Record([1]), at: key, to: strict).result)" == "queued")
    try await strict.close(in: context)
    let error = await #expect(throws: DriverError.self) { try await context.open(loose) }
    #expect(
      error?.message.hasSuffix("1 entry is queued by that rule: open that tree, and drain the journal, first") == true)
    _ = try await context.open(strict)
    #expect(try await journal.drain(in: context).sent.count == 1)
    try await strict.close(in: context)
    _ = try await context.open(loose)
    try await loose.close(in: context)
  }

  @Test("Trees of one rule share a journal, in whatever order they name their stores") func sameRule() async throws {
    let (one, two) = (try strategy("one", write: 2), try strategy("two", write: 2, isReversed: true))
    try await one.open()
    try await two.open()
    _ = try await two.put([1], at: name)
    #expect(try await one.get(name)?.bytes == [1])
    try await one.close()
    try await two.close()
  }

  @Test("A child of one name that is another store is refused") func otherStore() async throws {
    let (context, other) = (Context(runtime), MemoryDriver("a"))
    let one = stores[0].hintedHandoff(journal), two = other.hintedHandoff(journal)
    _ = try await context.open(one)
    let error = await #expect(throws: DriverError.self) { try await context.open(two) }
    #expect(error?.message.contains("another child called a, which is another store") == true)
    try await one.close(in: context)
  }
}
