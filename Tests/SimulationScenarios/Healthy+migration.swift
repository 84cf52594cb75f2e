import MetaDriver
import MetaDriverTesting

extension Healthy {
  /// Clients with clocks that disagree, which move their data while they use it.
  static func moving(_ name: String) -> Scenario {
    var scenario = Scenario(
      name, stores: ["old", "new", "state"], guarantees: [.regular, .readYourWrites, .durable, .noResurrection]
    ) { leaves in try Moving(leaves) }
    scenario.keys = 2
    scenario.operations = 24
    scenario.deletes = 0.2
    scenario.pause = .exponential(mean: .milliseconds(40))
    scenario.weather = rough
    scenario.weather.clientCrashes = 2
    scenario.weather.skew = .milliseconds(50)
    return scenario
  }
}

extension Mutant {
  /// What was done wrongly while data were moved.
  static func moving(_ name: String, _ mistake: Moving.Mistake?, beginsFirst: Bool = false, _ promises: [Guarantee])
    -> Scenario
  {
    var scenario = Healthy.moving(name)
    scenario.guarantees = promises
    scenario.tree = { leaves in try Moving(leaves, mistake: mistake, beginsFirst: beginsFirst) }
    return scenario
  }
}
