import MetaDriver
import MetaDriverTesting

/// Sessions over stores that promise nothing: writes are seen late, reads find what was there before, and clocks are
/// seconds apart.
extension Healthy {
  static let ofSession: [Guarantee] = [.readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads]

  var sessionScenario: Scenario {
    switch self {
    case .lateSession:
      // Every life of a client is a session of its own.
      return Self.late(rawValue, survivesRestarts: false) { leaves, _ in Self.session(over: leaves, Session()) }
    case .waitingSession:
      return Self.late(rawValue, survivesRestarts: true) { leaves, journal in
        let wait = StalePolicy.wait(atMost: .milliseconds(500), every: .milliseconds(50))
        return MonotonicReads(floors: journal, onStale: wait) {
          ReadYourWrites(journal: journal, onStale: .widen) { Self.lateStores(leaves) }
        }
      }
    default:
      return Self.late(rawValue, survivesRestarts: true) { leaves, journal in
        Self.session(over: leaves, Session(journal: journal, keyLimit: 1))
      }
    }
  }

  /// One session of both nodes.
  static func session(over leaves: [Faulty], _ session: Session) -> any Driver {
    MonotonicReads(session) { ReadYourWrites(session) { lateStores(leaves) } }
  }

  /// A read may miss every acknowledged write.
  static func lateStores(_ leaves: [Faulty]) -> Quorum {
    Quorum(read: 1, write: 1, repair: .off, sloppy: true) { for leaf in leaves { leaf } }
  }

  /// - Parameters:
  ///   - name: What to call it.
  ///   - survivesRestarts: Whether a client has a disk, and goes on with its session when it starts again.
  ///   - tree: Makes a client's tree of the stores and of its disk.
  static func late(
    _ name: String, survivesRestarts: Bool, tree: @escaping @Sendable ([Faulty], Faulty) -> any Driver
  ) -> Scenario {
    var scenario = Scenario(name, stores: ["a", "b"], guarantees: ofSession) { leaves in
      tree(Array(leaves.prefix(leaves.count - 1)), leaves[leaves.count - 1])
    }
    scenario.ownStores = ["journal"]
    scenario.sessionsSurvive = survivesRestarts
    scenario.weather = rough
    scenario.weather.clientCrashes = 1.5
    // Where two writes need not meet, a session's promises rest on clocks that agree.
    scenario.weather.faults[.delayedVisibility] = 0.3
    scenario.weather.faults[.staleRead] = 0.2
    scenario.weather.faults.lateness = .exponential(mean: .milliseconds(200))
    // Over stores that show the past, a read of nothing may have seen no delete at all, and a history cannot tell.
    scenario.deletes = 0
    scenario.keys = 2
    scenario.operations = 24
    scenario.pause = .exponential(mean: .milliseconds(30))
    return scenario
  }
}
