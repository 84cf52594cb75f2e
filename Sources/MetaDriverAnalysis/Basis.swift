/// What a guarantee takes besides the tree. New ones may come with any release, so a `switch` needs a `default`.
public enum Basis: Hashable, Sendable {
  /// One process writes, and its puts of a key reach these leaves in their order.
  case orderedPuts([String])
  /// Clocks that agree, or one writer for each key: two writes need not meet anywhere.
  case clocks
  /// One writer at a time for each key, which `writers: .one` says.
  case oneWriter
  /// A session that ends with its process.
  case session
  /// The journal on this driver, which holds a session.
  case journal(String)
}

extension Basis: CustomStringConvertible {
  /// What it takes, in words.
  public var description: String {
    switch self {
    case .orderedPuts(let leaves):
      "one process that writes, whose puts of a key reach \(leaves.joined(separator: ", ")) in their order"
    case .clocks: "one writer for each key, or clocks that agree"
    case .oneWriter: "one writer at a time for each key"
    case .session: "a session that ends with its process"
    case .journal(let name): "the journal on \(name)"
    }
  }
}
