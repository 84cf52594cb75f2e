/// What the clients of a store did and were told: the evidence that checkers judge.
///
/// ```swift
/// var history = History()
/// history.put(1, from: 0, to: 10, session: 0)
/// history.get(1, from: 11, to: 12, session: 1)
/// #expect(history.violations(of: .linearizable).isEmpty)
/// ```
public struct History: Sendable {
  /// The operations, in any order.
  public var operations: [Operation]

  /// Makes a history.
  public init(_ operations: [Operation] = []) { self.operations = operations }
}
