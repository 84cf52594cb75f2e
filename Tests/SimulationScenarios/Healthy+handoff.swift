import MetaDriver
import MetaDriverTesting

/// Trees that queue the writes which some of their children miss.
extension Healthy {
  /// Every client has a disk of its own for its journal. Each store is cut off, or down, at some time.
  static func handingOff(
    _ name: String, _ guarantees: [Guarantee], survives: Int,
    tree: @escaping @Sendable ([Faulty], HandoffJournal) throws -> any Driver
  ) -> Scenario {
    var scenario = Scenario(name, stores: ["a", "b", "c"], guarantees: guarantees, survives: survives) { leaves in
      try tree(Array(leaves.dropLast()), HandoffJournal(on: leaves[leaves.count - 1]))
    }
    scenario.ownStores = ["journal"]
    scenario.weather = rough
    scenario.weather.cuts = 2
    scenario.weather.clientCrashes = 1
    scenario.weather.duration = .milliseconds(200)
    return scenario
  }

  var handoffScenario: Scenario {
    switch self {
    case .handoffQuorum:
      return Self.handingOff(
        rawValue, [.regular, .readYourWrites, .monotonicWrites, .writesFollowReads, .durable, .noResurrection],
        survives: 1
      ) { stores, journal in
        Quorum(read: 2, write: 2, remainder: .handoff(journal)) { for store in stores { store } }
      }
    case .handoffSession:
      return Self.handingOff(rawValue, [.readYourWrites, .durable], survives: 2) { stores, journal in
        ReadYourWrites {
          Replicated(writes: .atLeast(1), remainder: .handoff(journal)) { for store in stores { store } }
        }
      }
    case .hintedChildren:
      // Each store gets everything that was tried, sooner or later, as long as nobody who tries dies.
      var scenario = Self.handingOff(rawValue, [.durable, .convergent], survives: 2) { stores, journal in
        Quorum(read: 1, write: 1, sloppy: true) {
          for store in stores { Self.hinted(store, journal) }
        }
      }
      scenario.weather.clientCrashes = 0
      return scenario
    case .writeBehind:
      // What is queued is no acknowledgement to those who look elsewhere, and is one to its writer.
      var scenario = Self.handingOff(
        rawValue, [.readYourWrites, .monotonicReads, .monotonicWrites, .durable], survives: 0
      ) { stores, journal in Self.hinted(stores[0], journal) }
      scenario.stores = ["a"]
      scenario.clients = 1
      scenario.sessionsSurvive = true
      return scenario
    default:
      // Whatever store is left alone at the end has every write that held: replay alone can have brought it there.
      return Self.handingOff(rawValue, [.durable], survives: 2) { stores, journal in
        Quorum(read: 1, write: 1, sloppy: true, remainder: .handoff(journal)) { for store in stores { store } }
      }
    }
  }

  private static func hinted(_ store: some Driver, _ journal: HandoffJournal) -> any Driver {
    store.timeout(.milliseconds(300)).hintedHandoff(journal)
  }
}
