extension Snippet {
  /// A block up to the end of the strategy that it composes, as `let notes = try Strategy("notes") { … }`.
  struct Tree: Hashable, Sendable {
    /// The name of the strategy.
    let name: String
    /// The block's lines up to it.
    let code: [String]
    /// Where it begins, for reports.
    let place: String
  }

  /// The strategies that a block composes and names.
  var trees: [Tree] {
    guard purpose != .declares else { return [] }
    return code.indices.compactMap { index in
      guard let match = code[index].wholeMatch(of: /let (\w+) = try Strategy\(.*/), let end = end(from: index) else {
        return nil
      }
      return Tree(name: String(match.1), code: Array(code[...end]), place: "\(file):\(line + index)")
    }
  }

  /// Whether the page says that what the block composes is doubtful.
  var admitsDoubt: Bool {
    if isDoubtful { return true }
    guard case .prints(let text) = purpose else { return false }
    return text.contains("warning: ")
  }

  /// The line with the brace that closes the first one from a line on.
  private func end(from first: Int) -> Int? {
    var depth = 0
    for index in first..<code.count {
      let text = code[index].firstRange(of: " //").map { code[index][..<$0.lowerBound] } ?? code[index][...]
      depth += text.count { $0 == "{" } - text.count { $0 == "}" }
      if depth == 0, text.contains("}") { return index }
    }
    return nil
  }
}
