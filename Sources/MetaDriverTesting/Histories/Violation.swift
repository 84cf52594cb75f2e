public import MetaDriver

/// A guarantee that a history refutes, and the operations that show it.
public struct Violation: Hashable, Sendable, CustomStringConvertible {
  /// What does not hold.
  public let guarantee: Guarantee
  /// Of which datum.
  public let key: Key
  /// The operations that together show it, by ``History/Operation/id``, in the order of their invocation.
  public let witness: [Int]
  /// Why, in a sentence that names the operations.
  public let reason: String
  /// Whether the guarantee does not hold for certain.
  ///
  /// It is `false` in one case: whether a history with unstamped deletes is linearizable has to be searched for, and the
  /// search was given up. Nothing is known then, neither that the guarantee holds nor that it does not; the entry is
  /// among the violations so that nobody takes the history for a good one.
  public let isCertain: Bool

  /// Describes a violation.
  init(_ guarantee: Guarantee, key: Key, witness: [Int], reason: String, isCertain: Bool = true) {
    self.guarantee = guarantee
    self.key = key
    self.witness = witness
    self.reason = reason
    self.isCertain = isCertain
  }

  /// One line: the guarantee, the key and the reason.
  public var description: String {
    "\(guarantee) \(isCertain ? "violated" : "undecided") for \(key): \(reason)"
  }
}
