import MetaDriver
import SimulationScenarios
import TestSupport
import Testing

@testable import MetaDriverTesting

@Suite struct ScriptTests {
  /// A script with one of everything.
  private static let text = """
    seed 17
    store a
    store b
    client 0 skew -20ms
    client 1
    step 1 client 0 at 10ms put k0
    step 3 client 1 at 30ms get k12
    step 2 client 0 at 1500us delete k0
    call put b step 1 number 1: request 45ms reply 1ms lostReply
    call get a step - number 2: request 1ns reply 0s cancellable reordered 1us
    at 40ms crash client 0 for 20ms
    at 41ms crash store b for 0s
    at 42ms cut client 1 from a for 3s
    """
  private static let valid = text.replacing("get a step -", with: "put a step -")

  @Test("A script is read as it was written") func everything() throws {
    let script = try Script(Self.valid)
    #expect("\(script)" == Self.valid)
    #expect(script.seed == 17 && script.stores == ["a", "b"])
    #expect(script.clocks == [.init(ahead: .milliseconds(-20)), .right])
    #expect(script.steps.map(\.number) == [1, 3, 2] && script.steps.map(\.key) == [0, 12, 0])
    #expect(script.steps.map(\.action) == [.put, .get, .delete] && script.steps.map(\.client) == [0, 1, 0])
    #expect(script.steps.map(\.moment) == [.milliseconds(10), .milliseconds(30), .microseconds(1_500)])
    #expect(
      script.calls == [
        .init(
          call: .init(leaf: "b", step: 1, operation: .put, number: 1),
          journey: .init(request: .milliseconds(45), reply: .milliseconds(1), fault: .lostReply)),
        .init(
          call: .init(leaf: "a", step: nil, operation: .put, number: 2),
          journey: .init(
            request: .nanoseconds(1), reply: .zero, fault: .reordered(.microseconds(1)), isCancellable: true)),
      ])
    #expect(script.incidents.map(\.kind) == [.clientCrash(0), .storeCrash("b"), .cut(client: 1, store: "a")])
    #expect(script.incidents.map(\.duration) == [.milliseconds(20), .zero, .seconds(3)])
    #expect(script.size == "2 writes, 1 read, 2 stores, 2 disturbed calls, 3 incidents")
  }

  @Test("Comments, empty lines, indentation, the order of the lines and the line ends of other systems mean nothing")
  func layout() throws {
    let script = try Script(Self.valid)
    let lines = Self.valid.split(separator: "\n").map { String($0) }
    let layouts = [
      lines.joined(separator: "\r\n") + "\r\n", lines.map { "\t  \($0)  # and so on" }.joined(separator: "\n\n# no\n"),
      lines.map { $0.replacing(" ", with: " \t ") }.joined(separator: "\n"),
      (lines[1...] + [lines[0]]).joined(separator: "\n"),
    ]
    for text in layouts { #expect(try Script(text) == script, "\(text)") }
  }

  @Test("With faults drawn, nothing is said of calls") func drawn() throws {
    let script = try Script("seed 1\nfaults drawn\nstore a")
    #expect(script.calls == nil && "\(script)" == "seed 1\nfaults drawn\nstore a")
    #expect(try Script("seed 1\nstore a").calls == [])
  }

  @Test("A call that nothing happens to need not be written, and is not") func baseCalls() throws {
    let script = try Script("seed 1\nstore a\ncall put a step 1 number 1: request 1ms reply 1ms")
    #expect("\(script)" == "seed 1\nstore a")
    #expect(script.size == "0 writes, 0 reads, 1 store, 0 disturbed calls, 0 incidents")
  }

  // MARK: Round trips

  @Test("What a seed makes of a scenario is the same after it was printed and read", arguments: AnyScenario.all)
  func drawnRoundTrip(scenario: AnyScenario) throws {
    for seed in seeds(0..<100) {
      let script = scenario.scenario.script(seed: seed)
      let isSame = try Script("\(script)") == script
      #expect(isSame, "seed \(seed)")
    }
  }

  @Test("A script with what became of every call is the same after it was printed and read", arguments: AnyScenario.all)
  func listedRoundTrip(scenario: AnyScenario) async throws {
    for seed in seeds(0..<10) {
      var script = try await apart { try scenario.scenario.run(seed: seed, keepsTrace: false).script }
      let read = try Script("\(script)")
      let isSameText = "\(read)" == "\(script)"
      script.calls?.removeAll { $0.journey == .base }
      let isSame = read == script
      #expect(isSameText && isSame, "seed \(seed)")
    }
  }

  // MARK: Bad lines

  private static let units = "is not a whole number of ns, us, ms, s, m, h or d, such as -40ms"
  private static let rates = "is not a number of seconds in a second from 0 to 1000, such as 1.01"
  private static let bad: [(line: String, message: String)] = [
    ("sed 1", "'sed' begins no line: seed, faults, store, client, step, call and at do"),
    ("seed 18", "the seed is given a second time"),
    ("seed", "the seed is given a second time"),
    ("faults", "the word 'drawn' is missing"),
    ("faults listed", "'listed' stands where 'drawn' was expected"),
    ("store", "the store is missing"),
    ("store a", "the store 'a' is there already"),
    ("store c d", "'d' stands where the line should end"),
    ("store c:d", "the store 'c:d' has a ':' in its name"),
    ("client", "the client is missing"),
    ("client 0", "client 0 where client 2 was expected: they are numbered from 0"),
    ("client 3", "client 3 where client 2 was expected: they are numbered from 0"),
    ("client two", "the client 'two' is not a whole number from 0 to 9223372036854775807"),
    ("client -1", "the client '-1' is not a whole number from 0 to 9223372036854775807"),
    ("client 2 skewed 1ms", "'skewed' stands where 'skew' or 'drift' or 'frozen' was expected"),
    ("client 2 skew", "the skew is missing"),
    ("client 2 skew -", "the skew '-' \(units)"),
    ("client 2 skew --1ms", "the skew '--1ms' \(units)"),
    ("client 2 skew 1w", "the skew '1w' \(units)"),
    ("client 2 skew 40md", "the skew '40md' \(units)"),
    ("client 2 skew 106752d", "the skew '106752d' \(units)"),
    ("client 2 skew 1ms 2ms", "'2ms' stands where 'drift' or 'frozen' was expected"),
    ("client 2 drift 2 skew 1ms", "'skew' stands where the end of the line was expected"),
    ("client 2 frozen frozen", "'frozen' stands where the end of the line was expected"),
    ("client 2 drift", "the drift is missing"),
    ("client 2 drift -1", "the drift '-1' \(rates)"),
    ("client 2 drift nan", "the drift 'nan' \(rates)"),
    ("client 2 drift 1001", "the drift '1001' \(rates)"),
    ("step", "the number of the step is missing"),
    ("step x", "the number of the step 'x' is not a whole number from 0 to 2147483647"),
    ("step 2147483648", "the number of the step '2147483648' is not a whole number from 0 to 2147483647"),
    ("step 0 client 0 at 1ms put k0", "the number of the step is 0: they begin with 1"),
    ("step 4 klient 0", "'klient' stands where 'client' was expected"),
    ("step 4 client", "the client is missing"),
    ("step 4 client 0 on", "'on' stands where 'at' was expected"),
    ("step 4 client 0 at", "the moment is missing"),
    ("step 4 client 0 at soon", "the moment 'soon' is not a whole number of ns, us, ms or s, such as 40ms"),
    ("step 4 client 0 at -1ms", "the moment '-1ms' is not a whole number of ns, us, ms or s, such as 40ms"),
    ("step 4 client 0 at 1ms", "the action is missing"),
    ("step 4 client 0 at 1ms list k0", "the action 'list' is none of get, stat, put and delete"),
    ("step 4 client 0 at 1ms put", "the key is missing"),
    ("step 4 client 0 at 1ms put 0", "the key '0' is not k0, k1 and so on"),
    ("step 4 client 0 at 1ms put k", "the key 'k' is not k0, k1 and so on"),
    ("step 4 client 0 at 1ms put k-1", "the key 'k-1' is not k0, k1 and so on"),
    ("step 4 client 0 at 1ms put k0 k1", "'k1' stands where the line should end"),
    ("step 3 client 0 at 1ms put k0", "step 3 is there already"),
    ("step 4 client 2 at 1ms put k0", "there is no line 'client 2'"),
    ("call", "the operation is missing"),
    ("call post a", "the operation 'post' is none"),
    ("call put", "the store is missing"),
    ("call put a stop", "'stop' stands where 'step' was expected"),
    ("call put a step", "the step is missing"),
    ("call put a step x", "the step 'x' is not a whole number from 0 to 9223372036854775807"),
    ("call put a step 1", "the word 'number' is missing"),
    ("call put a step 1 number", "the number of the call is missing"),
    ("call put a step 1 number 1: request", "the request is missing"),
    (
      "call put a step 1 number 1.5:",
      "the number of the call '1.5' is not a whole number from 0 to 9223372036854775807"
    ),
    ("call put a step 1 number 1: request 1ms", "the word 'reply' is missing"),
    (
      "call put a step 1 number 1: request 1 reply 1ms",
      "the request '1' is not a whole number of ns, us, ms or s, such as 40ms"
    ),
    (
      "call put a step 1 number 1: request 1ms reply 9223372037s",
      "the reply '9223372037s' is not a whole number of ns, us, ms or s, such as 40ms"
    ),
    (
      "call put a step 1 number 1: request 1ms reply 1ms explode",
      "\"explode\" is no fault: the kind \"explode\" is none of "
        + "\(Fault.Kind.allCases.map(\.description).joined(separator: ", "))"
    ),
    (
      "call put a step 1 number 1: request 1ms reply 1ms reordered",
      "\"reordered\" is no fault: reordered needs a duration behind it, such as 40ms"
    ),
    (
      "call put a step 1 number 1: request 1ms reply 1ms hang 1ms",
      "\"hang 1ms\" is no fault: hang takes nothing more, and \"1ms\" follows"
    ),
    ("call put a step 1 number 1: request 1ms reply 1ms staleRead", "a put cannot suffer staleRead"),
    ("call put c step 1 number 1: request 1ms reply 1ms", "there is no line 'store c'"),
    ("call put b step 1 number 1: request 2ms reply 1ms", "the call 'put b step 1 number 1' is there already"),
    ("at", "the moment is missing"),
    ("at 1ms", "the incident is missing"),
    ("at 1ms burn store a", "the incident 'burn' is none of crash, cut, clock and wipe"),
    ("at 1ms clock", "the client is missing"),
    ("at 1ms clock 0", "the word 'by', 'drift' or 'frozen' is missing"),
    ("at 1ms clock 0 to 1ms", "'to' stands where 'by', 'drift' or 'frozen' was expected"),
    ("at 1ms clock 0 by", "the change is missing"),
    ("at 1ms clock 0 by now", "the change 'now' \(units)"),
    ("at 1ms clock 0 drift fast", "the drift 'fast' \(rates)"),
    ("at 1ms clock 0 by 1ms until", "'until' stands where 'for' was expected"),
    ("at 1ms clock 2 by 1ms", "there is no line 'client 2'"),
    ("at 1ms clock 2 frozen", "there is no line 'client 2'"),
    ("at 1ms crash client 0 for 1ms clock", "the change is missing"),
    ("at 1ms crash client 0 for 1ms clock soon", "the change 'soon' \(units)"),
    ("at 1ms crash store a for 1ms clock 1s", "'clock' stands where the line should end"),
    ("at 1ms wipe a", "'a' stands where 'store' was expected"),
    ("at 1ms wipe store", "the store is missing"),
    ("at 1ms wipe store c", "there is no line 'store c'"),
    ("at 1ms wipe store a for", "the duration is missing"),
    ("at 1ms crash", "the word 'client' or 'store' is missing"),
    ("at 1ms crash all", "'all' stands where 'client' or 'store' was expected"),
    ("at 1ms crash client x", "the client 'x' is not a whole number from 0 to 9223372036854775807"),
    ("at 1ms crash store a", "the word 'for' is missing"),
    ("at 1ms crash store a for", "the duration is missing"),
    ("at 1ms crash store a for ever", "the duration 'ever' is not a whole number of ns, us, ms or s, such as 40ms"),
    ("at 1ms crash store c for 1ms", "there is no line 'store c'"),
    ("at 1ms crash client 2 for 1ms", "there is no line 'client 2'"),
    ("at 1ms cut store a", "'store' stands where 'client' was expected"),
    ("at 1ms cut client 0 of a", "'of' stands where 'from' was expected"),
    ("at 1ms cut client 0 from", "the store is missing"),
    ("at 1ms cut client 0 from c for 1ms", "there is no line 'store c'"),
    ("at 1ms cut client 2 from a for 1ms", "there is no line 'client 2'"),
    ("at 1ms cut client 0 from a for 1ms 2ms", "'2ms' stands where the line should end"),
  ]

  @Test("A bad line is named, with the field and what is wrong with it", arguments: bad)
  func badLine(line: String, message: String) throws {
    let count = Self.valid.split(separator: "\n").count
    let error = #expect(throws: Script.ParseError.self) { try Script(Self.valid + "\n" + line) }
    #expect(error?.description == "line \(count + 1): \(message)")
  }

  @Test("What is missing altogether is named without a line") func missing() {
    for (text, message) in [
      ("", "there is no line 'seed NUMBER'"), ("# nothing\n\n", "there is no line 'seed NUMBER'"),
      ("store a", "there is no line 'seed NUMBER'"), ("seed 1", "there is no line 'store NAME'"),
      (
        "seed 1\nfaults drawn\nstore a\ncall get a step - number 1: request 1ms reply 1ms",
        "line 4: a call, although the faults are drawn"
      ),
      ("seed -1", "line 1: the seed '-1' is not a whole number from 0 to 18446744073709551615"),
      ("store a\nseed", "line 2: the seed is missing"),
    ] {
      let error = #expect(throws: Script.ParseError.self) { try Script(text) }
      #expect(error?.description == message)
    }
  }

  // MARK: Anything

  @Test("Whatever is made of a script, it is an error with its line, or a script that prints and reads the same")
  func mutations() throws {
    let scenario = Healthy.quorum.scenario
    let good = try [
      Self.valid, ClockScriptTests.text, "\(scenario.script(seed: 1))",
      "\(scenario.run(seed: 2, keepsTrace: false).script)",
    ].map { Array($0.unicodeScalars) }
    let scalars = Array("0129:#-+ksmn \n\r\t\u{0}\u{301}\u{200d}\u{a0}\u{2028}é😀".unicodeScalars)
    for seed in seeds(0..<3_000) {
      var generator = SeededGenerator(seed: seed)
      var text = good[Int(seed % UInt64(good.count))]
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<text.count, using: &generator)
        let other = Int.random(in: 0..<text.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: text[place] = scalars.randomElement(using: &generator) ?? "x"
        case 1: text.insert(scalars.randomElement(using: &generator) ?? "x", at: place)
        case 2: text.remove(at: place)
        case 3: text.swapAt(place, other)
        default:
          // Whole lines: one is left out, put in twice, or moved.
          var lines = text.split(separator: "\n").map(Array.init)
          guard lines.count > 2 else { continue }
          let line = lines.remove(at: Int.random(in: lines.indices, using: &generator))
          for _ in 0..<Int.random(in: 0...2, using: &generator) {
            lines.insert(line, at: Int.random(in: lines.indices, using: &generator))
          }
          text = Array(lines.joined(separator: ["\n"]))
        }
        guard !text.isEmpty else { break }
      }
      var changed = String.UnicodeScalarView()
      changed.append(contentsOf: text)
      do throws(Script.ParseError) {
        let script = try Script(String(changed))
        let again = try Script("\(script)")
        #expect("\(again)" == "\(script)", "seed \(seed): \(String(changed))")
        #expect(again.steps == script.steps && again.incidents == script.incidents, "seed \(seed)")
        #expect(again.stores == script.stores && again.clocks == script.clocks, "seed \(seed)")
      } catch {
        let count = text.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect((0...count).contains(error.line) && !error.reason.isEmpty, "seed \(seed): \(error)")
      }
    }
  }

  @Test("A script at the limits of its numbers runs, and nothing overflows") func extremes() throws {
    var scenario = Scenario("one", stores: ["a"], guarantees: [.regular]) { $0[0] }
    scenario.weather.faults.delay = .constant(.seconds(1))
    let trial = try scenario.run(
      Script(
        """
        seed 18446744073709551615
        store a
        client 0 skew 9223372036s
        client 1 skew -9223372036s
        step 2147483647 client 0 at 9223372036854775807ns put k9223372036854775807
        step 2147483646 client 1 at 9223372036854775806ns get k9223372036854775807
        call put a step 2147483647 number 1: request 9223372036s reply 9223372036s
        at 9223372036854775807ns crash store a for 9223372036854775807ns
        """))
    #expect(trial.failure == nil, "\(trial)")
    #expect(trial.history.operations.count == 3)
  }
}
