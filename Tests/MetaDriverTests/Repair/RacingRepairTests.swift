import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

#if !SANITIZE_THREAD
  import Synchronization
#endif

/// What others write in the moment between the look of a repair and its write.
@Suite(.timeLimit(.minutes(10))) struct RacingRepairTests {
  /// What happens when a call arrives, before it takes effect.
  private final class Race: Sendable {
    private let action = Mutex<(@Sendable () -> Void)?>(nil)
    func set(_ action: @escaping @Sendable () -> Void) { self.action.withLock { $0 = action } }
    func run() { action.withLock { $0 }?() }
  }

  private let race = Race()
  private let context = Context(.manual())

  private func store(_ name: String, racingAt operations: [Event.Operation]) -> Scripted {
    Scripted(name) { [race] call in
      if operations.contains(call.operation) { race.run() }
      return .ok
    }
  }

  // R16
  @Test("A write that comes between the look of a purge and its delete is newer, and stays")
  func purge() async throws {
    let (racing, other) = (store("racing", racingAt: [.delete]), Scripted("other"))
    try await expectKept(in: racing, beside: other)
  }

  // R16
  @Test("Where a leaf cannot delete on a condition, its copy is looked at again in the turn of the delete")
  func purgeInTurn() async throws {
    let looks = Counter()
    let racing = Scripted("racing", ordering: .fifo, capabilities: [.get, .put, .delete, .list]) { [race] call in
      // The first look is at the copies of all stores, the second one is that of the delete.
      if call.operation == .get {
        looks.add(1)
        if looks.value == 2 { race.run() }
      }
      return .ok
    }
    try await expectKept(in: racing, beside: Scripted("other"))
  }

  /// Purges a tombstone that somebody writes over meanwhile at one of the stores.
  private func expectKept(in racing: Scripted, beside other: Scripted) async throws {
    let newer = Record([7], stamp: Stamp(time: 2, writer: 1))
    for store in [racing, other] { store.contents["k"] = .tombstone(stamp: Stamp(time: 1, writer: 1)) }
    race.set { racing.contents["k"] = newer }
    let purge = Purge(after: .zero) {
      racing
      other
    }
    let report = try await purge.apply(try await purge.plan(in: context), in: context)
    #expect(!report.isComplete, "\(report)")
    #expect(racing.contents["k"] == newer)
  }

  // R17
  @Test("A copy without a stamp that fills a gap never replaces what is written between the look and the put")
  func fill() async throws {
    let (full, racing) = (Scripted("full"), store("racing", racingAt: [.put, .compareAndPut]))
    full.contents["k"] = Record([1])
    race.set { racing.contents["k"] = Record([2]) }
    let scrub = Scrub {
      full
      racing
    }
    let report = try await scrub.apply(try await scrub.plan(in: context), in: context)
    #expect(!report.isComplete, "\(report)")
    #expect(racing.contents["k"] == Record([2]))
  }
}
