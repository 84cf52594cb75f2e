import MetaDriverTesting
import SimulationScenarios

/// Every scenario of the tests: sound trees, and those with a mistake.
struct AnyScenario: Sendable, CustomStringConvertible {
  let description: String
  let scenario: Scenario

  static let all =
    Healthy.allCases.map { AnyScenario(description: "\($0)", scenario: $0.scenario) }
    + Mutant.allCases.map { AnyScenario(description: "\($0)", scenario: $0.scenario(isOn: true)) }
}
