import MetaDriver
import SimulationScenarios
import TestSupport
import Testing

@testable import MetaDriverTesting

@Suite struct SimulationExploreTests {
  /// A mistake, and no promise but the one that it breaks.
  private static func scenario(_ mutant: Mutant) -> Scenario {
    var scenario = mutant.scenario(isOn: true)
    scenario.guarantees = [mutant.guarantee]
    return scenario
  }

  @Test("Where every run holds, there is no counterexample") func sound() throws {
    #expect(try Simulation.explore(seeds: 0..<5, Healthy.quorum.scenario) == nil)
    #expect(try Simulation.explore(seeds: [UInt64](), Mutant.putsOvertake.scenario(isOn: true)) == nil)
  }

  @Test(
    "The seeds are tried in their order, and the first that fails is reported",
    arguments: [Mutant.readOneWriteOne, .readTwoWriteOne])
  func first(mutant: Mutant) async throws {
    let scenario = Self.scenario(mutant)
    let failing = try await apart {
      try (UInt64(0)..<40).filter { try !scenario.run(seed: $0, keepsTrace: false).isPassed }
    }
    let (first, last) = (try #require(failing.first), try #require(failing.last))
    #expect(try Simulation.explore(seeds: 0..<40, scenario, shrinks: false)?.seed == first)
    #expect(try Simulation.explore(seeds: (0..<40).reversed(), scenario, shrinks: false)?.seed == last)
    #expect(
      try Simulation.explore(seeds: [first + 1, last, first], scenario, shrinks: false)?.seed
        == (failing.contains(first + 1) ? first + 1 : last))
  }

