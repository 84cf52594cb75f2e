/// Why a history cannot be judged: an operation in it makes no sense.
public struct HistoryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Which operation, by its ``History/Operation/id``.
  public let operation: Int
  /// What is wrong with it, in words.
  public let message: String
  /// Its place in ``History/operations``.
  let index: Int

  /// Describes a mistake.
  init(_ operation: History.Operation, at index: Int, _ message: String) {
    self.operation = operation.id
    self.message = message
    self.index = index
  }

  /// One line: the operation and the reason.
  public var description: String { "operation \(operation): \(message)" }
}
