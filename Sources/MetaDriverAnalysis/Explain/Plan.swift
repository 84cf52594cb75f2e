public import MetaDriver

/// What a tree will do for an operation: whom it asks and in which order, how many answers it needs, and what becomes of
/// the rest. Worked out from the outline alone; see ``MetaDriver/Strategy/explain(_:_:options:)``.
///
/// ```swift
/// print(profiles.explain(.put, "alice/profile"))
/// ```
///
/// A driver of your own is explained by the outline that it gives. One whose kind is that of a node of the package is taken
/// for that node.
public struct Plan: Hashable, Sendable {
  /// What is asked of a tree.
  public enum Operation: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    /// Read one datum.
    case get
    /// Write one datum.
    case put
    /// Write one datum if a condition holds.
    case compareAndPut
    /// Delete one datum.
    case delete
    /// List a page of keys.
    case list

    /// The operation as it stands in a sentence.
    public var description: String { self == .compareAndPut ? "conditional put" : rawValue }
  }

  /// One node, and what it will do.
  public struct Node: Hashable, Sendable {
    /// Kind, name and parameters, as in the outline.
    public let title: String
    /// Whether the node is asked at all, as far as can be said before.
    public let isAsked: Bool
    /// What the node above says of it: when it is asked, or why it is not. `nil` when there is nothing to say.
    public let role: String?
    /// What it will do, in the order in which it does it.
    public let steps: [String]
    /// The nodes below.
    public let children: [Node]
  }

  /// The name of the strategy; `nil` for a plan of an outline alone.
  public let strategy: String?
  /// What is asked.
  public let operation: Operation
  /// Which kind of data it is about.
  public let kind: Key.Kind
  /// The datum; `nil` for a plan of any datum of the kind.
  public let key: Key?
  /// What the call itself says or does: its time limit, whom it leaves out, what is checked at the end.
  public let steps: [String]
  /// The root of the tree.
  public let root: Node
}

extension Plan: CustomStringConvertible {
  /// The call, and the tree below it: a line for each node, with its steps under it.
  public var description: String {
    let subject = key.map { "\($0)" } ?? "of \(kind) data"
    var lines = ["\(operation) \(subject)" + (strategy.map { " in \($0)" } ?? "")]
    lines += steps.map { "  \($0)" }
    for row in TreeRow.rows(of: root, children: \.children) {
      let node = row.node
      // What there is to say of a leaf is short, and stands in its own line.
      let notes = [node.role].compactMap(\.self) + (node.children.isEmpty ? node.steps : [])
      lines.append(row.head + node.title + (notes.isEmpty ? "" : ": \(notes.joined(separator: "; "))"))
      if !node.children.isEmpty { lines += node.steps.map { "\(row.rest)│  \($0)" } }
    }
    return lines.joined(separator: "\n")
  }
}
