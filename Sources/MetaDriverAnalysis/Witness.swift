/// What shows that a guarantee does not hold: sets of leaves, each with the part that it plays.
///
/// ```
/// written to {disk}, read from {s3}
/// {disk, s3} fail
/// ```
public struct Witness: Hashable, Sendable {
  /// A set of leaves, or of failure domains, and its part.
  public struct Part: Hashable, Sendable {
    /// The part, with `%` where the set stands.
    let sentence: String
    /// The labels of the leaves, or the names of the domains, in the order of the tree.
    public let names: [String]
  }

  /// The sets, in the order in which they are told.
  public let parts: [Part]
}

extension Witness: CustomStringConvertible {
  /// The sets in words.
  public var description: String { parts.map(\.description).joined(separator: ", ") }
}

extension Witness.Part: CustomStringConvertible {
  /// The set in words.
  public var description: String {
    sentence.split(separator: "%", omittingEmptySubsequences: false)
      .joined(separator: "{\(names.joined(separator: ", "))}")
  }
}
