extension Analysis {
  /// Something that a tree promises or does not, with the reason.
  ///
  /// ```swift
  /// print(profiles.analysis.ownWrites)        // yes: every read asks a leaf that has the write
  /// ```
  public struct Guarantee: Hashable, Sendable {
    /// Whether it holds.
    public enum Verdict: String, Sendable {
      /// It holds whatever the leaves do that the promise speaks of.
      case yes
      /// It does not: the witness shows how.
      case no
      /// It was not found out, because the tree is larger than what is searched. This is never a yes.
      case unknown
    }

    /// Whether it holds.
    public let verdict: Verdict
    /// Why, or what happens otherwise.
    public let reason: String
    /// The sets of leaves that show it; there for every `no`.
    public let witness: Witness?

    /// What it takes besides, that the tree itself cannot see to: the order in which leaves make puts, clocks that agree, a
    /// single process.
    public internal(set) var restsOn: [Basis] = []

    /// How many failures it holds against, of a guarantee that is a number of them; below zero when it never holds.
    public let failures: Int?

    /// Whether it is known to hold.
    public var holds: Bool { verdict == .yes }

    init(_ verdict: Verdict, _ reason: String, _ witness: Witness? = nil) {
      (self.verdict, self.reason, self.witness) = (verdict, reason, witness)
      failures = nil
    }

    /// A guarantee against so many failures.
    ///
    /// - Parameter witness: Failures that it does not hold against, one more than those.
    init(failures: Int, _ reason: String, _ witness: Witness?) {
      (self.failures, self.reason, self.witness) = (failures, reason, witness)
      verdict = failures > 0 ? .yes : .no
    }

    /// The verdict in a word, or the number of failures.
    var answer: String {
      guard let failures else { return verdict.rawValue }
      return failures < 0 ? "nothing" : "\(failures) \(failures == 1 ? "failure" : "failures")"
    }
  }
}

extension Analysis.Guarantee: CustomStringConvertible {
  /// The verdict or the number of failures, the reason, the witness, and what it rests on.
  public var description: String {
    let basis = restsOn.isEmpty ? "" : "; rests on \(restsOn.map(\.description).joined(separator: ", and on "))"
    guard let failures else { return "\(answer): \(reason)" + (witness.map { " (\($0))" } ?? "") + basis }
    return failures < 0 ? "\(answer): \(reason)" : answer + (witness.map { ", but not this: \($0)" } ?? "") + basis
  }
}
