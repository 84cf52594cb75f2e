import MetaDriver
import MetaDriverTesting
import SimulationScenarios
import TestSupport
import Testing

@testable import MetaDriverAnalysis

/// What is predicted of trees is what they do in the simulator.
@Suite(.timeLimit(.minutes(10))) struct PredictionTests {
  /// With fewer operations than two percent need, to which `SimulationRunner predictions` holds the same trees in
  /// `Tests/run`.
  @Test("Times and staleness are as predicted", arguments: Predicted.allCases)
  func timing(tree: Predicted) async throws {
    let predictions = try await apart {
      try tree.predictions(shares: [0.5, 0.9], operations: 4_000, pairs: 2_000, trials: 20_000)
    }
    #expect(predictions.count >= 4)
    for prediction in predictions {
      #expect(prediction.error < (prediction.isTime ? 0.1 : 0.04), "\(prediction)")
    }
  }

  /// A tree of leaves a, b, c, …; other clients have no leaf of their own.
  struct Tree: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let count: Int
    let make: @Sendable ([Faulty]) -> any Driver

    init(_ name: String, _ count: Int = 3, _ make: @escaping @Sendable ([Faulty]) -> any Driver) {
      (testDescription, self.count, self.make) = (name, count, make)
    }

    func scenario(_ guarantees: [Guarantee], survives: Int) -> Scenario {
      let stores = ["a", "b", "c", "d", "e"].prefix(count).map { Scenario.Store($0) }
      var scenario = Scenario(testDescription, stores: stores, guarantees: guarantees, survives: survives, tree: make)
      // What a delete leaves behind is another question.
      scenario.deletes = 0
      return scenario
    }
  }

  static let trees = [
    Tree("a majority of three") { leaves in Quorum { for leaf in leaves { leaf } } },
    Tree("three of five", 5) { leaves in Quorum { for leaf in leaves { leaf } } },
    Tree("read one, write all") { leaves in Quorum(read: 1, write: .all) { for leaf in leaves { leaf } } },
    Tree("read all, write one") { leaves in Quorum(read: .all, write: 1) { for leaf in leaves { leaf } } },
    Tree("atomic, many writers") { leaves in Quorum(reads: .atomic, writers: .many) { for leaf in leaves { leaf } } },
    Tree("a quorum in a quorum", 5) { leaves in
      Quorum {
        Quorum { for leaf in leaves.prefix(3) { leaf } }
        for leaf in leaves.dropFirst(3) { leaf }
      }
    },
    Tree("one of three") { leaves in
      Quorum(read: 1, write: 1, repair: .off, sloppy: true) { for leaf in leaves { leaf } }
    },
    Tree("two reads, one write") { leaves in
      Quorum(read: 2, write: 1, repair: .off, sloppy: true) { for leaf in leaves { leaf } }
    },
    Tree("the newest of replicas") { leaves in
      Replicated(writes: .atLeast(2), reads: .newest) { for leaf in leaves { leaf.timeout(.milliseconds(300)) } }
    },
    Tree("replicas, one required") { leaves in
      Replicated(writes: .atLeast(2)) {
        leaves[0].required()
        for leaf in leaves.dropFirst() { leaf }
      }
    },
    Tree("a session over loose replicas") { leaves in
      MonotonicReads { ReadYourWrites { Replicated(writes: .atLeast(1)) { for leaf in leaves { leaf } } } }
    },
    Tree("first success") { leaves in FirstSuccess { for leaf in leaves { leaf } } },
  ]

  /// The guarantees that histories can refute, and what the analysis says of each.
  private func claims(_ analysis: Analysis) -> [(Guarantee, Analysis.Guarantee)] {
    [
      (.regular, analysis.regular), (.linearizable, analysis.atomic), (.readYourWrites, analysis.readYourWrites),
      (.monotonicReads, analysis.monotonicReads),
    ]
  }

  @Test("What the analysis promises holds in bad weather, losses included", arguments: trees)
  func promises(tree: Tree) async throws {
    let analysis = Analysis(of: tree.make(["a", "b", "c", "d", "e"].prefix(tree.count).map { Faulty($0) }).outline)
    var promised = claims(analysis).filter { $0.1.holds }.map(\.0)
    let losses = analysis.durability.failures ?? -1
    if losses >= 0 { promised.append(.durable) }
    let scenario = tree.scenario(promised, survives: max(losses, 0))
    let found = try await apart { try Simulation.explore(seeds: seeds(0..<40), scenario) }
    #expect(found == nil, "\(found.map(\.description) ?? "")")
  }

  @Test("For whatever the analysis denies, the simulator finds how it happens", arguments: trees)
  func denials(tree: Tree) async throws {
    let analysis = Analysis(of: tree.make(["a", "b", "c", "d", "e"].prefix(tree.count).map { Faulty($0) }).outline)
    let losses = analysis.durability.failures ?? -1
    for (guarantee, claim) in claims(analysis) where claim.verdict == .no {
      let scenario = tree.scenario([guarantee], survives: 0)
      let seed = try await apart { try Self.refuting(scenario) }
      #expect(seed != nil, "\(guarantee): \(claim)")
    }
    // One loss more than is survived, and something that was acknowledged is gone, or cannot be read. Where reads can miss
    // writes before anything is lost, a loss makes them ask elsewhere.
    let fatal = max(losses + 1, 1)
    guard fatal < tree.count else { return }
    let scenario = tree.scenario([.durable], survives: fatal)
    let seed = try await apart { try Self.refuting(scenario) }
    #expect(seed != nil, "\(fatal) losses")
  }

  /// A seed that breaks a promise, in weather in which stores refuse a lot, and writes take long to get everywhere.
  private static func refuting(_ scenario: Scenario) throws -> UInt64? {
    var scenario = scenario
    scenario.clients = 3
    scenario.operations = 30
    scenario.reads = 0.7
    scenario.pause = .exponential(mean: .milliseconds(10))
    scenario.weather.faults[.refused] = 0.2
    return try (0..<1_000).first { [scenario] in try !scenario.run(seed: $0, keepsTrace: false).isPassed }
  }
}
