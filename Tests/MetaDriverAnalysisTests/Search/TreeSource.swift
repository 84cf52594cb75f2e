import MetaDriver

/// Reads trees as they are printed by a search, a line for each node.
struct TreeSource {
  private var lines: ArraySlice<String>

  init(_ text: String) {
    lines = text.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.map(String.init)[...]
  }

  /// The driver that the text says; `nil` for a text that is none of those that are known.
  mutating func driver(_ leaf: (String) -> any Driver) -> (any Driver)? {
    guard let line = lines.popFirst(), line != "}" else { return nil }
    guard line.hasSuffix(" {") else {
      return leaf(line.hasPrefix("`") ? String(line.dropFirst().dropLast()) : line)
    }
    var children: [any Driver] = []
    while lines.first != "}" {
      guard let child = driver(leaf) else { return nil }
      children.append(child)
    }
    lines.removeFirst()
    if line == "Replicated(writes: .all, reads: .ordered) {" {
      return Replicated(writes: .all, reads: .ordered) { children }
    }
    let numbers = line.split { !$0.isNumber }.compactMap { Int($0) }
    let isOfOne = line.contains(", writers: .one")
    guard numbers.count == 2,
      line == "Quorum(read: \(numbers[0]), write: \(numbers[1])\(isOfOne ? ", writers: .one" : "")) {"
    else { return nil }
    return Quorum(read: .exactly(numbers[0]), write: .exactly(numbers[1]), writers: isOfOne ? .one : .many) { children }
  }

  var isAtEnd: Bool { lines.isEmpty }
}
