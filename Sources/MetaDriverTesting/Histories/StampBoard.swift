import MetaDriver

/// The highest stamps that some of many places hold, for any stretch of the places. Pure.
struct StampBoard {
  /// A stamp, and what raised a floor by it.
  typealias Candidate = (stamp: Stamp, entry: Floor.Entry)

  private let count: Int
  /// A binary tree: of the places from `count` on, each is the higher of the two below it. Empty until it is needed.
  private var tree: [Candidate?] = []

  /// - Parameter count: How many places there are.
  init(count: Int) { self.count = count }

  /// Puts a stamp at a place, unless a higher one is there.
  mutating func offer(_ stamp: Stamp, _ entry: Floor.Entry, at place: Int) {
    if tree.isEmpty { tree = Array(repeating: nil, count: 2 * count) }
    var node = place + count
    while node >= 1 {
      if let known = tree[node], stamp <= known.stamp { return }
      tree[node] = (stamp, entry)
      node /= 2
    }
  }

  /// The highest stamp at the places of a range.
  ///
  /// - Complexity: O(log n) for n places.
  func highest(in places: Range<Int>) -> Candidate? {
    guard !tree.isEmpty else { return nil }
    var (low, high) = (places.lowerBound + count, places.upperBound + count)
    var highest: Candidate?
    func look(at node: Int) {
      guard let candidate = tree[node], highest.map({ $0.stamp < candidate.stamp }) ?? true else { return }
      highest = candidate
    }
    while low < high {
      if low % 2 == 1 {
        look(at: low)
        low += 1
      }
      if high % 2 == 1 {
        high -= 1
        look(at: high)
      }
      (low, high) = (low / 2, high / 2)
    }
    return highest
  }
}
