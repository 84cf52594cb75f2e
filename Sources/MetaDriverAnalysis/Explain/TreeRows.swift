/// A tree as rows of text: what stands before each node, and before whatever else is said of it.
struct TreeRow<Node> {
  let node: Node
  /// What stands before the node itself.
  let head: String
  /// What stands before further lines about it, as wide as `head`.
  let rest: String

  /// The rows of a tree, each node before those below it.
  static func rows(of root: Node, children: (Node) -> [Node]) -> [TreeRow] {
    var rows: [TreeRow] = []
    add(root, head: "", rest: "", children, to: &rows)
    return rows
  }

  private static func add(
    _ node: Node, head: String, rest: String, _ children: (Node) -> [Node], to rows: inout [TreeRow]
  ) {
    rows.append(TreeRow(node: node, head: head, rest: rest))
    let below = children(node)
    for (index, child) in below.enumerated() {
      let isLast = index == below.count - 1
      add(child, head: rest + (isLast ? "└─ " : "├─ "), rest: rest + (isLast ? "   " : "│  "), children, to: &rows)
    }
  }
}
