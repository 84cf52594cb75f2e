/// One run of a scenario: what was done, what happened, and what of it must not be.
public struct Trial: Sendable {
  /// What was done, with what became of every call.
  public internal(set) var script: Script
  /// What the clients did and were told.
  public internal(set) var history = History()
  /// What the guarantees say against it.
  public internal(set) var violations: [Violation] = []
  /// Why the simulation itself failed, if it did: a deadlock, an escape, no end.
  public internal(set) var failure: Simulation.Failure?
  /// The virtual time, the steps, the trace.
  public internal(set) var report: Simulation.Report

  init(script: Script) {
    self.script = script
    report = Simulation.Report(seed: script.seed, elapsed: .zero, steps: 0, traceHash: 0, trace: [])
  }

  /// Whether everything that had to hold held.
  public var isPassed: Bool { violations.isEmpty && failure == nil }
}

extension Trial: CustomStringConvertible {
  /// What is wrong, the operations, the script, and the trace.
  public var description: String {
    var lines: [String] = []
    if let failure { lines.append("\(failure)") }
    lines += violations.map(\.description)
    if isPassed { lines.append("every guarantee held") }
    lines += ["", "what the clients saw:"] + history.operations.map { "  \($0)" }
    lines += ["", "the script, which runs again:"] + "\(script)".split(separator: "\n").map { "  \($0)" }
    if failure == nil, !report.trace.isEmpty {
      lines += ["", "what happened, in seconds of virtual time:"] + report.trace.map { "  \($0)" }
    }
    return lines.joined(separator: "\n")
  }
}
