import MetaDriver
package import MetaDriverTesting

/// Trees that keep their promises, with what they promise.
package enum Healthy: String, CaseIterable, Sendable {
  case quorum, blindQuorum, quorumOfFive, session, replicated, racing
  case lateSession, durableSession, waitingSession
  case atomic, manyWriters, weighted, nested, digestFirst, newest, repaired, repairedBlindly
  case purged, scrubbed, overlaid
  case moving
  case handoff, handoffQuorum, handoffSession, hintedChildren, writeBehind

  /// Bad weather, and bits that flip on the way, which a stamped copy gives away.
  package static var rough: Scenario.Weather {
    var weather = Scenario.Weather.rough
    weather.faults[.bitFlipOnRead] = 0.01
    return weather
  }

  package var scenario: Scenario {
    var scenario: Scenario
    switch self {
    case .atomic: return Self.atomicQuorum
    case .manyWriters: return Self.quorumOfManyWriters
    case .weighted: return Self.weightedQuorum
    case .nested: return Self.nestedQuorum
    case .digestFirst: return Self.digestFirstQuorum
    case .newest: return Self.newestOfReplicas
    case .repaired: return Self.repairedQuorum
    case .repairedBlindly: return Self.blindlyRepairedQuorum
    case .quorum:
      scenario = Scenario(
        rawValue, stores: ["a", "b", "c"],
        guarantees: [.regular, .readYourWrites, .monotonicWrites, .writesFollowReads, .durable, .noResurrection],
        survives: 1
      ) { leaves in Quorum(read: 2, write: 2) { for leaf in leaves { leaf } } }
      scenario.weather = Self.rough
    case .blindQuorum:
      // One process, whose puts the package keeps in order.
      scenario = Scenario(
        rawValue, stores: ["a", "b", "c"].map { .init($0, ordering: .fifo) },
        guarantees: [.regular, .readYourWrites, .durable, .noResurrection], survives: 1
      ) { leaves in Quorum(read: 2, write: 2) { for leaf in leaves { leaf } } }
      scenario.weather = Self.rough
      scenario.weather.clientCrashes = 0
      scenario.clients = 1
    case .quorumOfFive:
      scenario = Scenario(
        rawValue, stores: ["a", "b", "c", "d", "e"],
        guarantees: [.regular, .readYourWrites, .durable, .noResurrection],
        survives: 2
      ) { leaves in Quorum { for leaf in leaves { leaf } } }
      scenario.weather = Self.rough
    case .session:
      scenario = Scenario(rawValue, stores: ["a", "b", "c"], guarantees: [.readYourWrites]) { leaves in
        ReadYourWrites { Quorum(read: 1, write: 1, sloppy: true) { for leaf in leaves { leaf } } }
      }
      scenario.weather = Self.rough
    case .lateSession, .durableSession, .waitingSession: return sessionScenario
    case .replicated:
      scenario = Scenario(
        rawValue, stores: ["a", "b", "c"].map { .init($0, ordering: .fifo) },
        guarantees: [.regular, .readYourWrites, .durable, .noResurrection], survives: 2
      ) { leaves in Replicated { for leaf in leaves { leaf } } }
      scenario.deletes = 0
      scenario.weather = Self.rough
      // A flipped bit in bare bytes is other bytes, and nobody can tell.
      scenario.weather.faults[.bitFlipOnRead] = 0
      scenario.weather.clientCrashes = 0
      scenario.clients = 1
    case .moving: scenario = Self.moving(rawValue)
    case .racing:
      scenario = Scenario(
        rawValue, stores: ["a", "b", "c"].map { .init($0, ordering: .fifo) },
        guarantees: [.regular, .readYourWrites, .durable, .noResurrection], survives: 2
      ) { leaves in Replicated(reads: .race) { for leaf in leaves { leaf } } }
      scenario.deletes = 0
      scenario.weather = Self.rough
      // A flipped bit in bare bytes is other bytes, and nobody can tell.
      scenario.weather.faults[.bitFlipOnRead] = 0
      scenario.weather.clientCrashes = 0
      scenario.clients = 1
    case .purged: return Self.purgedQuorum
    case .scrubbed: return Self.scrubbedStores
    case .overlaid: return Self.overlaidQuorum
    case .handoff, .handoffQuorum, .handoffSession, .hintedChildren, .writeBehind: scenario = handoffScenario
    }
    return scenario
  }
}
