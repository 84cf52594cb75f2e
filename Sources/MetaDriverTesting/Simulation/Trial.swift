import MetaDriver

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
  /// What is wrong, what the clients saw, the script, and the trace.
  public var description: String {
    var lines: [String] = []
    if let failure { lines.append("\(failure)") }
    for guarantee in Guarantee.allCases {
      let found = violations.filter { $0.guarantee == guarantee }
      guard let first = found.first else { continue }
      lines.append("\(first)" + (found.count > 1 ? "; and \(found.count - 1) more" : ""))
    }
    if isPassed { lines.append("every guarantee held") }
    lines += ["", "what the clients saw, in seconds of virtual time:"] + history.operations.map { "  \(line(of: $0))" }
    lines += ["", "the script, which runs again:"] + "\(script)".split(separator: "\n").map { "  \($0)" }
    if failure == nil, !report.trace.isEmpty {
      lines += ["", "what happened:"] + report.trace.map { "  \($0)" }
    }
    return lines.joined(separator: "\n")
  }

  /// `2: client 0 put 2, 0.028125 to 0.030125`
  private func line(of operation: History.Operation) -> String {
    let who =
      operation.audit.map { "audit, \($0)," }
      ?? "client \(operation.session % script.clocks.count)"
      + (operation.session < script.clocks.count ? "" : " in life \(operation.session / script.clocks.count + 1)")
    let what =
      switch (operation.kind, operation.outcome) {
      case (.put(let value), _): "put \(value)"
      case (.delete, _): "delete"
      case (.get(let value), .ok): "get, found \(value.map(String.init) ?? "nothing")"
      case (.get, _): "get"
      }
    func moment(_ nanoseconds: Int) -> String { Simulation.World.moment(Int64(nanoseconds)) }
    let end =
      switch operation.outcome {
      case .ok(let end): "\(moment(operation.invoked)) to \(moment(end))"
      case .failed: "from \(moment(operation.invoked)), failed"
      case .unknown: "from \(moment(operation.invoked)), outcome unknown"
      }
    return "\(operation.id): \(who) \(what), \(operation.key.name), \(end)"
  }
}
