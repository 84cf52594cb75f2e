/// A tree that a search looks at, with all that its figures depend on.
struct TreeCandidate {
  let shape: TreeShape
  /// Which leaves a read needs.
  let reads: LeafSets
  /// Of which leaves a read has its answer when every call succeeds: where children are asked in turn, those of the first.
  let asked: LeafSets
  /// Which leaves get a call for a read when every call succeeds, a bit for each. A write calls all.
  let called: UInt8
  /// How many nodes it has, its leaves among them.
  let nodeCount: Int

  /// Which leaves a write needs: a node that reads from so many children writes to one more than the others are.
  var writes: LeafSets { reads.dual }

  init(leaf: Int, of leafCount: Int) {
    shape = .leaf(leaf)
    reads = LeafSets(leaf: leaf, of: leafCount)
    asked = reads
    called = 1 << UInt8(leaf)
    nodeCount = 1
  }

  /// A `Quorum`.
  init(read: Int, of children: [TreeCandidate]) {
    shape = .quorum(read: read, children.map(\.shape))
    reads = LeafSets(atLeast: read, of: children.map(\.reads))
    asked = LeafSets(atLeast: read, of: children.map(\.asked))
    called = children.reduce(0) { $0 | $1.called }
    nodeCount = children.reduce(1) { $0 + $1.nodeCount }
  }

  /// A `Replicated` that reads from one child first.
  init(readingFirst first: Int, of children: [TreeCandidate]) {
    var ordered = children
    ordered.insert(ordered.remove(at: first), at: 0)
    shape = .replicated(ordered.map(\.shape))
    reads = LeafSets(atLeast: 1, of: children.map(\.reads))
    asked = children[first].asked
    called = children[first].called
    nodeCount = children.reduce(1) { $0 + $1.nodeCount }
  }
}

extension TreeCandidate {
  private struct Behaviour: Hashable {
    let reads: LeafSets
    let asked: LeafSets
  }

  /// Every tree over each set of leaves, at the number of the set: of those that behave alike one with the fewest nodes.
  ///
  /// - Complexity: Some ten times as much with each leaf.
  static func all(_ leafCount: Int) -> [[TreeCandidate]] {
    var found: [[TreeCandidate]] = [[]]
    for set in 1..<(1 << leafCount) {
      var trees: [TreeCandidate] = []
      var places: [Behaviour: Int] = [:]
      func add(_ tree: TreeCandidate) {
        let behaviour = Behaviour(reads: tree.reads, asked: tree.asked)
        guard let place = places[behaviour] else {
          places[behaviour] = trees.count
          trees.append(tree)
          return
        }
        if tree.nodeCount < trees[place].nodeCount { trees[place] = tree }
      }
      /// Every way to divide the rest into children, each with every tree over its leaves.
      func divide(_ rest: Int, _ children: [TreeCandidate]) {
        guard rest != 0 else {
          for read in children.indices { add(TreeCandidate(read: read + 1, of: children)) }
          for first in children.indices { add(TreeCandidate(readingFirst: first, of: children)) }
          return
        }
        let lowest = rest & -rest
        let others = rest ^ lowest
        var companions = 0
        repeat {
          let part = lowest | companions
          if part != set { for tree in found[part] { divide(rest ^ part, children + [tree]) } }
          companions = (companions - others) & others
        } while companions != 0
      }
      if set.nonzeroBitCount == 1 {
        trees = [TreeCandidate(leaf: set.trailingZeroBitCount, of: leafCount)]
      } else {
        divide(set, [])
      }
      found.append(trees)
    }
    return found
  }
}
