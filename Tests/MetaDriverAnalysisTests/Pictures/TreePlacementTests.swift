import MetaDriver
import Testing

@testable import MetaDriverAnalysis

@Suite struct TreePlacementTests {
  @Test(
    "No node covers another, and every edge goes down, around what is in its way", arguments: 0..<200 as Range<UInt64>)
  func chance(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let graph = OutlineGraph(PictureTrees.random(&generator), kind: .mutable)
    let sizes = graph.nodes.map { _ in
      TreeLayout.Size(
        width: Double.random(in: 60...200, using: &generator), height: Double.random(in: 30...90, using: &generator))
    }
    let placement = TreePlacement(graph, sizes: sizes)
    #expect(TreeLayoutTests.overlaps(placement.boxes).isEmpty)
    for edge in graph.edges { #expect(placement.boxes[edge.from].bottom < placement.boxes[edge.to].y) }
    for box in placement.boxes {
      #expect(
        box.x >= -1e-6 && box.x + box.width <= placement.size.width + 1e-6 && box.bottom <= placement.size.height + 1e-6
      )
    }
    for edge in graph.edges {
      let end = placement.boxes[edge.to]
      guard let detour = placement.detour(from: edge.from, toX: end.middle, of: edge.to) else { continue }
      #expect(placement.boxes[edge.from].bottom <= detour.top && detour.bottom <= end.y)
      for box in placement.boxes where box.y < detour.bottom && box.bottom > detour.top {
        let isAside = detour.x < box.x || detour.x > box.x + box.width
        #expect(isAside || box.y < placement.boxes[edge.from].bottom || box.bottom > end.y)
      }
    }
    let hanging = placement.columns.flatMap(\.edges)
    #expect(Set(hanging).count == hanging.count)
    for column in placement.columns {
      // No trunk goes through a node.
      for box in placement.boxes where box.bottom > column.top {
        #expect(!(box.x...box.x + box.width).contains(column.trunk) || box.y > column.top)
      }
    }
  }

  @Test("Forty leaves of one node are no wider than a page")
  func forty() {
    let graph = OutlineGraph(PictureTrees.wide(40), kind: .mutable)
    let sizes = graph.nodes.map { _ in TreeLayout.Size(width: 100, height: 60) }
    let placement = TreePlacement(graph, sizes: sizes)
    #expect(placement.columns.map(\.edges.count) == [6, 6, 6, 6, 6, 6, 4])
    #expect(placement.size.width < 1_100)
  }

  @Test("Few leaves stand beside one another")
  func few() {
    let graph = OutlineGraph(PictureTrees.wide(8), kind: .mutable)
    let sizes = graph.nodes.map { _ in TreeLayout.Size(width: 100, height: 60) }
    #expect(TreePlacement(graph, sizes: sizes).columns.isEmpty)
  }

  @Test("A store that stands twice is below the lower of its parents")
  func shared() {
    let shared = PictureTrees.leaf("shared")
    let tree = PictureTrees.quorum(
      1, 1, [shared, PictureTrees.quorum(1, 1, [PictureTrees.leaf("a"), shared]), shared])
    let graph = OutlineGraph(tree, kind: .mutable)
    #expect(graph.nodes.map(\.name) == [nil, "shared", nil, "a"])
    #expect(graph.tree == [[2], [], [3, 1], []])
  }
}
