import MetaDriver

/// A tree over numbered leaves, of the nodes that a search puts together.
indirect enum TreeShape: Hashable {
  case leaf(Int)
  /// A `Quorum`, of whose children a read needs so many, and a write one more than the others are.
  case quorum(read: Int, [TreeShape])
  /// A `Replicated` that writes to all children, and reads from one after the other.
  case replicated([TreeShape])

  private var children: [TreeShape] {
    switch self {
    case .leaf: []
    case .quorum(_, let children), .replicated(let children): children
    }
  }

  /// The numbers of its leaves, in the order of the tree.
  var leaves: [Int] {
    if case .leaf(let number) = self { [number] } else { children.flatMap(\.leaves) }
  }

  /// Whether any two writes meet at a leaf. Where they do not, a write takes one round with one writer alone.
  private var writesMeet: Bool {
    switch self {
    case .leaf: true
    case .quorum(let read, let children):
      2 * (children.count - read + 1) > children.count && children.allSatisfy(\.writesMeet)
    case .replicated(let children): children.contains(where: \.writesMeet)
    }
  }

  /// The tree, of real drivers.
  func driver(_ leaf: (Int) -> any Driver) -> any Driver {
    switch self {
    case .leaf(let number): return leaf(number)
    case .quorum(let read, let children):
      let drivers = children.map { $0.driver(leaf) }
      return Quorum(
        read: .exactly(read), write: .exactly(children.count - read + 1), writers: writesMeet ? .many : .one
      ) { drivers }
    case .replicated(let children):
      let drivers = children.map { $0.driver(leaf) }
      return Replicated(writes: .all, reads: .ordered) { drivers }
    }
  }

  /// The tree as it is written, a line for each node.
  func source(_ names: [String], indentation: String = "") -> String {
    let head: String
    switch self {
    case .leaf(let number): return indentation + names[number]
    case .quorum(let read, let children):
      head = "Quorum(read: \(read), write: \(children.count - read + 1)\(writesMeet ? "" : ", writers: .one"))"
    case .replicated: head = "Replicated(writes: .all, reads: .ordered)"
    }
    let lines = children.map { $0.source(names, indentation: indentation + "  ") }
    return "\(indentation)\(head) {\n\(lines.joined(separator: "\n"))\n\(indentation)}"
  }

  /// One text for all trees that differ only in which of several leaves alike stands where, or in an order that says
  /// nothing.
  ///
  /// - Parameter kinds: Which leaves are alike: those with one number.
  func pattern(_ kinds: [Int]) -> String {
    let parts = children.map { $0.pattern(kinds) }
    switch self {
    case .leaf(let number): return "\(kinds[number])"
    case .quorum(let read, _): return "\(read)(\(parts.sorted().joined(separator: " ")))"
    // Who is asked first matters.
    case .replicated: return "(\(parts[0]), \(parts.dropFirst().sorted().joined(separator: " ")))"
    }
  }
}
