import MetaDriver
import TestSupport
import Testing

@testable import MetaDriverTesting

/// A script that lists what became of every call runs as it did when that was drawn: what shrinking stands on.
@Suite struct ScriptedFaultsTests {
  @Test("A run replays from its list of calls, and from the text of it", arguments: AnyScenario.all)
  func replay(scenario: AnyScenario) async throws {
    for seed in seeds(0..<4) {
      let drawn = try await apart { try scenario.scenario.run(seed: seed) }
      for script in [drawn.script, try Script("\(drawn.script)")] {
        let listed = try await apart { try scenario.scenario.run(script) }
        // One word each: what differs is a whole run.
        let same = [
          "hash": listed.report.traceHash == drawn.report.traceHash, "trace": listed.report.trace == drawn.report.trace,
          "steps": listed.report.steps == drawn.report.steps, "history": listed.history == drawn.history,
          "violations": listed.violations == drawn.violations, "calls": listed.script.calls == drawn.script.calls,
        ]
        let different = same.filter { !$0.value }.keys.sorted()
        #expect(different == [], "seed \(seed)")
      }
    }
  }

  @Test("What is drawn takes the base delay at least, and is written down in order") func drawn() throws {
    let faults = ScriptedFaults(try Script("seed 5\nfaults drawn\nstore a"))
    var profile = FaultProfile()
    profile[.hang] = 1
    let calls = (1...3).map { FaultCall(leaf: "a", step: 1, operation: .get, number: $0) }
    for call in calls {
      let journey = faults.journey(of: call, by: profile)
      #expect(journey.request == Script.baseDelay && journey.reply == Script.baseDelay && journey.fault == .hang)
    }
    #expect(faults.calls.map(\.call) == calls)
    #expect(faults.calls.map(\.journey) == calls.map { faults.journey(of: $0, by: profile) })
  }

  @Test("A call that the list does not name succeeds after the base delay, whatever the profile says") func unnamed()
    throws
  {
    let faults = ScriptedFaults(
      try Script("seed 5\nstore a\ncall get a step 1 number 2: request 1us reply 7ms hang"))
    var profile = FaultProfile()
    profile[.refused] = 1
    let calls = (1...2).map { FaultCall(leaf: "a", step: 1, operation: .get, number: $0) }
    #expect(faults.journey(of: calls[0], by: profile) == .base)
    #expect(
      faults.journey(of: calls[1], by: profile)
        == Journey(request: .microseconds(1), reply: .milliseconds(7), fault: .hang))
  }

  @Test("When it is calm nothing goes wrong any more, and nothing is written down") func calm() throws {
    for text in [
      "seed 5\nfaults drawn\nstore a", "seed 5\nstore a\ncall get a step 1 number 1: request 1us reply 7ms hang",
    ] {
      let faults = ScriptedFaults(try Script(text))
      var profile = FaultProfile()
      profile[.hang] = 1
      faults.calm()
      #expect(
        faults.journey(of: FaultCall(leaf: "a", step: 1, operation: .get, number: 1), by: profile) == .base)
      #expect(faults.calls.isEmpty)
    }
  }
}
