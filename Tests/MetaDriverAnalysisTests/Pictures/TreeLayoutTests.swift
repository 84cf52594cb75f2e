import MetaDriver
import Testing

@testable import MetaDriverAnalysis

@Suite struct TreeLayoutTests {
  static func overlaps(_ boxes: [TreeLayout.Box]) -> [(Int, Int)] {
    boxes.indices.flatMap { first in
      boxes.indices.filter { second in
        let (a, b) = (boxes[first], boxes[second])
        return first < second && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.bottom && b.y < a.bottom
      }.map { (first, $0) }
    }
  }

  @Test(
    "Boxes keep their distance, stand below their parents, and parents in the middle",
    arguments: 0..<300 as Range<UInt64>)
  func chance(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...60, using: &generator)
    var children = Array(repeating: [Int](), count: count)
    for number in 1..<max(1, count) {
      children[Int.random(in: max(0, number - 9)..<number, using: &generator)].append(number)
    }
    let sizes = (0..<count).map { _ in
      TreeLayout.Size(
        width: Double.random(in: 1...200, using: &generator), height: Double.random(in: 1...90, using: &generator))
    }
    let layout = TreeLayout(sizes, children: children, columnGap: 10, rowGap: 20)
    let grown = layout.boxes.map { box in
      // A box with half of the gaps around it; what only touches does not overlap.
      var grown = TreeLayout.Box(width: box.width + 9.99, height: box.height + 19.99)
      grown.move(toX: box.x, y: box.y)
      return grown
    }
    #expect(Self.overlaps(grown).isEmpty)
    for (number, numbers) in children.enumerated() where !numbers.isEmpty {
      let (parent, below) = (layout.boxes[number], numbers.map { layout.boxes[$0] })
      #expect(abs(parent.middle - (below[0].middle + below[below.count - 1].middle) / 2) < 1e-6)
      for child in below { #expect(child.y >= parent.bottom + 20 - 1e-6 && child.y == below[0].y) }
      for (left, right) in zip(below, below.dropFirst()) { #expect(left.x + left.width + 10 <= right.x + 1e-6) }
    }
    #expect(abs(layout.boxes.map(\.x).min() ?? 1) < 1e-6)
    let size = layout.size
    for box in layout.boxes {
      #expect(box.x + box.width <= size.width + 1e-6)
      #expect(box.bottom <= size.height)
    }
  }

  @Test("Nothing takes no place")
  func empty() {
    let layout = TreeLayout([], children: [], columnGap: 10, rowGap: 20)
    #expect(layout.boxes.isEmpty && layout.size.width == 0 && layout.size.height == 0)
  }
}
