import MetaDriver
import TestSupport
import Testing

@testable import MetaDriverTesting

@Suite struct ScenarioScriptTests {
  private static var scenario: Scenario {
    var scenario = Scenario("made", stores: ["a", "b", "c"], guarantees: []) { $0[0] }
    scenario.clients = 3
    scenario.keys = 2
    scenario.operations = 30
    scenario.reads = 0.6
    scenario.deletes = 0.25
    scenario.weather.clientCrashes = 0.5
    scenario.weather.storeCrashes = 2
    scenario.weather.cuts = 1.25
    scenario.weather.skew = .milliseconds(40)
    return scenario
  }

  @Test("One seed makes one script, and another seed another") func seeded() {
    let scenario = Self.scenario
    var scripts: Set<Script> = []
    for seed in seeds(0..<100) {
      let script = scenario.script(seed: seed)
      #expect(script == scenario.script(seed: seed), "seed \(seed)")
      #expect(scripts.insert(script).inserted, "seed \(seed)")
    }
  }

  @Test("A script has the stores, clients, steps and keys that the scenario asks for, within its limits") func shape() {
    let scenario = Self.scenario
    for seed in seeds(0..<200) {
      let script = scenario.script(seed: seed)
      #expect(script.seed == seed && script.stores == ["a", "b", "c"] && script.calls == nil)
      #expect(script.clocks.count == 3, "seed \(seed)")
      let limits = Duration.milliseconds(-40)...Duration.milliseconds(40)
      #expect(script.clocks.allSatisfy { limits.contains($0.ahead) && $0.rate == 1 }, "seed \(seed)")
      #expect(script.steps.map(\.number).sorted() == Array(1...30), "seed \(seed)")
      #expect(script.steps.allSatisfy { (0..<3).contains($0.client) && (0..<2).contains($0.key) }, "seed \(seed)")
      #expect(script.steps.map(\.moment) == script.steps.map(\.moment).sorted(), "seed \(seed)")
      let end = script.steps.last?.moment ?? .zero
      for incident in script.incidents {
        #expect((.zero...end).contains(incident.moment) && incident.duration >= Script.baseDelay, "seed \(seed)")
        switch incident.kind {
        case .clientCrash(let client, let clock): #expect((0..<3).contains(client) && clock == .zero, "seed \(seed)")
        case .storeCrash(let store): #expect(script.stores.contains(store), "seed \(seed)")
        case .cut(let client, let store):
          #expect((0..<3).contains(client) && script.stores.contains(store), "seed \(seed)")
        case .clockStep, .clockRate, .storeWipe: Issue.record("seed \(seed): nobody asked for \(incident.kind)")
        }
      }
    }
  }

  @Test("On average there is as much of everything as the scenario says") func averages() {
    let scripts = (0..<2_000).map { Self.scenario.script(seed: $0) }
    func average(_ count: (Script) -> Double) -> Double { scripts.map(count).reduce(0, +) / Double(scripts.count) }
    func expect(_ name: String, _ average: Double, near expected: Double) {
      #expect(abs(average - expected) < 0.05 * expected, "\(name): \(average) and not \(expected)")
    }
    expect("reads", average { script in Double(script.steps.count { $0.action == .get }) }, near: 18)
    expect("deletes", average { script in Double(script.steps.count { $0.action == .delete }) }, near: 3)
    expect("puts", average { script in Double(script.steps.count { $0.action == .put }) }, near: 9)
    for client in 0..<3 {
      expect("steps of a client", average { script in Double(script.steps.count { $0.client == client }) }, near: 10)
    }
    expect("steps of a key", average { script in Double(script.steps.count { $0.key == 1 }) }, near: 15)
    func incidents(_ isKind: @escaping (Script.Incident.Kind) -> Bool) -> Double {
      average { script in Double(script.incidents.count { isKind($0.kind) }) }
    }
    expect("client crashes", incidents { if case .clientCrash = $0 { true } else { false } }, near: 0.5)
    expect("store crashes", incidents { if case .storeCrash = $0 { true } else { false } }, near: 2)
    expect("cuts", incidents { if case .cut = $0 { true } else { false } }, near: 1.25)
    let durations = scripts.flatMap { $0.incidents.map { Double($0.duration.nanoseconds) / 1e6 } }
    expect("milliseconds of an incident", durations.reduce(0, +) / Double(durations.count), near: 100)
    // A client's steps are 20 ms apart.
    expect(
      "milliseconds of a run",
      average { script in
        (0..<3).map { client in Double(script.steps.last { $0.client == client }?.moment.nanoseconds ?? 0) / 1e6 }
          .reduce(0, +)
      }, near: 30 * 20)
  }

  @Test("In fair weather nothing is in a script but steps") func fair() {
    var scenario = Self.scenario
    scenario.weather = Scenario.Weather()
    for seed in seeds(0..<50) {
      let script = scenario.script(seed: seed)
      #expect(script.incidents.isEmpty && script.clocks == [.right, .right, .right], "seed \(seed)")
    }
  }

  @Test("Without operations there is nothing to do, and nothing to find") func nothing() throws {
    var scenario = Self.scenario
    scenario.operations = 0
    scenario.weather = Scenario.Weather()
    let trial = try scenario.run(seed: 1)
    #expect(trial.isPassed && trial.history.operations.isEmpty && trial.script.steps.isEmpty)
  }

  // MARK: What no script can say

  @Test(
    "A store whose name cannot stand in a script is refused", arguments: ["", "a b", "a:b", "a#", "\u{a0}a", "a\n"])
  func names(name: String) async {
    await #expect(processExitsWith: .failure) { [name] in _ = Scenario.Store(name) }
    await #expect(processExitsWith: .failure) { [name] in
      var store: Scenario.Store = "a"
      store.name = name
    }
  }

  @Test("The refusal names the name") func message() async throws {
    let result = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Scenario.Store("eu west") })
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(text.contains("a store's name is one word without ':' and '#', and not \"eu west\""), "\(text)")
  }

  @Test(
    "Names that a script can hold come back from it", arguments: ["a", "eu-west-1", "-", "step", "é", "\u{301}x", "😀"])
  func goodNames(name: String) throws {
    let scenario = Scenario("one", stores: [.init(name)], guarantees: []) { $0[0] }
    #expect(try Script("\(scenario.script(seed: 1))").stores == [name])
    #expect(try scenario.run(Script("\(scenario.run(seed: 1).script)")).isPassed)
  }

  @Test("A scenario of which no script can be made is refused") func impossible() async {
    await #expect(processExitsWith: .failure) { _ = Scenario("no stores", stores: [], guarantees: []) { $0[0] } }
    await #expect(processExitsWith: .failure) { _ = Scenario("twice", stores: ["a", "a"], guarantees: []) { $0[0] } }
    await #expect(processExitsWith: .failure) {
      _ = Scenario("all lost", stores: ["a"], guarantees: [], survives: 1) { $0[0] }
    }
    await #expect(processExitsWith: .failure) {
      var scenario = Scenario("no clients", stores: ["a"], guarantees: []) { $0[0] }
      scenario.clients = 0
      _ = scenario.script(seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      var scenario = Scenario("fewer than none", stores: ["a"], guarantees: []) { $0[0] }
      scenario.operations = -1
      _ = scenario.script(seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      var scenario = Scenario("always", stores: ["a"], guarantees: []) { $0[0] }
      scenario.weather.cuts = .infinity
      _ = scenario.script(seed: 1)
    }
  }
}
