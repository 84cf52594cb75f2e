import MetaDriver

/// A tree as nodes and edges with texts: what pictures are made of. A store that stands twice is one node.
struct OutlineGraph {
  struct Node {
    /// Its place among the nodes.
    let number: Int
    let kind: String
    let name: String?
    /// Its parameters, each as it is printed.
    let parameters: [String]
    let isLeaf: Bool
    /// At one of its places at least.
    fileprivate(set) var isLocalOnly: Bool
    let domain: String?

    var id: String { "n\(number)" }

    var lines: [String] {
      let title = name.map { "\(kind) \"\($0)\"" } ?? kind
      return parameters.isEmpty ? [title] : [title, parameters.joined(separator: ", ")]
    }
  }
  struct Edge {
    let from: Int
    let to: Int
    /// What goes along it: reads, writes, or both.
    let text: String
  }

  /// The root is the first.
  private(set) var nodes: [Node] = []
  private(set) var edges: [Edge] = []
  private var numbers: [String: Int] = [:]

  init(_ outline: Outline, kind: Key.Kind) { _ = add(outline, kind, isLocalOnly: false) }

  /// The failure domains, as they are met, with their leaves.
  var domains: [(name: String, nodes: [Node])] {
    var domains: [(name: String, nodes: [Node])] = []
    for node in nodes {
      guard let domain = node.domain else { continue }
      if let place = domains.firstIndex(where: { $0.name == domain }) {
        domains[place].nodes.append(node)
      } else {
        domains.append((domain, [node]))
      }
    }
    return domains
  }

  private mutating func add(_ outline: Outline, _ kind: Key.Kind, isLocalOnly: Bool) -> Int {
    let isLocalOnly = isLocalOnly || outline.marks.contains(.localOnly)
    if let identity = outline.leaf?.identity, let number = numbers[identity] {
      nodes[number].isLocalOnly = nodes[number].isLocalOnly || isLocalOnly
      return number
    }
    let number = nodes.count
    if let identity = outline.leaf?.identity { numbers[identity] = number }
    let isLeaf = outline.children.isEmpty
    nodes.append(
      Node(
        number: number, kind: outline.kind, name: outline.name,
        parameters: outline.parameters.map { $0.name.isEmpty ? $0.value : "\($0.name): \($0.value)" },
        isLeaf: isLeaf, isLocalOnly: isLocalOnly, domain: isLeaf ? outline.domain : nil))
    for (index, child) in outline.children.enumerated() {
      let to = add(child, kind, isLocalOnly: isLocalOnly)
      edges.append(Edge(from: number, to: to, text: Self.traffic(outline, index, kind)))
    }
    return number
  }

  private static func traffic(_ outline: Outline, _ index: Int, _ kind: Key.Kind) -> String {
    guard outline.children.count > 1, let access = outline.access(for: kind) else { return "" }
    let child = outline.children[index].capabilities
    let reads = access.read.mentions.contains(index) && child.contains(.get)
    let writes = access.write.mentions.contains(index) && child.contains(.put)
    return reads == writes ? (reads ? "" : "unused") : reads ? "reads" : "writes"
  }
}
