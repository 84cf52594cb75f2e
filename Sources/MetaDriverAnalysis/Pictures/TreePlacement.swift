/// Where the nodes of a tree stand in its picture.
///
/// Where there are many leaves, those of one parent hang in columns on a trunk, so that the picture stays as wide as a page.
struct TreePlacement {
  /// Leaves below one another, each on a short branch of a trunk that comes from their parent.
  struct Column {
    let parent: Int
    /// The edges to them, from the uppermost.
    let edges: [Int]
    fileprivate(set) var trunk = 0.0
    fileprivate(set) var top = 0.0
  }

  /// With so many leaves, none hangs in a column.
  private static let leafLimit = 8
  private static let columnLength = 6
  /// How far a leaf in a column stands from the trunk.
  static let branch = 16.0
  private static let (leafGap, columnGap) = (16.0, 26.0)
  static let rowGap = 52.0

  /// In the order of the graph's nodes.
  private(set) var boxes: [TreeLayout.Box]
  private(set) var columns: [Column] = []
  let size: TreeLayout.Size

  /// Places the nodes of a graph.
  ///
  /// - Parameter sizes: How large each is drawn.
  init(_ graph: OutlineGraph, sizes: [TreeLayout.Size]) {
    let children = graph.tree
    columns = Self.columns(graph, children)
    // What is laid out are the nodes, and behind them the columns; of nodes in a column nothing is left to lay out.
    var units = sizes
    var below = children
    for column in columns {
      let leaves = column.edges.map { sizes[graph.edges[$0].to] }
      let unit = units.count
      units.append(
        TreeLayout.Size(
          width: (leaves.map(\.width).max() ?? 0) + Self.branch,
          height: leaves.reduce(-Self.leafGap) { $0 + $1.height + Self.leafGap }))
      below.append([])
      let numbers = column.edges.map { graph.edges[$0].to }
      below[column.parent] = below[column.parent].compactMap {
        $0 == numbers[0] ? unit : numbers.contains($0) ? nil : $0
      }
    }
    let layout = TreeLayout(units, children: below, columnGap: Self.columnGap, rowGap: Self.rowGap)
    (boxes, size) = (Array(layout.boxes.prefix(sizes.count)), layout.size)
    for (index, column) in columns.enumerated() {
      let unit = layout.boxes[sizes.count + index]
      (columns[index].trunk, columns[index].top) = (unit.x, unit.y)
      var top = unit.y
      for edge in column.edges {
        let number = graph.edges[edge].to
        boxes[number].move(toX: unit.x + Self.branch, y: top)
        top += boxes[number].height + Self.leafGap
      }
    }
  }

  /// Where an edge can go straight down without going behind a node that it has nothing to do with: at what x, from where,
  /// and how far; `nil` when nothing is in its way.
  ///
  /// - Parameters:
  ///   - parent: Where it begins.
  ///   - x: Where it ends.
  func detour(from parent: Int, toX x: Double, of child: Int) -> (x: Double, top: Double, bottom: Double)? {
    let (begin, end) = (boxes[parent], boxes[child])
    let obstacles = boxes.filter { $0.y >= begin.bottom && $0.bottom <= end.y }
    guard let top = obstacles.map(\.y).min(), let bottom = obstacles.map(\.bottom).max() else { return nil }
    let margin = Self.columnGap / 2
    let places = [x, begin.middle] + obstacles.flatMap { [$0.x - margin, $0.x + $0.width + margin] }
    let free = places.filter { place in
      obstacles.allSatisfy { place < $0.x - margin / 2 || place > $0.x + $0.width + margin / 2 }
    }
    func length(_ place: Double) -> Double { abs(place - begin.middle) + abs(place - x) }
    return free.min { length($0) < length($1) }.map { ($0, top, bottom) }
  }

  /// Neighbours of one parent alone to which the same goes.
  private static func columns(_ graph: OutlineGraph, _ children: [[Int]]) -> [Column] {
    guard graph.nodes.count(where: \.isLeaf) > leafLimit else { return [] }
    return graph.nodes.flatMap { parent -> [Column] in
      var runs: [[Int]] = []
      var isOpen = false
      for child in children[parent.number] {
        let edges = graph.edges.indices.filter { graph.edges[$0].to == child }
        guard graph.nodes[child].isLeaf, edges.count == 1 else {
          isOpen = false
          continue
        }
        if isOpen, let last = runs.last?.last, graph.edges[last].text == graph.edges[edges[0]].text {
          runs[runs.count - 1] += edges
        } else {
          runs.append(edges)
        }
        isOpen = true
      }
      return runs.filter { $0.count > 2 }.flatMap { run -> [Column] in
        let columnCount = (run.count + columnLength - 1) / columnLength
        let length = (run.count + columnCount - 1) / columnCount
        return stride(from: 0, to: run.count, by: length).map {
          Column(parent: parent.number, edges: Array(run[$0..<min($0 + length, run.count)]))
        }
      }
    }
  }
}

extension OutlineGraph {
  /// The children of each node, each node under one parent: a store that stands twice is under the lowest of them, so that
  /// every edge goes down.
  var tree: [[Int]] {
    var rows = Array(repeating: 0, count: nodes.count)
    var parents = Array(repeating: 0, count: nodes.count)
    // Nodes are numbered from the root down, so that the row of a parent is known when its edges are looked at.
    let edges = edges.enumerated().sorted { ($0.element.from, $0.offset) < ($1.element.from, $1.offset) }.map(\.element)
    for edge in edges where rows[edge.from] >= rows[edge.to] {
      rows[edge.to] = rows[edge.from] + 1
      parents[edge.to] = edge.from
    }
    var children = nodes.map { _ in [Int]() }
    for edge in edges where parents[edge.to] == edge.from && !children[edge.from].contains(edge.to) {
      children[edge.from].append(edge.to)
    }
    return children
  }
}
