import Testing

@testable import MetaDriverTesting

@Suite struct SimulationTraceTests {
  @Test(
    "It keeps the last thousand lines, the oldest first", arguments: [0, 1, 999, 1_000, 1_001, 1_500, 2_000, 3_456])
  func lines(count: Int) {
    var trace = SimulationTrace(keepsLines: true)
    for number in 0..<count { trace.append("\(number)") }
    #expect(trace.lines == (max(0, count - 1_000)..<max(count, 0)).map(String.init))
  }

  @Test("Without lines to keep, nobody writes them") func noLines() {
    var trace = SimulationTrace(keepsLines: false)
    func line() -> String {
      Issue.record("a line was written")
      return ""
    }
    trace.append(line())
    #expect(trace.lines.isEmpty)
  }

  @Test("The hash depends on every number, every letter, and their order") func hash() {
    func hash(_ mix: (inout SimulationTrace) -> Void) -> UInt64 {
      var trace = SimulationTrace(keepsLines: false)
      mix(&trace)
      return trace.hash
    }
    let hashes = [
      hash { _ in }, hash { $0.mix(0) }, hash { $0.mix(1) }, hash { $0.mix(0, 0) }, hash { $0.mix(0, 1) },
      hash { $0.mix(1, 0) }, hash { $0.mix("") }, hash { $0.mix("a") }, hash { $0.mix("b") }, hash { $0.mix("ab") },
      hash { $0.mix("ba") },
      hash {
        $0.mix("a")
        $0.mix("b")
      },
      hash {
        $0.mix("b")
        $0.mix("a")
      },
    ]
    #expect(Set(hashes).count == hashes.count)
  }

  @Test(
    "Moments are seconds with six digits",
    arguments: [
      (0, "0.000000"), (1_000, "0.000001"), (999, "0.000000"), (1_234_567_890, "1.234567"),
      (60_000_000_000, "60.000000"),
    ])
  func moments(nanoseconds: Int, text: String) { #expect(Simulation.World.moment(Int64(nanoseconds)) == text) }
}
