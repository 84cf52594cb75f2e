/// A guarantee that a history refutes, and the operations that show it.
public struct Violation: Hashable, Sendable, CustomStringConvertible {
  /// What does not hold.
  public let guarantee: Guarantee
  /// The operations that together show it, by ``History/Operation/id``, in the order of their invocation.
  public let witness: [Int]
  /// Why, in a sentence that names the operations.
  public let reason: String

  /// Describes a violation.
  init(_ guarantee: Guarantee, witness: [Int], reason: String) {
    self.guarantee = guarantee
    self.witness = witness
    self.reason = reason
  }

  /// One line: the guarantee and the reason.
  public var description: String { "not \(guarantee): \(reason)" }
}
