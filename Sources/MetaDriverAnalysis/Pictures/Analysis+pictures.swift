import MetaDriver

extension Analysis {
  /// The tree as a flowchart in the language of Mermaid, which many sites draw where it stands in Markdown.
  ///
  /// Leaves of one failure domain are framed together, and what no other client sees is dashed. An edge says when only reads,
  /// or only writes, go along it.
  ///
  /// ```swift
  /// print(profiles.analysis.mermaid)
  /// ```
  public var mermaid: String {
    let graph = OutlineGraph(outline, kind: kind)
    func quoted(_ text: String) -> String {
      var quoted = ""
      for scalar in text.unicodeScalars {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", ":", "-", "_", "/", "(", ")", "=":
          quoted.unicodeScalars.append(scalar)
        default: quoted += "#\(scalar.value);"
        }
      }
      return quoted
    }
    func box(_ node: OutlineGraph.Node) -> String {
      let text = node.lines.map(quoted).joined(separator: "<br/>")
      return node.isLeaf ? "\(node.id)[(\"\(text)\")]" : "\(node.id)[\"\(text)\"]"
    }
    var lines = ["flowchart TD"]
    for node in graph.nodes where node.domain == nil { lines.append("  \(box(node))") }
    for (number, (domain, nodes)) in graph.domains.enumerated() {
      lines.append("  subgraph d\(number)[\"\(quoted(domain))\"]")
      for node in nodes { lines.append("    \(box(node))") }
      lines.append("  end")
    }
    for edge in graph.edges {
      lines.append("  n\(edge.from) -->\(edge.text.isEmpty ? "" : "|\(edge.text)|") n\(edge.to)")
    }
    let local = graph.nodes.filter(\.isLocalOnly)
    for node in local { lines.append("  style \(node.id) stroke-dasharray: 4") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The tree as a graph in the language of Graphviz: `dot -Tsvg` draws it.
  ///
  /// It shows what ``mermaid`` shows.
  public var dot: String {
    let graph = OutlineGraph(outline, kind: kind)
    func quoted(_ text: String) -> String {
      "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: " "))\""
    }
    func box(_ node: OutlineGraph.Node) -> String {
      // The line break of the language stands between lines that are quoted already.
      let text = node.lines.map { quoted($0).dropFirst().dropLast() }.joined(separator: "\\n")
      let style = node.isLocalOnly ? ", style=dashed" : ""
      return "\(node.id) [label=\"\(text)\", shape=\(node.isLeaf ? "cylinder" : "box")\(style)]"
    }
    var lines = ["digraph tree {", "  node [fontname=\"sans-serif\"]"]
    for node in graph.nodes where node.domain == nil { lines.append("  \(box(node))") }
    for (number, (domain, nodes)) in graph.domains.enumerated() {
      lines.append("  subgraph cluster\(number) {")
      lines.append("    label=\(quoted(domain))")
      for node in nodes { lines.append("    \(box(node))") }
      lines.append("  }")
    }
    for edge in graph.edges {
      lines.append("  n\(edge.from) -> n\(edge.to)\(edge.text.isEmpty ? "" : " [label=\(quoted(edge.text))]")")
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }
}
