import MetaDriver

/// A tree as nodes and edges with texts: what pictures are made of. A store that stands twice is one node.
struct OutlineGraph {
  struct Node {
    let id: String
    let lines: [String]
    let isLeaf: Bool
    let isLocalOnly: Bool
    let domain: String?
  }
  struct Edge {
    let from: String
    let to: String
    /// What goes along it: reads, writes, or both.
    let text: String
  }

  private(set) var nodes: [Node] = []
  private(set) var edges: [Edge] = []
  private var ids: [String: String] = [:]

  init(_ outline: Outline, kind: Key.Kind) { _ = add(outline, kind, isLocalOnly: false) }

  private mutating func add(_ outline: Outline, _ kind: Key.Kind, isLocalOnly: Bool) -> String {
    let isLocalOnly = isLocalOnly || outline.marks.contains(.localOnly)
    if let identity = outline.leaf?.identity, let id = ids[identity] { return id }
    let id = "n\(nodes.count)"
    if let identity = outline.leaf?.identity { ids[identity] = id }
    nodes.append(
      Node(
        id: id, lines: Self.lines(outline), isLeaf: outline.children.isEmpty, isLocalOnly: isLocalOnly,
        domain: outline.children.isEmpty ? outline.domain : nil))
    for (index, child) in outline.children.enumerated() {
      let to = add(child, kind, isLocalOnly: isLocalOnly)
      edges.append(Edge(from: id, to: to, text: Self.traffic(outline, index, kind)))
    }
    return id
  }

  private static func lines(_ outline: Outline) -> [String] {
    var lines = [outline.name.map { "\(outline.kind) \"\($0)\"" } ?? outline.kind]
    let details = outline.parameters.map { $0.name.isEmpty ? $0.value : "\($0.name): \($0.value)" }
    if !details.isEmpty { lines.append(details.joined(separator: ", ")) }
    return lines
  }

  private static func traffic(_ outline: Outline, _ index: Int, _ kind: Key.Kind) -> String {
    guard outline.children.count > 1, let access = outline.access(for: kind) else { return "" }
    let child = outline.children[index].capabilities
    let reads = access.read.mentions.contains(index) && child.contains(.get)
    let writes = access.write.mentions.contains(index) && child.contains(.put)
    return reads == writes ? (reads ? "" : "unused") : reads ? "reads" : "writes"
  }
}
