/// A tree as a picture.
struct TreeDrawing {
  private static let padding = 14.0
  private static let titleHeight = 18.0
  private static let lineHeight = 15.5
  /// How high the curved lid of a cylinder is.
  private static let lid = 6.0
  private static let margin = 20.0

  private let graph: OutlineGraph
  private let texts: [(title: String, lines: [String])]
  private let domains: [(name: String, nodes: [OutlineGraph.Node])]
  private let placement: TreePlacement

  init(_ graph: OutlineGraph) {
    self.graph = graph
    domains = graph.domains
    let texts = graph.nodes.map(Self.texts)
    self.texts = texts
    let sizes = zip(graph.nodes, texts).map { node, text in
      let widths = text.lines.map { TextWidth.of($0, size: 12) }
      let width = max(72, TextWidth.of(text.title, size: 13.5, isBold: true), widths.max() ?? 0) + 2 * Self.padding
      let height = 18 + Self.titleHeight + Double(text.lines.count) * Self.lineHeight
      return TreeLayout.Size(width: width, height: height + (node.isLeaf ? 2 * Self.lid : 0))
    }
    placement = TreePlacement(graph, sizes: sizes)
  }

  /// What is written into a node: the name by which a leaf is known, or the kind of a node, and below it the rest.
  private static func texts(of node: OutlineGraph.Node) -> (title: String, lines: [String]) {
    var lines: [String] = []
    let title = node.isLeaf ? node.name ?? node.kind : node.kind
    if let name = node.name { lines.append((node.isLeaf ? node.kind : "“\(name)”").shortened(to: 30)) }
    var line = ""
    for parameter in node.parameters {
      if !line.isEmpty, line.count + parameter.count > 26 {
        lines.append(line + ",")
        line = ""
      }
      line += (line.isEmpty ? "" : ", ") + parameter.shortened(to: 30)
    }
    if !line.isEmpty { lines.append(line) }
    if lines.count > 4 { lines[3...] = ["…"] }
    return (title.shortened(to: 26), lines)
  }

