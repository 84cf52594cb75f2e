import MetaDriver
import MetaDriverTesting

/// Trees that rank copies.
extension Healthy {
  private static let stores: [Scenario.Store] = ["a", "b", "c"]

  /// What a quorum promises whose reads are regular.
  private static let regular: [Guarantee] = [
    .regular, .readYourWrites, .monotonicWrites, .writesFollowReads, .durable, .noResurrection,
  ]

  /// Clocks that are off by up to a fifth of a second, which is ten times the pause between two operations.
  private static func skewed(_ scenario: Scenario) -> Scenario {
    var scenario = scenario
    scenario.weather = rough
    scenario.weather.skew = .milliseconds(200)
    scenario.clients = 3
    return scenario
  }

  static var atomicQuorum: Scenario {
    skewed(
      Scenario(
        "atomic reads, many writers, skewed clocks", stores: stores,
        guarantees: [.linearizable, .readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads, .durable]
          + [.noResurrection], survives: 1
      ) { leaves in Quorum(reads: .atomic, writers: .many) { for leaf in leaves { leaf } } })
  }

  static var quorumOfManyWriters: Scenario {
    skewed(
      Scenario("many writers, skewed clocks", stores: stores, guarantees: regular, survives: 1) { leaves in
        Quorum(writers: .many) { for leaf in leaves { leaf } }
      })
  }

  /// The first store has two votes of four: two may be down, or the first alone.
  static var weightedQuorum: Scenario {
    var scenario = Scenario("weighted votes", stores: stores, guarantees: regular, survives: 1) { leaves in
      Quorum(read: 2, write: 3, weighted: true) {
        for leaf in leaves { leaf }
        for leaf in leaves.prefix(1) { leaf }
      }
    }
    scenario.survives = 0
    scenario.weather = rough
    return scenario
  }

  static var nestedQuorum: Scenario {
    var scenario = Scenario(
      "a quorum of quorums", stores: ["a", "b", "c", "d", "e"], guarantees: regular, survives: 1
    ) { leaves in
      Quorum {
        Quorum { for leaf in leaves.prefix(3) { leaf } }
        for leaf in leaves.dropFirst(3) { leaf }
      }
    }
    scenario.weather = rough
    return scenario
  }

  static var digestFirstQuorum: Scenario {
    var scenario = Scenario("digest first", stores: stores, guarantees: regular, survives: 1) { leaves in
      Quorum(reads: .digestFirst) { for leaf in leaves { leaf } }
    }
    scenario.weather = rough
    return scenario
  }

  static var newestOfReplicas: Scenario {
    var scenario = Scenario("the newest of replicas", stores: stores, guarantees: regular, survives: 1) { leaves in
      Replicated(writes: .atLeast(2), reads: .newest) { for leaf in leaves { leaf.timeout(.milliseconds(300)) } }
    }
    scenario.weather = rough
    return scenario
  }

  /// Reads every key once, from every store, when the last fault has ended: all stores agree after that.
  private static func repairing(_ name: String, ordering: PutOrdering) -> Scenario {
    var scenario = Scenario(
      name, stores: stores.map { .init($0.name, ordering: ordering) }, guarantees: regular + [.convergent],
      survives: 1
    ) { leaves in Quorum { for leaf in leaves { leaf } } }
    scenario.weather = rough
    scenario.deletes = 0.3
    scenario.keys = 2
    scenario.maintenance = { leaves, runtime in
      let context = Context(runtime)
      let all = Quorum(read: .all, write: 1, repair: .blocking) { for leaf in leaves { leaf } }
      for key in ["k0", "k1"] as [Key] { _ = try await context.get(key, from: all) }
    }
    return scenario
  }

  static var repairedQuorum: Scenario { repairing("one read repairs", ordering: .newestWins) }

  static var blindlyRepairedQuorum: Scenario {
    var scenario = repairing("one read repairs stores that compare nothing", ordering: .fifo)
    // One process, whose puts the package keeps in order.
    scenario.clients = 1
    scenario.weather.clientCrashes = 0
    return scenario
  }
}
