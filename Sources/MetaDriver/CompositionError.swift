/// Why a tree does not compose: every error that the checks found, and the warnings with them.
public struct CompositionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The strategy that was to be made.
  public let strategy: String
  /// What was found, errors first.
  public let remarks: [Remark]

  /// One line for each remark: where, why, and how to mend it.
  public var description: String {
    let errors = remarks.count { $0.severity == .error }
    let head = "the strategy \"\(strategy)\" does not compose: \(errors) \(errors == 1 ? "error" : "errors")"
    return ([head] + remarks.map { "  \($0)" }).joined(separator: "\n")
  }
}
