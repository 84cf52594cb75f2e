import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// Writes whose caller has gone away.
@Suite struct LeftCallerTests {
  private typealias World = Simulation.World

  enum Tree: String, CaseIterable, Sendable {
    case timeout, session, sessionBelow, atomic, handoff, options, nested

    func driver(_ process: Simulation.Process) -> any Driver {
      func quorum(_ reads: QuorumReads = .regular) -> Quorum {
        Quorum(reads: reads) { for name in ["a", "b", "c"] { process.leaf(name) } }
      }
      return switch self {
      case .timeout: quorum().timeout(.seconds(60))
      case .session:
        MonotonicReads {
          ReadYourWrites { quorum().timeout(.seconds(60)) }
        }
      case .sessionBelow: ReadYourWrites { process.leaf("a") }.timeout(.seconds(60))
      case .atomic: quorum(.atomic).timeout(.seconds(60))
      case .handoff:
        process.leaf("a").timeout(.seconds(1)).hintedHandoff(HandoffJournal(on: process.leaf("disk")))
          .timeout(.seconds(60))
      case .options: quorum()
      case .nested: quorum().timeout(.seconds(60)).timeout(.seconds(90))
      }
    }
  }

  /// The first write takes its time, is given up, and arrives after the second one.
  @Test("A write that was given up is not stamped, sent anew or queued above what its caller wrote since")
  func overtaken() throws {
    for tree in Tree.allCases {
      for delay in [300, 500, 1_500] {
        _ = try Simulation(seed: 1, keepsTrace: false) { (world: World) in
          let process = world.process("writer")
          let options = CallOptions(timeout: tree == .options ? .seconds(60) : nil)
          let strategy = try Strategy("s", runtime: process.runtime, visibility: .privateData) {
            tree.driver(process)
          }
          _ = try await strategy.put([0], at: "k")
          var slow = FaultProfile()
          slow.delay = .constant(.milliseconds(delay))
          for name in ["a", "b", "c"] { process.leaf(name).faults = slow }
          let isAcknowledged = await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await strategy.put([1], at: "k", options: options)) != nil }
            try? await world.sleep(for: .milliseconds(100))
            group.cancelAll()
            return await group.contains(true)
          }
          for name in ["a", "b", "c"] { process.leaf(name).faults = FaultProfile() }
          #expect(!isAcknowledged)
          _ = try await strategy.put([2], at: "k")
          try await world.sleep(for: .seconds(600))
          let found = try await strategy.get("k")
          #expect(found?.bytes == [2], "\(tree), \(delay) ms")
        }.run()
      }
    }
  }

  @Test(
    "A write that failed after its caller had left is queued all the same, and nothing newer is replaced by it",
    arguments: [false, true])
  func queued(isOverwritten: Bool) throws {
    _ = try Simulation(seed: 1, keepsTrace: false) { (world: World) in
      let process = world.process("writer")
      let strategy = try Strategy("s", runtime: process.runtime) {
        process.leaf("a").hintedHandoff(HandoffJournal(on: process.leaf("disk")))
      }
      _ = try await strategy.put([0], at: "k")
      var away = FaultProfile()
      away.delay = .constant(.milliseconds(500))
      away[.refused] = 1
      process.leaf("a").faults = away
      let error = await #expect(throws: DriverError.self) {
        try await strategy.put([1], at: "k", options: CallOptions(timeout: .milliseconds(100)))
      }
      #expect(error?.code == .timedOut && error?.effect == .unknown)
      if isOverwritten {
        process.leaf("a").faults = FaultProfile()
        _ = try await strategy.put([2], at: "k")
        process.leaf("a").faults = away
      }
      try await world.sleep(for: .seconds(2))
      process.leaf("a").faults = FaultProfile()
      try await world.sleep(for: .seconds(600))
      #expect(process.leaf("a").contents["k"]?.bytes == [isOverwritten ? 2 : 1])
    }.run()
  }
}
