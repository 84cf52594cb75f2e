import MetaDriver
import SimulationScenarios
import TestSupport
import Testing

@testable import MetaDriverTesting

/// The composites of the package in bad weather: what they promise holds for every seed. `Tests/run` tries thousands more,
/// in a release build.
@Suite struct HealthyTreeTests {
  @Test("In bad weather a sound tree keeps every promise", arguments: Healthy.allCases)
  func holds(_ tree: Healthy) async throws {
    let counterexample = try await apart {
      try Simulation.explore(seeds: seeds(0..<12), tree.scenario)
    }
    #expect(counterexample == nil, "\(counterexample.map(\.description) ?? "")")
  }
}

/// Mistakes that the simulator must find, and that the same trees do not have when they are switched off.
@Suite struct MutantTests {
  @Test("A mistake is found within 300 seeds, and called by its name", arguments: Mutant.allCases)
  func found(_ mutant: Mutant) async throws {
    let seed = try await apart {
      try (0..<300).first { seed in
        try mutant.scenario(isOn: true).run(seed: seed, keepsTrace: false).violations
          .contains { $0.guarantee == mutant.guarantee }
      }
    }
    #expect(seed != nil)
  }

  @Test("Without the mistake there is nothing to find", arguments: Mutant.allCases)
  func sound(_ mutant: Mutant) async throws {
    let found = try await apart { try Simulation.explore(seeds: seeds(0..<6), mutant.scenario(isOn: false)) }
    #expect(found == nil, "\(found.map(\.description) ?? "")")
  }

  // S6
  @Test("A put that lands late is shown with two writes, one read and three stores")
  func shrinks() async throws {
    let found = try #require(
      try await apart { try Simulation.explore(seeds: 0..<300, Mutant.putsOvertake.scenario(isOn: true)) })
    let script = found.trial.script
    #expect(script.steps.count { $0.action != .get } <= 2, "\(found)")
    #expect(script.steps.count { $0.action == .get } <= 1, "\(found)")
    #expect(script.stores.count == 3, "\(found)")
    #expect(script.incidents.isEmpty, "\(found)")
  }
}
