import MetaDriver
import Synchronization
import TestSupport
import Testing

@testable import MetaDriverTesting

/// R19: the process dies at every point at which it can, and nothing that was acknowledged or queued is lost.
@Suite struct HandoffCrashTests {
  enum Kind: CaseIterable {
    case quorum, quorumInTurn, quorumCutOff, replicated, hinted

    var ordering: PutOrdering { self == .quorumInTurn ? .fifo : .newestWins }

    func tree(_ process: Simulation.Process) -> (root: any Driver, journal: HandoffJournal) {
      let backOff = BackOff(from: .milliseconds(20), upTo: .seconds(1))
      let journal = HandoffJournal(on: process.leaf("disk of \(process.name)"), backOff: backOff)
      let stores = ["a", "b", "c"].map(process.leaf)
      return switch self {
      case .quorum, .quorumInTurn, .quorumCutOff:
        (Quorum(read: 2, write: 2, remainder: .handoff(journal)) { for store in stores { store } }, journal)
      case .replicated:
        (Replicated(writes: .atLeast(1), remainder: .handoff(journal)) { for store in stores { store } }, journal)
      case .hinted:
        (
          Replicated(writes: .atLeast(2)) {
            stores[0]
            stores[1]
            stores[2].hintedHandoff(journal)
          }.readYourWrites(), journal
        )
      }
    }
  }

  private static let key: Key = "k", other: Key = "n"

  // A45, B16
  @Test(
    "A crash at any step of a put, or of the replay after it, loses nothing and overwrites nothing",
    arguments: Kind.allCases)
  func crashes(kind: Kind) async throws {
    try await apart {
      var step = 0
      while step < 2_000, try Self.run(kind, crashingBefore: step) { step += 1 }
      #expect((41..<2_000).contains(step), "the put and its replay end after more steps than 40")
    }
  }

  /// - Returns: Whether the process crashed before all was done.
  private static func run(_ kind: Kind, crashingBefore step: Int) throws -> Bool {
    let hasCrashed = Mutex(false)
    try Simulation(seed: 1, keepsTrace: false) { world in
      var slow = FaultProfile()
      slow.delay = .exponential(mean: .milliseconds(1))
      for name in ["a", "b", "c", "disk of alice"] { _ = world.leaf(name, ordering: kind.ordering, faults: slow) }
      let (alice, bob) = (world.process("alice"), world.process("bob"))
      func put(_ value: UInt8, at key: Key, by process: Simulation.Process, _ tree: any Driver) async throws -> Receipt?
      {
        let runtime = process.runtime
        return try await process.perform { try await Context(runtime).put(Record([value]), at: key, to: tree) }
      }
      func away(_ isAway: Bool) {
        guard kind == .quorumCutOff else { return world.leaf("c").isDown = isAway }
        if isAway { world.cut(alice, from: "c") } else { world.reconnect(alice, to: "c") }
      }

      let first = kind.tree(alice).root
      _ = try await put(1, at: key, by: alice, first)
      // What is queued here is old when it is sent: bob has written since.
      away(true)
      _ = try await put(1, at: other, by: alice, first)
      if kind != .quorumCutOff { away(false) }
      _ = try await put(2, at: other, by: bob, kind.tree(bob).root)
      away(true)

      world.scheduler.interrupt(beforeStep: step) { alice.crash() }
      let isAnswered = try await put(2, at: key, by: alice, first) != nil
      away(false)
      try await world.sleep(for: .seconds(100))
      world.scheduler.interrupt(beforeStep: 1_000_000) {}
      hasCrashed.withLock { $0 = !alice.isRunning }
      if !alice.isRunning { alice.restart() }

      let again = kind.tree(alice), runtime = alice.runtime
      let report = try await alice.perform {
        _ = try await again.root.open(in: Context(runtime))
        return try await again.journal.drain(deadline: runtime.now + .seconds(100))
      }
      #expect(report?.isEmpty == true, "step \(step): \(report?.description ?? "")")
      for name in ["a", "b", "c"] {
        let context = Context(bob.runtime), leaf = bob.leaf(name)
        let copy = try await bob.perform { try await leaf.get(key, in: context)?.bytes } ?? nil
        #expect(copy == [2] || !isAnswered && copy == [1], "step \(step): \(name) holds \(copy ?? [])")
        let newer = try await bob.perform { try await leaf.get(other, in: context)?.bytes } ?? nil
        #expect(newer == [2], "step \(step): \(name) holds \(newer ?? []) of the other")
      }
    }.run()
    return hasCrashed.withLock { $0 }
  }
}