  @Test("Without shrinking, the counterexample is the run as it was") func unshrunk() async throws {
    let scenario = Self.scenario(.putsOvertake)
    let found = try #require(
      try await apart { try Simulation.explore(seeds: 0..<300, scenario, shrinks: false) })
    let run = try scenario.run(seed: found.seed)
    #expect(found.trial.script == run.script && found.original == run.script)
    #expect(found.trial.history == run.history && found.trial.violations == run.violations)
    #expect(found.trial.report.traceHash == run.report.traceHash && found.trial.report.trace == run.report.trace)
    #expect(found.scenario == scenario.name)
  }

  // S6
  @Test(
    "What a counterexample prints runs again, and fails in the same way",
    arguments: [Mutant.putsOvertake, .readOneWriteOne])
  func replays(mutant: Mutant) async throws {
    let scenario = Self.scenario(mutant)
    let found = try #require(try await apart { try Simulation.explore(seeds: 0..<300, scenario) })
    let again = try scenario.run(Script("\(found.trial.script)"))
    #expect(again.violations == found.trial.violations && !again.isPassed, "\(found)")
    #expect(again.history == found.trial.history, "\(found)")
    #expect(again.report.trace == found.trial.report.trace, "\(found)")
    // Its description holds the script, line by line.
    let lines = "\(found)".split(separator: "\n").map { $0.drop { $0 == " " } }
    for line in "\(found.trial.script)".split(separator: "\n") { #expect(lines.contains(line), "\(line)\n\(found)") }
    // And what was left out of the original makes it smaller.
    #expect(found.trial.script.steps.count < found.original.steps.count)
    #expect(found.trial.violations.contains { $0.guarantee == mutant.guarantee })
  }

  @Test("Nothing more can be left out of a counterexample") func minimal() async throws {
    let scenario = Self.scenario(.putsOvertake)
    let found = try #require(try await apart { try Simulation.explore(seeds: 0..<300, scenario) }).trial
    func fails(_ change: (inout Script) -> Void) throws -> Bool {
      var script = found.script
      change(&script)
      return try scenario.run(script, keepsTrace: false).violations.contains { $0.guarantee == .readYourWrites }
    }
    #expect(try fails { _ in })
    for index in found.script.steps.indices { #expect(try !fails { $0.steps.remove(at: index) }, "\(found)") }
    let calls = try #require(found.script.calls)
    for index in calls.indices where calls[index].journey != .base {
      #expect(try !fails { $0.calls?.remove(at: index) }, "\(found)")
    }
  }

  // The second read meets the late put only because it waits for the first: alone, it would come too early.
  @Test("A step that only made the next one wait is left out") func waiting() throws {
    let text = """
      seed 1
      store a
      store b
      store c
      client 0
      step 1 client 0 at 10ms put k0
      step 2 client 0 at 50ms put k0
      step 3 client 0 at 100ms get k0
      step 4 client 0 at 101ms get k0
      call put b step 1 number 1: request 150ms reply 1ms
      call put c step 2 number 1: request 1ms reply 1ms hang
      call get b step 3 number 1: request 1ms reply 70ms
      call get c step 3 number 1: request 1ms reply 80ms
      call get a step 4 number 1: request 1ms reply 8ms
      """
    let scenario = Self.scenario(.putsOvertake)
    let trial = try scenario.run(Script(text))
    #expect(trial.violations.map(\.guarantee) == [.readYourWrites], "\(trial)")
    let small = scenario.shrink(trial)
    #expect(small.steps.map(\.number) == [1, 2, 4], "\(small)")
    #expect(try !scenario.run(small).isPassed, "\(small)")
  }

  @Test("A tree that does not compose is no failure of the tree, but of the scenario") func composition() {
    let scenario = Scenario("too few", stores: ["a", "b", "c"], guarantees: [.regular]) { leaves in
      Quorum(read: 1, write: 1) { for leaf in leaves { leaf } }
    }
    let error = #expect(throws: CompositionError.self) { try Simulation.explore(seeds: 0..<3, scenario) }
    #expect(error?.strategy == "too few")
    #expect(throws: CompositionError.self) { try scenario.run(seed: 1) }
  }

  @Test("What the tree's closure throws comes out, at the beginning or in a later life") func closure() throws {
    struct NoLicence: Error {}
    let scenario = Scenario("unlicensed", stores: ["a"], guarantees: [.regular]) { _ in throw NoLicence() }
    #expect(throws: NoLicence.self) { try Simulation.explore(seeds: 0..<3, scenario) }

    let lives = Counter()
    let later = Scenario("expired", stores: ["a"], guarantees: [.regular]) { leaves in
      lives.add(1)
      if lives.value > 1 { throw NoLicence() }
      return leaves[0]
    }
    let script = try Script(
      """
      seed 1
      store a
      client 0
      step 1 client 0 at 1ms put k0
      step 2 client 0 at 50ms get k0
      at 10ms crash client 0 for 10ms
      """)
    #expect(throws: NoLicence.self) { try later.run(script) }
  }

  @Test("A client that does not run when its step is due leaves it out, and goes on in its next life")
  func crashedClient() throws {
    let scenario = Scenario("one", stores: ["a"], guarantees: [.regular, .durable]) { $0[0] }
    let trial = try scenario.run(
      Script(
        """
        seed 1
        store a
        client 0
        client 1
        step 1 client 0 at 1ms put k0
        step 2 client 0 at 15ms put k0
        step 3 client 0 at 50ms get k0
        call put a step 1 number 1: request 20ms reply 1ms
        at 10ms crash client 0 for 10ms
        """))
    #expect(trial.isPassed, "\(trial)")
    // The first was sent before the crash and arrives after it: nobody was told.
    let operations = trial.history.operations.filter { $0.audit == nil }
    #expect(operations.map(\.id) == [1, 3], "\(trial)")
    #expect(operations.map(\.outcome) == [.unknown, .ok(at: 52_000_000)], "\(trial)")
    #expect(operations.map(\.kind) == [.put(1), .get(1)], "\(trial)")
    // Each life is a session of its own.
    #expect(operations.map(\.session) == [0, 2], "\(trial)")
  }

  @Test("A simulation that fails is a counterexample too, and is made smaller") func failure() async throws {
    /// Answers puts in turn, the second of them never in any number of steps.
    struct Spinning: Modifier {
      let base: Faulty
      var outline: Outline { Outline(modifier: "Spinning", of: base.outline) }
      func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
        let receipt = try await context.put(record, at: key, to: base)
        while context.runtime.now >= .zero, base.contents.count == 2 { try await context.runtime.sleep(for: .zero) }
        return receipt
      }
    }
    var scenario = Scenario("spinning", stores: ["a"], guarantees: [.regular]) { Spinning(base: $0[0]) }
    scenario.stepLimit = 5_000
    scenario.keys = 2
    scenario.weather = .calm
    let small = try await apart { [scenario] in try Simulation.explore(seeds: seeds(0..<20), scenario) }
    let found = try #require(small)
    guard case .stepLimit? = found.trial.failure?.cause else { return #expect(Bool(false), "\(found)") }
    #expect(found.trial.script.steps.map(\.action) == [.put, .put], "\(found)")
    #expect("\(found)".contains("there was no end after 5000 steps"), "\(found)")
  }
}
