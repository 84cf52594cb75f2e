/// What is wrong with a question to the analysis.
public struct AnalysisError: Error, Hashable, Sendable {
  /// What is wrong, and what would be right.
  public let message: String

  init(_ message: String) { self.message = message }
}

extension AnalysisError: CustomStringConvertible {
  /// The message.
  public var description: String { message }
}