  /// The picture, within what bears the variables of the theme.
  ///
  /// - Parameter style: Rules that the picture brings along where it stands alone.
  func markup(style: String? = nil) -> Markup {
    let legend = legend
    let width = max(placement.size.width, legend.width) + 2 * Self.margin
    let height = placement.size.height + legend.height + 2 * Self.margin
    let shift = (width - placement.size.width) / 2
    var parts: [Markup] = [.element("title", [:], [.text(summary)])]
    if let style { parts.append(.style(style)) }
    parts.append(
      .element("rect", ["class": "ground", "width": number(width), "height": number(height), "rx": "10"]))
    let single = graph.edges.indices.filter { index in !placement.columns.contains { $0.edges.contains(index) } }
    var tree: [Markup] = single.map(edge) + placement.columns.map(trunk)
    tree += graph.nodes.map(box)
    // What goes along an edge is written last, so that no other edge strikes it through.
    tree += single.compactMap { traffic($0, along: ends($0)) }
    tree += placement.columns.compactMap { traffic($0.edges[0], along: ends($0)) }
    parts.append(.element("g", ["transform": "translate(\(number(shift)) \(number(Self.margin)))"], tree))
    let below = Self.margin + placement.size.height
    let left = (width - legend.width) / 2
    parts += legend.items.map {
      .element("g", ["transform": "translate(\(number(left + $0.x)) \(number(below + $0.y)))"], [$0.item])
    }
    return .element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": style == nil ? "md-tree" : "metadriver md-tree", "role": "img",
        "aria-label": summary, "viewBox": "0 0 \(number(width)) \(number(height))", "width": number(width),
        "height": number(height),
        // In a page the picture shrinks with the window as long as it can be read, and is scrolled beyond.
        "style": style == nil ? "min-width:\(number(width * 0.65))px" : "max-width:100%;height:auto",
      ], parts)
  }

  /// What the picture shows, for who cannot see it.
  private var summary: String {
    let leaves = graph.nodes.filter(\.isLeaf)
    let names = leaves.prefix(10).map { ($0.name ?? $0.kind).shortened(to: 40) }
    let more = leaves.count > names.count ? " and \(leaves.count - names.count) more" : ""
    let inner = graph.nodes.count - leaves.count
    return "Tree of \(inner) \(inner == 1 ? "node" : "nodes") over \(leaves.count)"
      + " \(leaves.count == 1 ? "store" : "stores"): \(names.joined(separator: ", "))\(more)"
  }

  // MARK: Nodes

  private func box(_ node: OutlineGraph.Node) -> Markup {
    let (box, text) = (placement.boxes[node.number], texts[node.number])
    let domain = node.domain.flatMap { domain in domains.firstIndex { $0.name == domain } }
    var parts: [Markup] = []
    let isShortened = node.lines.contains { $0.count > 30 }
    let full =
      node.lines.map { $0.shortened(to: 300) } + (node.domain.map { ["domain: \($0.shortened(to: 100))"] } ?? [])
    if isShortened || domain != nil { parts.append(.element("title", [:], [.text(full.joined(separator: ", "))])) }
    parts += node.isLeaf ? cylinder(box) : [rectangle(box)]
    var y = box.y + 9 + (node.isLeaf ? 1.5 * Self.lid : 0) + 14
    parts.append(self.text(text.title, x: box.middle, y: y, "title"))
    for line in text.lines {
      y += Self.lineHeight + 1
      parts.append(self.text(line, x: box.middle, y: y))
    }
    if let domain { parts += badge(domain, x: box.x + box.width - 5, y: box.y + Self.lid) }
    return .element("g", ["class": names("node", node.isLeaf ? "leaf" : nil, local(node), colour(domain))], parts)
  }

  private func rectangle(_ box: TreeLayout.Box) -> Markup {
    .element(
      "rect",
      [
        "class": "shape", "x": number(box.x), "y": number(box.y), "width": number(box.width),
        "height": number(box.height), "rx": "9",
      ])
  }

  private func cylinder(_ box: TreeLayout.Box) -> [Markup] {
    let (left, right, top, bottom) = (box.x, box.x + box.width, box.y + Self.lid, box.bottom - Self.lid)
    let arc = "A\(number(box.width / 2)) \(number(Self.lid)) 0 0"
    let body =
      "M\(number(left)) \(number(top))\(arc) 1 \(number(right)) \(number(top))V\(number(bottom))"
      + "\(arc) 1 \(number(left)) \(number(bottom))Z"
    let lid = "M\(number(left)) \(number(top))\(arc) 0 \(number(right)) \(number(top))"
    return [.element("path", ["class": "shape", "d": body]), .element("path", ["class": "shape lid", "d": lid])]
  }

  private func badge(_ domain: Int, x: Double, y: Double) -> [Markup] {
    let label = "\(domain + 1)"
    return [
      .element("circle", ["class": "badge", "cx": number(x), "cy": number(y), "r": "\(7 + 2 * label.count)"]),
      text(label, x: x, y: y + 3.8, "number"),
    ]
  }

  // MARK: Edges

  /// An edge from the middle below a parent to the top of what hangs on it.
  private struct Ends {
    let x: Double
    let y: Double
    let toX: Double
    let toY: Double
  }

  /// Beside one another where several end at one child.
  private func ends(_ index: Int) -> Ends {
    let edge = graph.edges[index]
    let (parent, child) = (placement.boxes[edge.from], placement.boxes[edge.to])
    let siblings = graph.edges.indices.filter { graph.edges[$0].to == edge.to }
    guard siblings.count > 1 else { return Ends(x: parent.middle, y: parent.bottom, toX: child.middle, toY: child.y) }
    // In the order in which they come, so that none crosses another at the end.
    let order = siblings.map { index -> (x: Double, index: Int) in
      let from = graph.edges[index].from
      let detour = placement.detour(from: from, toX: child.middle, of: edge.to)
      return (detour?.x ?? placement.boxes[from].middle, index)
    }.sorted { $0 < $1 }.map(\.index)
    let place = Double(order.firstIndex(of: index) ?? 0) - Double(order.count - 1) / 2
    let step = min(52, (child.width - 36) / Double(order.count - 1))
    // Away from the middle, the top of a cylinder lies lower.
    return Ends(x: parent.middle, y: parent.bottom, toX: child.middle + place * step, toY: child.y + 2)
  }

  private func ends(_ column: TreePlacement.Column) -> Ends {
    let parent = placement.boxes[column.parent]
    return Ends(x: parent.middle, y: parent.bottom, toX: column.trunk, toY: column.top)
  }

  private func curve(_ end: Ends, isBegun: Bool = false) -> String {
    let bend = number(end.y + (end.toY - end.y) / 2)
    return "\(isBegun ? "L" : "M")\(number(end.x)) \(number(end.y))C\(number(end.x)) \(bend) "
      + "\(number(end.toX)) \(bend) \(number(end.toX)) \(number(end.toY))"
  }

  private func edge(_ index: Int) -> Markup {
    let (edge, end) = (graph.edges[index], ends(index))
    var path = curve(end)
    if let detour = placement.detour(from: edge.from, toX: end.toX, of: edge.to) {
      let first = Ends(x: end.x, y: end.y, toX: detour.x, toY: detour.top)
      path = curve(first) + curve(Ends(x: detour.x, y: detour.bottom, toX: end.toX, toY: end.toY), isBegun: true)
    }
    return .element("path", ["class": names("edge", local(graph.nodes[edge.to])), "d": path])
  }

  private func trunk(_ column: TreePlacement.Column) -> Markup {
    let leaves = column.edges.map { graph.nodes[graph.edges[$0].to] }
    let middles = leaves.map { placement.boxes[$0.number] }.map { $0.y + $0.height / 2 }
    let branches = zip(leaves, middles).map { leaf, middle in
      let path = "M\(number(column.trunk)) \(number(middle))h\(number(TreePlacement.branch))"
      return Markup.element("path", ["class": names("edge", local(leaf)), "d": path])
    }
    let isLocalOnly = leaves.allSatisfy(\.isLocalOnly)
    let path = curve(ends(column)) + "V\(number(middles.last ?? column.top))"
    return .element(
      "g", [:], [.element("path", ["class": names("edge", isLocalOnly ? "local" : nil), "d": path])] + branches)
  }

  private func traffic(_ index: Int, along end: Ends) -> Markup? {
    let edge = graph.edges[index]
    guard !edge.text.isEmpty else { return nil }
    var last = end
    if let detour = placement.detour(from: edge.from, toX: end.toX, of: edge.to) {
      last = Ends(x: detour.x, y: detour.bottom, toX: end.toX, toY: end.toY)
    }
    // Near the child, where edges of one parent are apart: three quarters of the way along the curve.
    let x = last.x + (last.toX - last.x) * 0.84375
    let y = last.y + (last.toY - last.y) * 0.703125
    return text(edge.text, x: x, y: y + 3, "traffic")
  }

  // MARK: Legend

  private var legend: (items: [(x: Double, y: Double, item: Markup)], width: Double, height: Double) {
    var entries: [(width: Double, item: Markup)] = domains.enumerated().map { index, domain in
      let name = domain.name.shortened(to: 28)
      return (
        30 + TextWidth.of(name, size: 12),
        .element("g", ["class": colour(index) ?? ""], badge(index, x: 10, y: 0) + [text(name, x: 26, y: 4, "key")])
      )
    }
    if graph.nodes.contains(where: \.isLocalOnly) {
      let text = "seen by this client only"
      entries.append(
        (
          44 + TextWidth.of(text, size: 12),
          .element(
            "g", [:],
            [.element("path", ["class": "edge local", "d": "M2 0H34"]), self.text(text, x: 42, y: 4, "key")])
        ))
    }
    guard !entries.isEmpty else { return ([], 0, 0) }
    let limit = max(placement.size.width, 300)
    var (x, y, width) = (0.0, 40.0, 0.0)
    var items: [(x: Double, y: Double, item: Markup)] = []
    for entry in entries {
      if x > 0, x + entry.width > limit { (x, y) = (0, y + 24) }
      items.append((x, y, entry.item))
      width = max(width, x + entry.width)
      x += entry.width + 22
    }
    return (items, width, y + 8)
  }

  // MARK: Pieces

  private func text(_ text: String, x: Double, y: Double, _ style: String? = nil) -> Markup {
    guard let style else { return .element("text", ["x": number(x), "y": number(y)], [.text(text)]) }
    return .element("text", ["class": style, "x": number(x), "y": number(y)], [.text(text)])
  }

  private func local(_ node: OutlineGraph.Node) -> String? { node.isLocalOnly ? "local" : nil }

  /// The class of a domain; none where there are more domains than colours, and the number alone tells.
  private func colour(_ domain: Int?) -> String? { domain.flatMap { $0 < Theme.series.count ? "d\($0)" : nil } }

  private func names(_ names: String?...) -> String { names.compactMap { $0 }.joined(separator: " ") }

  private func number(_ value: Double) -> String { value.decimal(1) }
}
