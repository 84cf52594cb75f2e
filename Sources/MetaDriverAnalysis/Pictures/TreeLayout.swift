/// Where the boxes of a tree stand: children below their parent, in rows, none over another, and a parent in the middle
/// above its first and its last child.
///
/// Subtrees are laid out alone, and then moved together until their outlines touch. The idea is that of Reingold and
/// Tilford, *Tidier Drawings of Trees* (1981).
///
/// - Complexity: O(boxes times rows).
struct TreeLayout {
  struct Size {
    let width: Double
    let height: Double
  }

  struct Box {
    fileprivate(set) var x = 0.0
    fileprivate(set) var y = 0.0
    let width: Double
    let height: Double

    var middle: Double { x + width / 2 }
    var bottom: Double { y + height }

    mutating func move(toX x: Double, y: Double) { (self.x, self.y) = (x, y) }
  }

  /// In the order of the sizes that were given.
  private(set) var boxes: [Box]
  private let children: [[Int]]
  private let columnGap: Double

  /// Lays out a tree.
  ///
  /// - Parameters:
  ///   - sizes: The boxes; the first is the root.
  ///   - children: The children of each, from left to right. Every box but the root is the child of one other.
  init(_ sizes: [Size], children: [[Int]], columnGap: Double, rowGap: Double) {
    boxes = sizes.map { Box(width: $0.width, height: $0.height) }
    (self.children, self.columnGap) = (children, columnGap)
    guard !boxes.isEmpty else { return }
    var row = [0]
    var top = 0.0
    while !row.isEmpty {
      for number in row { boxes[number].y = top }
      top += (row.map { boxes[$0].height }.max() ?? 0) + rowGap
      row = row.flatMap { children[$0] }
    }
    let edges = place(0)
    move(0, by: -(edges.map(\.left).min() ?? 0))
  }

  var size: Size {
    Size(
      width: boxes.map { $0.x + $0.width }.max() ?? 0, height: boxes.map(\.bottom).max() ?? 0)
  }

  /// How far a subtree reaches to both sides in each of its rows, from the middle of its root.
  private typealias Edges = [(left: Double, right: Double)]

  /// Lays out a subtree: each box stands relative to the middle of its parent afterwards.
  private mutating func place(_ number: Int) -> Edges {
    var below: Edges = []
    var middles: [Double] = []
    for child in children[number] {
      let edges = place(child)
      let middle = zip(below, edges).map { $0.right + columnGap - $1.left }.max() ?? 0
      middles.append(middle)
      for (row, edge) in edges.enumerated() {
        if row < below.count {
          below[row].right = middle + edge.right
        } else {
          below.append((middle + edge.left, middle + edge.right))
        }
      }
    }
    let centre = ((middles.first ?? 0) + (middles.last ?? 0)) / 2
    for (child, middle) in zip(children[number], middles) { boxes[child].x = middle - centre }
    let half = boxes[number].width / 2
    return [(-half, half)] + below.map { ($0.left - centre, $0.right - centre) }
  }

  /// Makes the places in a subtree absolute.
  private mutating func move(_ number: Int, by parent: Double) {
    let middle = boxes[number].x + parent
    boxes[number].x = middle - boxes[number].width / 2
    for child in children[number] { move(child, by: middle) }
  }
}
