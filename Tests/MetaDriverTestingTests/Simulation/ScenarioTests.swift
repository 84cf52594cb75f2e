import MetaDriver
import Testing

@testable import MetaDriverTesting

/// The composites of the package in bad weather: what they promise holds for every seed.
@Suite struct HealthyTreeTests {
  @Test("In bad weather a sound tree keeps every promise", arguments: Healthy.allCases)
  func holds(_ tree: Healthy) throws {
    let counterexample = try Simulation.explore(seeds: seeds(0..<tree.seedCount), tree.scenario)
    #expect(counterexample == nil, "\(counterexample.map(\.description) ?? "")")
  }
}
