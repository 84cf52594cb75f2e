import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// A write that asks for the newest copy before it is stamped, where the answer may be an older one.
@Suite struct AskingTests {
  private typealias World = Simulation.World

  private func run(_ body: @escaping @Sendable (World) async throws -> Void) throws {
    _ = try Simulation(seed: 1, keepsTrace: false, body).run()
  }

  enum Above: String, CaseIterable, Sendable { case quorum, newest, handoff, migration }

  /// Of four stores three have what was written last, and the fourth, which has an older copy, answers first.
  @Test("What a child answers that can miss acknowledged writes is not taken for the newest", arguments: Above.allCases)
  func missed(above: Above) throws {
    try run { world in
      let (first, second) = (world.process("first"), world.process("second", skew: .seconds(-30)))
      func replicas(_ process: Simulation.Process) -> Replicated {
        Replicated(writes: .atLeast(2), reads: .race, remainder: .await) {
          for name in ["a", "b", "c", "d"] { process.leaf(name).timeout(.seconds(1)) }
        }
      }
      func tree(_ process: Simulation.Process) -> any Driver {
        switch above {
        case .quorum: Quorum { replicas(process) }
        case .newest: Replicated(reads: .newest) { replicas(process) }
        case .handoff: replicas(process).hintedHandoff(HandoffJournal(on: process.leaf("disk")))
        case .migration:
          Migrating("m", state: process.leaf("state")) {
            replicas(process)
          } to: {
            process.leaf("new")
          }
        }
      }
      let (one, other) = (
        try Strategy("s", runtime: first.runtime) { tree(first) },
        try Strategy("s", runtime: second.runtime) { tree(second) }
      )
      _ = try await one.put([1], at: "k")
      try await world.sleep(for: .seconds(1))
      world.cut(first, from: "d")
      _ = try await one.put([2], at: "k")
      world.reconnect(first, to: "d")
      for name in ["a", "b", "c"] { second.leaf(name).faults.delay = .constant(.milliseconds(50)) }
      let receipt = try await other.put([3], at: "k")
      #expect(receipt.result.isAcknowledged)
      let holders = ["a", "b", "c", "d"].count { name in second.leaf(name).contents.values.contains { $0.bytes == [3] }
      }
      #expect(holders >= 2, "\(receipt)")
    }
  }
}
