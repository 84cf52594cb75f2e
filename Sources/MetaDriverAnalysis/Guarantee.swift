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

  /// Whether it is known to hold.
  public var holds: Bool { verdict == .yes }

  init(_ verdict: Verdict, _ reason: String, _ witness: Witness? = nil) {
    (self.verdict, self.reason, self.witness) = (verdict, reason, witness)
  }
}

extension Guarantee: CustomStringConvertible {
  /// The verdict, the reason and the witness.
  public var description: String {
    "\(verdict.rawValue): \(reason)" + (witness.map { " (\($0))" } ?? "")
  }
}
