import MetaDriver
import SimulationScenarios
import TestSupport
import Testing

@testable import MetaDriverTesting

/// A scenario in either order of jobs: the seed decides everything.
@Suite struct JobOrderTests {
  private static func report(
    _ scenario: Scenario, seed: UInt64, order: Simulation.JobOrder
  ) throws -> (report: Simulation.Report, history: History) {
    let script = scenario.script(seed: seed)
    let recorder = ScenarioRecorder([], script)
    let faults = ScriptedFaults(script)
    let report = try Simulation(seed: seed, order: order, keepsTrace: true, plan: faults) { world in
      try await ScenarioCourse(scenario: scenario, script: script, world: world, recorder: recorder).run()
      faults.calm()
      try await ScenarioAudit(scenario: scenario, script: script, world: world, recorder: recorder).run()
    }.run()
    return (report, recorder.history)
  }

  @Test(
    "The same seed has the same trace twice, in both orders", arguments: Healthy.allCases,
    [Simulation.JobOrder.firstInFirstOut, .shuffled])
  func twice(tree: Healthy, order: Simulation.JobOrder) async throws {
    for seed in seeds(0..<5) {
      let (first, second) = try await apart {
        (
          try Self.report(tree.scenario, seed: seed, order: order),
          try Self.report(tree.scenario, seed: seed, order: order)
        )
      }
      let isSame =
        first.report.traceHash == second.report.traceHash && first.report.trace == second.report.trace
        && first.report.steps == second.report.steps && first.history == second.history
      #expect(isSame, "seed \(seed)")
      let violations = try first.history.violations(of: tree.scenario.guarantees)
      #expect(violations.isEmpty, "seed \(seed): \(violations)\n\(first.report)")
    }
  }
}
