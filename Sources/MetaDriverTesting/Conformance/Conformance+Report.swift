extension Conformance {
  /// One thing that a driver does and must not do, or the other way round.
  public struct Finding: Hashable, Sendable, CustomStringConvertible {
    /// The demand that is not satisfied.
    public let `case`: Case
    /// What was done.
    public let action: String
    /// What had to come of it.
    public let expected: String
    /// What came of it.
    public let seen: String

    /// One line.
    public var description: String { "\(`case`.rawValue): \(action): expected \(expected), seen: \(seen)" }
  }

  /// What became of each case of a run.
  ///
  /// ```swift
  /// let report = await Conformance { MemoryDriver() }.run([.payloads, .urls])
  /// for finding in report.findings { print(finding.case, finding.seen) }
  /// ```
  public struct Report: Sendable {
    /// What became of one case.
    public enum Verdict: Hashable, Sendable {
      /// The driver does what it must.
      case passed
      /// The driver does something else.
      case failed([Finding])
      /// The case was not run, for this reason.
      case skipped(String)
    }

    /// What became of one case.
    public struct Result: Hashable, Sendable {
      /// The case.
      public let `case`: Case
      /// What became of it.
      public var verdict: Verdict
    }

    /// The cases in the order in which they were run.
    public private(set) var results: [Result] = []

    /// Every finding, in the order of the cases.
    public var findings: [Finding] {
      results.flatMap { result -> [Finding] in
        if case .failed(let findings) = result.verdict { findings } else { [] }
      }
    }

    /// Adds a case. What it found out about another one belongs there, once.
    mutating func add(_ testCase: Case, _ verdict: Verdict) {
      guard case .failed(let findings) = verdict else {
        // Another case may have had findings of this one already.
        if !results.contains(where: { $0.case == testCase }) {
          results.append(Result(case: testCase, verdict: verdict))
        }
        return
      }
      if !findings.contains(where: { $0.case == testCase }) { add(testCase, .passed) }
      for finding in findings {
        guard let place = results.firstIndex(where: { $0.case == finding.case }) else {
          results.append(Result(case: finding.case, verdict: .failed([finding])))
          continue
        }
        if case .failed(let known) = results[place].verdict {
          if finding.case == testCase { results[place].verdict = .failed(known + [finding]) }
        } else {
          results[place].verdict = .failed([finding])
        }
      }
    }
  }

  /// A driver does not satisfy the demands: what `Conformance.check()` throws.
  public struct Failure: Error, CustomStringConvertible {
    /// What is wrong.
    public let findings: [Finding]

    /// How many findings, and each on a line.
    public var description: String {
      (["the driver does not conform: \(findings.count) \(findings.count == 1 ? "finding" : "findings")"]
        + findings.map { "\($0)" }).joined(separator: "\n")
    }
  }
}

extension Conformance.Report: CustomStringConvertible {
  /// A line for each case, and how many passed.
  public var description: String {
    var counts = (passed: 0, failed: 0, skipped: 0)
    let lines = results.map { result in
      let name = result.case.rawValue
      let column = name + String(repeating: " ", count: max(1, 20 - name.utf8.count))
      switch result.verdict {
      case .passed:
        counts.passed += 1
        return "passed   \(column)\(result.case)"
      case .skipped(let reason):
        counts.skipped += 1
        return "skipped  \(column)\(reason)"
      case .failed(let findings):
        counts.failed += 1
        let rest = findings.count > 1 ? " (and \(findings.count - 1) more)" : ""
        guard let finding = findings.first else { return "FAILED   \(column)" }
        return "FAILED   \(column)\(finding.action): expected \(finding.expected), seen: \(finding.seen)\(rest)"
      }
    }
    let sum = "\(counts.passed) passed, \(counts.failed) failed, \(counts.skipped) skipped"
    return (lines + [sum]).joined(separator: "\n")
  }
}
