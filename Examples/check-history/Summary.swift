import MetaDriverTesting

/// Counts of verdicts.
struct Summary {
  private var histories = 0
  private var operations = 0
  private var linearizable = 0
  private var regular = 0
  private var sessions: [Guarantee: Int] = [:]
  private(set) var refuted = 0
  private(set) var undecided = 0

  mutating func count(_ verdict: Verdict, on history: History) {
    histories += 1
    operations += history.operations.count
    switch verdict.isLinearizable {
    case true: linearizable += 1
    case false: refuted += 1
    case nil: undecided += 1
    }
    if verdict.isRegular { regular += 1 }
    for guarantee in verdict.sessions { sessions[guarantee, default: 0] += 1 }
  }

  /// A line for each count.
  ///
  /// - Parameter time: How long the judging took.
  func text(_ time: Duration) -> String {
    var lines = [
      "histories: \(histories)", "operations: \(operations)",
      "linearizable: \(linearizable)" + (undecided == 0 ? "" : ", and \(undecided) undecided"),
      "weakly regular: \(regular)",
    ]
    for guarantee in Verdict.guarantees.dropFirst(2) {
      lines.append("without \(guarantee): \(sessions[guarantee, default: 0])")
    }
    return (lines + ["judged in \(Int((time / .milliseconds(1)).rounded(.up))) ms"]).joined(separator: "\n")
  }
}
