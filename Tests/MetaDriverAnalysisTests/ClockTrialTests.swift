import MetaDriver
import MetaDriverTesting
import SimulationScenarios
import TestSupport
import Testing

/// What is said of trees whose clients have clocks that are wrong, against the simulator.
///
/// `SimulationRunner clocks` tries many more seeds in `Tests/run`.
@Suite(.timeLimit(.minutes(10))) struct ClockTrialTests {
  @Test("Trees keep their promises whatever clocks do", arguments: ClockTree.allCases)
  func promises(tree: ClockTree) async throws {
    let attack = try #require(TreeAttack(tree.plan))
    // What is acknowledged and queued, and the order of each client's writes, is promised of every tree.
    #expect(attack.promiseCount >= (tree == .firstOfQuorums ? 4 : 6), "\(attack.claims.promised)")
    let seeds = seeds(0..<1)
    for weather in ClockTrial.Weather.allCases {
      let trials = try await apart {
        try Scenario.Weather.Clocks.faults.map { try ClockTrial(attack, $0.clocks, weather, seeds: seeds) }
      }
      for (trial, fault) in zip(trials, Scenario.Weather.Clocks.faults) {
        let first = trial.first.map { "SEED=\($0.seed): \($0.what)" } ?? ""
        #expect(trial.broken == 0, "\(first), \(fault.name), \(weather)")
      }
      let (answered, all) = trials.reduce((0, 0)) { ($0.0 + $1.answered, $0.1 + $1.operations) }
      #expect(all > 0 && (weather == .rough || answered * 100 >= all * 95), "\(answered) of \(all) were answered")
    }
  }

  @Test("A promise that rests on clocks is broken where they are apart, and the count says so")
  func sloppy() async throws {
    var policy = TreePlan.QuorumPolicy()
    (policy.read, policy.write, policy.isSloppy, policy.remainder) = (.exactly(1), .exactly(1), true, .await)
    let attack = try #require(
      TreeAttack(.quorum(policy, ["a", "b", "c"].map(TreePlan.store)), isGullible: true))
    let trial = try await apart { try ClockTrial(attack, .apart(.seconds(5)), .well, seeds: 0..<20) }
    #expect(trial.broken > 0 && trial.first != nil)
    #expect(trial.broken <= trial.runs && trial.share > 0.5, "\(trial)")
  }

  @Test("A tree that is left without an answer lowers the share") func silence() async throws {
    let attack = try #require(
      TreeAttack(.quorum(TreePlan.QuorumPolicy(), ["a", "b", "c"].map(TreePlan.store))))
    let (well, rough) = try await apart {
      (
        try ClockTrial(attack, .agree, .well, seeds: 0..<20), try ClockTrial(attack, .agree, .rough, seeds: 0..<20)
      )
    }
    #expect(well.share > rough.share && rough.share < 1, "\(well), \(rough)")
  }
}
