private import Synchronization

/// What one run of a case has found, and what it waits for. It outlives a case that never ends.
final class CaseLog: Sendable {
  private struct State {
    var findings: [Conformance.Finding] = []
    var reasonToSkip: String?
    /// What is called, as text only where somebody asks.
    var underWay: [Int: @Sendable () -> String] = [:]
    var lastCall = 0
  }

  let testCase: Conformance.Case
  private let state = Mutex(State())

  init(_ testCase: Conformance.Case) { self.testCase = testCase }

  /// Takes note of a finding, of this case unless it is another's.
  func report(_ action: String, expected: String, seen: String, of testCase: Conformance.Case? = nil) {
    let finding = Conformance.Finding(
      case: testCase ?? self.testCase, action: action, expected: expected, seen: seen)
    state.withLock { if !$0.findings.contains(finding) { $0.findings.append(finding) } }
  }

  func skip(because reason: String) { state.withLock { $0.reasonToSkip = reason } }

  /// Takes note of a call that begins.
  func begin(_ call: @escaping @Sendable () -> String) -> Int {
    state.withLock { state in
      state.lastCall += 1
      state.underWay[state.lastCall] = call
      return state.lastCall
    }
  }

  func end(_ call: Int) { state.withLock { $0.underWay[call] = nil } }

  /// What became of the case.
  ///
  /// - Parameter limit: The time limit, if it was reached.
  func verdict(limit: Duration?) -> Conformance.Report.Verdict {
    state.withLock { state in
      if let limit {
        let waiting = state.underWay.sorted { $0.key < $1.key }.map { $0.value() }
        state.findings.append(
          Conformance.Finding(
            case: testCase, action: waiting.first ?? "everything that the case does",
            expected: "an answer within \(limit) for all of the case", seen: "none"))
      }
      if !state.findings.isEmpty { return .failed(state.findings) }
      return state.reasonToSkip.map { .skipped($0) } ?? .passed
    }
  }
}
