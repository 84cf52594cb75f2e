import MetaDriver
package import MetaDriverTesting

/// Trees that keep their promises, with what they promise.
package enum Healthy: String, CaseIterable, Sendable {
  case quorum, blindQuorum, quorumOfFive, session, replicated, racing

  /// How many seeds are tried where time is short.
  package var seedCount: UInt64 { 300 }

  /// Messages that take their time, get lost, and get lost on the way back; clients and stores that crash.
  package static var rough: Scenario.Weather {
    var faults = FaultProfile()
    faults.delay = .mixture(
      0.1, .pareto(minimum: .milliseconds(20), shape: 1), or: .exponential(mean: .milliseconds(5)))
    faults[.refused] = 0.03
    faults[.lostReply] = 0.02
    faults[.hang] = 0.02
    faults[.failedAfterEffect] = 0.03
    faults[.throttled] = 0.01
    faults[.bitFlipOnRead] = 0.01
    var weather = Scenario.Weather(faults: faults)
    weather.clientCrashes = 0.5
    weather.storeCrashes = 0.5
    weather.cuts = 0.5
    return weather
  }

  package var scenario: Scenario {
    var scenario: Scenario
    switch self {
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
    }
    return scenario
  }
}
