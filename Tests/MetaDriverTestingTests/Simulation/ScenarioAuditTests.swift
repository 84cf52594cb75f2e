import MetaDriver
import TestSupport
import Testing

@testable import MetaDriverTesting

@Suite struct ScenarioAuditTests {
  @Test("Every choice of stores is made once, the smaller ones first, each in the order of the stores")
  func choices() {
    for count in 0...6 {
      let names = (0..<count).map { "s\($0)" }
      for most in 0...(count + 1) {
        let expected = (0..<(1 << count)).filter { $0.nonzeroBitCount <= most }.map { mask in
          names.indices.filter { mask & (1 << $0) != 0 }.map { names[$0] }
        }
        let choices = ScenarioAudit.choices(of: names, upTo: most)
        #expect(Set(choices) == Set(expected), "up to \(most) of \(count)")
        #expect(choices.count == expected.count, "up to \(most) of \(count)")
        #expect(choices.elementsEqual(choices.sorted { ($0.count, $0.joined()) < ($1.count, $1.joined()) }, by: ==))
      }
    }
  }

  @Test("The audit reads every key with each choice of stores down, and names the choice")
  func audits() throws {
    var scenario = Scenario("two of three", stores: ["a", "b", "c"], guarantees: [.durable], survives: 1) { leaves in
      Quorum(read: 2, write: 2) { for leaf in leaves { leaf } }
    }
    scenario.keys = 3
    let seed = seeds(0..<1).lowerBound
    let trial = try scenario.run(seed: seed)
    let keys = Set(trial.script.steps.map { "k\($0.key)" }).sorted()
    let audits = trial.history.operations.filter { $0.audit != nil }
    #expect(
      audits.map { "\($0.audit ?? ""), \($0.key.name)" }
        == ["all are up", "a down", "b down", "c down"].flatMap { state in keys.map { "\(state), \($0)" } },
      "seed \(seed)")
    // Every audit is a session of its own, and bears a number that no step has.
    #expect(Set(audits.map(\.session)).count == audits.count)
    #expect(Set(trial.history.operations.map(\.id)).count == trial.history.operations.count)
    #expect(trial.isPassed, "\(trial)")
  }

  @Test("With a store left out of the script, nothing is claimed of the loss of another")
  func fewerStores() throws {
    let scenario = Scenario("two of three", stores: ["a", "b", "c"], guarantees: [.durable], survives: 1) { leaves in
      Quorum(read: 2, write: 2) { for leaf in leaves { leaf } }
    }
    var script = scenario.script(seed: 1)
    script.stores = ["a", "b"]
    let trial = try scenario.run(script)
    #expect(Set(trial.history.operations.compactMap(\.audit)) == ["all are up"])
  }
}
