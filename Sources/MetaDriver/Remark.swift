/// What a check has to say of a node: where, why, and how to mend it.
public struct Remark: Hashable, Sendable {
  /// How much it matters.
  public enum Severity: Hashable, Sendable, Comparable {
    /// Printed with the strategy; the tree composes.
    case warning
    /// The tree does not compose.
    case error
  }

  /// How much it matters.
  public var severity: Severity
  /// The nodes from the root to the one concerned.
  public var path: [String]
  /// What is wrong.
  public var reason: String
  /// What to do about it.
  public var mend: String

  /// Makes a remark. A node leaves `path` empty: the strategy fills it in.
  public init(_ severity: Severity, _ reason: String, mend: String, path: [String] = []) {
    self.severity = severity
    self.path = path
    self.reason = reason
    self.mend = mend
  }
}

extension Remark: CustomStringConvertible {
  /// One line.
  public var description: String {
    let place = path.isEmpty ? "" : "\(path.joined(separator: "/")): "
    return "\(severity == .error ? "error" : "warning"): \(place)\(reason). \(mend)."
  }
}
