import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// The checks against a model that knows nothing of outlines: for random trees it tries every set of working leaves.
@Suite struct StrategyChecksRandomTests {
  /// A tree as the model sees it.
  private indirect enum Tree {
    case leaf(Int)
    case readOnly(Tree)
    case writeOnly(Tree)
    case first([Tree])
    case replicated(needed: Int, required: Set<Int>, [Tree])
    case quorum(read: Int, write: Int, [Tree])

    func canRead(_ working: Set<Int>) -> Bool {
      switch self {
      case .leaf(let leaf): working.contains(leaf)
      case .readOnly(let tree): tree.canRead(working)
      case .writeOnly: false
      case .first(let trees), .replicated(_, _, let trees): trees.contains { $0.canRead(working) }
      case .quorum(let read, _, let trees): trees.count { $0.canRead(working) } >= read
      }
    }

    func canWrite(_ working: Set<Int>) -> Bool {
      switch self {
      case .leaf(let leaf): working.contains(leaf)
      case .readOnly: false
      case .writeOnly(let tree): tree.canWrite(working)
      case .first(let trees): trees.contains { $0.canWrite(working) }
      case .replicated(let needed, let required, let trees):
        trees.count { $0.canWrite(working) } >= needed && required.allSatisfy { trees[$0].canWrite(working) }
      case .quorum(_, let write, let trees): trees.count { $0.canWrite(working) } >= write
      }
    }

    static func random(depth: Int, leaves: Int, _ generator: inout SeededGenerator) -> Tree {
      let pick = depth == 0 ? 0 : Int.random(in: 0...9, using: &generator)
      switch pick {
      case 0...3: return .leaf(Int.random(in: 0..<leaves, using: &generator))
      case 4:
        let inner = random(depth: depth - 1, leaves: leaves, &generator)
        return Bool.random(using: &generator) ? .readOnly(inner) : .writeOnly(inner)
      default:
        let count = Int.random(in: 1...3, using: &generator)
        let trees = (0..<count).map { _ in random(depth: depth - 1, leaves: leaves, &generator) }
        let needed = Int.random(in: 1...count, using: &generator)
        switch pick {
        case 5, 6: return .first(trees)
        case 7, 8:
          let required = (0..<count).filter { _ in Int.random(in: 0...2, using: &generator) == 0 }
          return .replicated(needed: needed, required: Set(required), trees)
        default: return .quorum(read: Int.random(in: 1...count, using: &generator), write: needed, trees)
        }
      }
    }

    func driver(_ leaves: [any Driver]) -> any Driver {
      func withhold(_ driver: some Driver, writes: Bool) -> any Driver {
        writes ? driver.readOnly() : driver.writeOnly()
      }
      func require(_ driver: some Driver) -> any Driver { driver.required() }
      switch self {
      case .leaf(let leaf): return leaves[leaf]
      case .readOnly(let tree): return withhold(tree.driver(leaves), writes: true)
      case .writeOnly(let tree): return withhold(tree.driver(leaves), writes: false)
      case .first(let trees): return FirstSuccess { for tree in trees { tree.driver(leaves) } }
      case .replicated(let needed, let required, let trees):
        return Replicated(writes: .atLeast(needed)) {
          for (index, tree) in trees.enumerated() {
            if required.contains(index) { require(tree.driver(leaves)) } else { tree.driver(leaves) }
          }
        }
      case .quorum(let read, let write, let trees):
        return Quorum(read: .exactly(read), write: .exactly(write), sloppy: true) {
          for tree in trees { tree.driver(leaves) }
        }
      }
    }
  }

  private static func subsets(_ count: Int) -> [Set<Int>] {
    (0..<1 << count).map { mask in Set((0..<count).filter { mask & 1 << $0 != 0 }) }
  }

  /// The sets that a warning names: `written to {0, 2}, read from {1}`.
  private static func witness(in reason: String) -> [Set<Int>] {
    reason.split(separator: "{").dropFirst().map { part in
      Set(part.prefix { $0 != "}" }.split(separator: ",").compactMap { Int($0.drop { $0 == " " }) })
    }
  }

  // R22
  @Test(
    "The witness of a missed write is one, there is none where none is shown, and so is publication",
    arguments: [UInt64](1...8))
  func randomTrees(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var (composed, warned, unpublished) = (0, 0, 0)
    for round in 0..<400 {
      let count = Int.random(in: 1...5, using: &generator)
      let tree = Tree.random(depth: 3, leaves: count, &generator)
      let isLocal = (0..<count).map { _ in Int.random(in: 0...2, using: &generator) == 0 }
      let leaves: [any Driver] = (0..<count).map { index in
        let leaf = MemoryDriver("\(index)")
        return isLocal[index] ? leaf.localOnly() : leaf
      }
      let driver = tree.driver(leaves)
      let place: Comment = "seed \(seed), round \(round), \(driver.outline)"

      let strategy: Strategy
      do throws(CompositionError) {
        strategy = try Strategy("s", visibility: .privateData) { driver }
      } catch { continue }
      composed += 1
      let subsets = Self.subsets(count)
      let exists = subsets.contains { written in
        tree.canWrite(written) && subsets.contains { $0.isDisjoint(with: written) && tree.canRead($0) }
      }
      let warning = strategy.warnings.first { $0.reason.contains("can miss an acknowledged write") }
      #expect((warning != nil) == exists, place)
      if let warning {
        warned += 1
        let sets = Self.witness(in: warning.reason)
        guard sets.count == 2 else {
          Issue.record(place)
          continue
        }
        #expect(tree.canWrite(sets[0]), place)
        #expect(tree.canRead(sets[1]), place)
        #expect(sets[0].isDisjoint(with: sets[1]), place)
        // Neither names a leaf that it could do without.
        for leaf in sets[0] { #expect(!tree.canWrite(sets[0].subtracting([leaf])), place) }
        for leaf in sets[1] { #expect(!tree.canRead(sets[1].subtracting([leaf])), place) }
      }

      // Not every leaf is in the tree.
      let local = Set(driver.outline.leaves.compactMap { Int($0.label) }.filter { isLocal[$0] })
      // Nobody learns anything from a leaf that makes no difference to a read, where there are reads at all.
      let readers = isLocal.indices.filter { leaf in
        subsets.contains { tree.canRead($0.union([leaf])) && !tree.canRead($0.subtracting([leaf])) }
      }
      let unseen = readers.isEmpty ? local : local.union(Set(isLocal.indices).subtracting(readers))
      let isPublished = local.isEmpty || !tree.canWrite(unseen)
      let composes: Bool
      do throws(CompositionError) {
        _ = try Strategy("s") { driver }
        composes = true
      } catch { composes = false }
      #expect(composes == isPublished, place)
      if !isPublished { unpublished += 1 }
    }
    // The seeds reach what they are meant to.
    #expect(composed > 40 && warned > 10 && unpublished > 3, "seed \(seed): \(composed), \(warned), \(unpublished)")
  }
}
