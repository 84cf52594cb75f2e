import MetaDriver
import TestSupport
import Testing

@testable import MetaDriverTesting

/// What scripts and scenarios say of clocks, and of stores that lose everything.
@Suite struct ClockScriptTests {
  /// A script with everything that a clock can do.
  static let text = """
    seed 17
    store a
    store b
    client 0 skew -3m
    client 1 skew 2d drift 1.01
    client 2 frozen
    client 3 drift 0.5
    step 1 client 0 at 10ms put k0
    at 40ms clock 0 by -3m
    at 41ms clock 1 by 90s for 1s
    at 42ms clock 0 frozen for 100ms
    at 43ms clock 1 drift 1.5
    at 44ms crash client 0 for 20ms clock -30s
    at 45ms wipe store a
    at 46ms wipe store b for 5ms
    """

  @Test("A script with clocks is read as it was written") func everything() throws {
    let script = try Script(Self.text)
    #expect("\(script)" == Self.text)
    #expect(
      script.clocks == [
        .init(ahead: .seconds(-180)), .init(ahead: .seconds(172_800), rate: 1.01), .init(rate: 0), .init(rate: 0.5),
      ])
    #expect(
      script.incidents.map(\.kind) == [
        .clockStep(0, by: .seconds(-180)), .clockStep(1, by: .seconds(90)), .clockRate(0, 0), .clockRate(1, 1.5),
        .clientCrash(0, clock: .seconds(-30)), .storeWipe("a"), .storeWipe("b"),
      ])
    #expect(
      script.incidents.map(\.duration) == [
        .zero, .seconds(1), .milliseconds(100), .zero, .milliseconds(20), .zero, .milliseconds(5),
      ])
  }

  @Test("How far a clock is off is printed in the largest unit that is exact, and read in all of them")
  func amounts() {
    for (duration, text) in [
      (.zero, "0s"), (.seconds(60), "1m"), (.seconds(-61), "-61s"), (.seconds(7_200), "2h"),
      (.seconds(-172_800), "-2d"), (.milliseconds(1_500), "1500ms"), (.nanoseconds(-1), "-1ns"),
      (Simulation.WallClock.since1970.ahead, "-20454d"),
    ] as [(Duration, String)] {
      #expect(duration.signedText == text)
      #expect(Duration(signedText: text) == duration)
    }
    #expect(Duration(signedText: "120m") == .seconds(7_200) && Duration(signedText: "24h") == .seconds(86_400))
    for text in ["", "-", "m", "1", "+1m", "1.5h", "40md", "5nd", "--1m", "1d1h", "106752d", "9223372036854775807h"] {
      #expect(Duration(signedText: text) == nil, "\(text)")
    }
  }

  @Test("What the clocks of a script show is what it says, before and after every incident") func shown() throws {
    let lines = Lines()
    let scenario = Scenario("clocks", stores: ["a"], guarantees: []) { $0[0] }
    let script = try Script(
      """
      seed 1
      store a
      client 0 skew 1s
      client 1 drift 2
      step 1 client 0 at 1ms get k0
      at 10ms clock 0 by -3m
      at 20ms clock 0 by 1h for 5ms
      at 30ms clock 0 frozen for 10ms
      at 50ms crash client 0 for 5ms clock -30s
      at 60ms clock 1 drift 1
      """)
    try Simulation(seed: 1) { world in
      let recorder = ScenarioRecorder([], script)
      async let course: Void = ScenarioCourse(scenario: scenario, script: script, world: world, recorder: recorder)
        .run()
      for moment in [5, 15, 22, 27, 35, 45, 58, 70] {
        try await world.sleep(until: .milliseconds(moment))
        let ahead = (0..<2).map { client in
          let process = world.process("client \(client)")
          let ahead = process.runtime.wallTime - Simulation.World.epoch - world.now
          #expect(ahead == process.wallClock.ahead)
          return ahead.signedText
        }
        lines.add("\(moment): \(ahead.joined(separator: " "))")
      }
      try await course
    }.run()
    #expect(
      lines.all == [
        "5: 1s 5ms", "15: -179s 15ms", "22: 3421s 22ms", "27: -179s 27ms", "35: -179005ms 35ms",
        "45: -179010ms 45ms", "58: -209010ms 58ms", "70: -209010ms 60ms",
      ])
  }

  private static func scenario(_ clocks: Scenario.Weather.Clocks) -> Scenario {
    var scenario = Scenario("made", stores: ["a", "b", "c"], guarantees: [], survives: 1) { $0[0] }
    scenario.clients = 3
    scenario.operations = 30
    scenario.weather.clientCrashes = 1
    scenario.weather.clocks = clocks
    return scenario
  }

  @Test("Each fault of clocks does what its name says, to as many clients as it says, and changes nothing else")
  func faults() throws {
    let all = Scenario.Weather.Clocks.faults
    #expect(Set(all.map(\.name)).count == all.count)
    for (name, clocks) in all {
      var (settings, freezes, changed, wrong) = (0, 0, 0, 0)
      for seed in seeds(0..<100) {
        let script = Self.scenario(clocks).script(seed: seed)
        #expect(try Script("\(script)") == script, "\(name), seed \(seed)")
        wrong += script.clocks.count { $0 != .right }
        #expect(script.clocks.allSatisfy { $0.ahead <= clocks.apart && .zero - clocks.apart <= $0.ahead })
        #expect(script.clocks.allSatisfy { clocks.rates.contains($0.rate) }, "\(name), seed \(seed)")
        var plain = script
        plain.clocks = [.right, .right, .right]
        plain.incidents = []
        for incident in script.incidents {
          switch incident.kind {
          case .clockStep(_, let change):
            settings += 1
            #expect(clocks.changes.contains(change) && (incident.duration > .zero) == clocks.isSetRight)
            let together = script.incidents.filter { $0.moment == incident.moment }
            #expect(together.count == (clocks.areAllSet ? 3 : 1), "\(name), seed \(seed)")
          case .clockRate(_, let rate):
            freezes += 1
            #expect(rate == 0 && incident.duration > .zero, "\(name), seed \(seed)")
          case .clientCrash(let client, let change):
            changed += change == .zero ? 0 : 1
            var crash = incident
            crash.kind = .clientCrash(client)
            plain.incidents.append(crash)
          default: plain.incidents.append(incident)
          }
        }
        let calm = Self.scenario(.agree).script(seed: seed)
        #expect(plain.steps == calm.steps, "\(name), seed \(seed)")
        #expect(plain.incidents.count == calm.incidents.count, "\(name), seed \(seed)")
      }
      #expect((settings > 100) == !clocks.changes.isEmpty, "\(name): \(settings)")
      #expect((freezes > 100) == (clocks.freezes > 0), "\(name): \(freezes)")
      #expect((changed > 20) == !clocks.restartChanges.isEmpty, "\(name): \(changed)")
      #expect((wrong > 200) == (clocks.apart > .zero || clocks.rates != 1...1), "\(name): \(wrong)")
    }
  }

  @Test("Without clocks and wipes a seed makes the same script as with them, but for those") func same() {
    for seed in seeds(0..<50) {
      let plain = Self.scenario(.agree).script(seed: seed)
      var scenario = Self.scenario(.restartBehind)
      scenario.weather.clocks.freezes = 2
      scenario.weather.clocks.rates = 0.5...2
      scenario.weather.wipes = 2
      var script = scenario.script(seed: seed)
      script.incidents.removeAll { incident in
        switch incident.kind {
        case .clockRate, .storeWipe: true
        default: false
        }
      }
      for index in script.incidents.indices {
        if case .clientCrash(let client, _) = script.incidents[index].kind {
          script.incidents[index].kind = .clientCrash(client)
        }
      }
      script.clocks = plain.clocks
      #expect(script == plain, "seed \(seed)")
    }
  }

  @Test("No more stores lose everything than may be lost, and where none may, none does", arguments: 0...2)
  func wipes(survives: Int) {
    var scenario = Self.scenario(.agree)
    scenario.survives = survives
    scenario.weather.wipes = 4
    var most = 0
    for seed in seeds(0..<100) {
      let wiped = scenario.script(seed: seed).incidents.compactMap { incident -> String? in
        if case .storeWipe(let store) = incident.kind { store } else { nil }
      }
      most = max(most, Set(wiped).count)
      #expect(Set(wiped).count <= survives, "seed \(seed)")
    }
    #expect(most == survives)
  }

  @Test("A store that lost everything comes back empty, and one fewer is lost in the audits") func wiped() throws {
    let scenario = Scenario("first", stores: ["a", "b", "c"], guarantees: [], survives: 2) { $0[0] }
    let trial = try scenario.run(
      Script(
        """
        seed 1
        store a
        store b
        store c
        client 0
        step 1 client 0 at 1ms put k0
        step 2 client 0 at 100ms get k0
        at 50ms wipe store a for 20ms
        """))
    #expect(trial.failure == nil, "\(trial)")
    #expect(trial.report.trace.contains { $0.hasSuffix("a loses everything") })
    #expect(
      trial.history.operations.compactMap(\.audit) == ["all are up", "a down", "b down", "c down"], "\(trial)")
    #expect(trial.history.operations.first { $0.id == 2 }?.kind == .get(nil), "\(trial)")
  }

  @Test(
    "What clocks do is left out of a small script, or else made small and round",
    arguments: [
      (["client 0 skew 17000001us drift 1.2345"], 9, "client 0 skew 10s"),
      (["at 15ms clock 0 by 1001001us for 2500ms"], 0, "at 15ms clock 0 by 1ms"),
      (["client 0 skew -3m", "at 15ms clock 0 by 7201s for 2500ms"], 50, "at 15ms clock 0 by 1m"),
      (["at 25ms crash client 0 for 20ms clock 12345ms"], 9, "at 25ms crash client 0 for 20ms clock 10s"),
      (["client 0 drift 3.33"], 0, "client 0 drift 2.0"),
    ] as [([String], Int64, String)]) func shrinks(lines: [String], seconds: Int64, expected: String) async throws
  {
    // A put that is told to be stored, and is not, by a client whose clock is so far ahead.
    let scenario = {
      var scenario = Scenario("ahead", stores: ["a"], guarantees: [.durable]) { leaves in
        LosesWhenAhead(base: leaves[0], limit: .seconds(seconds))
      }
      scenario.clients = 1
      scenario.weather = .calm
      return scenario
    }()
    let beginning = lines.filter { $0.hasPrefix("client") }
    let script = try Script(
      """
      seed 1
      store a
      \(beginning.first ?? "client 0")
      step 1 client 0 at 5ms put k0
      step 2 client 0 at 205ms put k0
      step 3 client 0 at 305ms put k0
      \(lines.filter { !beginning.contains($0) }.joined(separator: "\n"))
      at 14ms clock 0 by -2us
      at 16ms clock 0 frozen for 1ms
      """)
    let trial = try await apart { try scenario.run(script, keepsTrace: false) }
    #expect(!trial.isPassed, "\(trial)")
    let small = try await apart { scenario.shrink(trial) }
    let text = "\(small)".split(separator: "\n").filter { $0.contains("clock") || $0.hasPrefix("client 0 ") }
    #expect(text == [Substring(expected)], "\(small)")
  }
}

/// Loses puts, and says that they are stored, where the wall clock is ahead.
private struct LosesWhenAhead: Modifier {
  let base: Faulty
  let limit: Duration
  var outline: Outline { Outline(modifier: "LosesWhenAhead", of: base.outline) }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    let ahead = context.runtime.wallTime - Simulation.World.epoch - context.runtime.now
    if ahead > limit { return Receipt(.stored) }
    return try await context.put(record, at: key, to: base)
  }
}
