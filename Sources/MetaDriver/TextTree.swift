/// Draws trees as text, a line for each node.
enum TextTree {
  static func draw<Root, Node>(
    _ root: Root, line: (Root) -> String, children: (Root) -> [Node], inner: (Node) -> String
  ) -> String where Node: TextTreeNode {
    var lines = [line(root)]
    draw(children(root), rest: "", into: &lines, line: inner)
    return lines.joined(separator: "\n")
  }

  private static func draw<Node: TextTreeNode>(
    _ nodes: [Node], rest: String, into lines: inout [String], line: (Node) -> String
  ) {
    for (index, node) in nodes.enumerated() {
      let isLast = index == nodes.count - 1
      lines.append(rest + (isLast ? "└─ " : "├─ ") + line(node))
      draw(node.children, rest: rest + (isLast ? "   " : "│  "), into: &lines, line: line)
    }
  }
}

protocol TextTreeNode {
  var children: [Self] { get }
}

extension Outcome: TextTreeNode {}
extension Outline: TextTreeNode {}
