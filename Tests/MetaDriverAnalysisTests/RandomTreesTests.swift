import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver
@testable import MetaDriverAnalysis

/// Trees of chance, and what trying every set of leaves says of them.
@Suite struct RandomTreesTests {
  private struct Garden {
    var generator: SeededGenerator
    let leaves: [Outline]
    var unused: [Int]
    let repeats: Bool

    init(seed: UInt64, repeats: Bool) {
      var generator = SeededGenerator(seed: seed)
      let count = Int.random(in: 1...8, using: &generator)
      leaves = (0..<count).map { number in
        let domain = Bool.random(using: &generator) ? "d\(number % 3)" : nil
        return Outline(leaf: Leaf("\(number)"), kind: "Test", capabilities: .basic, domain: domain)
      }
      unused = Array(0..<count)
      self.generator = generator
      self.repeats = repeats
    }

    mutating func rule(_ count: Int) -> Rule {
      let members = (0..<count).filter { _ in Int.random(in: 0..<5, using: &generator) > 0 }.map(Rule.child)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: return .all(members)
      case 1: return members.isEmpty ? .all(count) : .any(members)
      case 2: return .all([.any(count), .atLeast(Int.random(in: 0...count, using: &generator), of: count)])
      default: return .atLeast(Int.random(in: 1...count, using: &generator), of: count)
      }
    }

    mutating func tree(depth: Int) -> Outline? {
      guard depth > 0, Int.random(in: 0..<4, using: &generator) > 0 else {
        if repeats { return leaf(Int.random(in: 0..<leaves.count, using: &generator)) }
        return unused.popLast().map { leaf($0) }
      }
      var children: [Outline] = []
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        if let child = tree(depth: depth - 1) { children.append(child) }
      }
      guard !children.isEmpty else { return nil }
      return Outline(
        composite: "Node", of: children, access: Access(read: rule(children.count), write: rule(children.count)))
    }

    private mutating func leaf(_ number: Int) -> Outline {
      var leaf = leaves[number]
      if number.isMultiple(of: 3) { leaf.marks.insert(.localOnly) }
      return leaf
    }
  }

  /// Whether an operation succeeds, told by walking the tree.
  private func succeeds(_ node: Outline, _ isWrite: Bool, _ works: (Outline) -> Bool) -> Bool {
    guard let access = node.mutable else { return works(node) }
    return (isWrite ? access.write : access.read).holds { succeeds(node.children[$0], isWrite, works) }
  }

  private func leaves(of node: Outline) -> [Outline] {
    node.children.isEmpty ? [node] : node.children.flatMap(leaves)
  }

  @Test("What a tree guarantees is what trying every set of leaves says", arguments: [true, false])
  func bruteForce(repeats: Bool) {
    for seed in seeds(0..<2_500) {
      var garden = Garden(seed: seed, repeats: repeats)
      guard let tree = garden.tree(depth: 3) else { continue }
      let problems = check(tree)
      guard problems.isEmpty else {
        Issue.record("SEED=\(seed): \(problems)\n\(tree)")
        return
      }
    }
  }

  private func check(_ tree: Outline) -> [String] {
    var names: [String] = []
    for leaf in leaves(of: tree) where !names.contains(leaf.label) { names.append(leaf.label) }
    var domains: [String: String] = [:]
    for leaf in leaves(of: tree) { domains[leaf.label] = leaf.domain }
    let local = Set(leaves(of: tree).filter { $0.marks.contains(.localOnly) }.map(\.label))
    let sets = (0..<1 << names.count).map { mask in Set(names.indices.filter { mask & 1 << $0 != 0 }.map { names[$0] })
    }
    func good(_ isWrite: Bool) -> [Set<String>] {
      sets.filter { set in succeeds(tree, isWrite) { set.contains($0.label) } }
    }
    let (reads, writes) = (good(false), good(true))
    let analysis = Analysis(of: tree)
    var problems: [String] = []
    for (operation, good) in [(Analysis.Operation.reads, reads), (.writes, writes)] {
      let fatal = sets.filter { !good.contains(Set(names).subtracting($0)) }.map(\.count).min()
      if analysis.resilience(of: operation) != (fatal ?? names.count + 1) - 1 {
        problems.append("\(operation) survive \(String(describing: analysis.resilience(of: operation)))")
      }
      for failures in 0...2 {
        for failed in Set(domains.values).sorted() {
          let survives = sets.filter { $0.count <= failures }.allSatisfy { set in
            good.contains(Set(names).subtracting(set).filter { domains[$0] != failed })
          }
          let guarantee = analysis.survival(failures: failures, domainFailures: 1, of: operation)
          if guarantee.holds, !survives { problems.append("\(operation): \(guarantee), and not \(failed)") }
        }
      }
    }
    let missed = writes.contains { written in reads.contains { written.isDisjoint(with: $0) } }
    if analysis.ownWrites.holds == missed { problems.append("own writes \(analysis.ownWrites)") }
    let missedByOthers = writes.contains { written in reads.contains { written.subtracting(local).isDisjoint(with: $0) }
    }
    if analysis.othersWrites.holds == missedByOthers { problems.append("others' writes \(analysis.othersWrites)") }
    if leaves(of: tree).count == names.count {
      for isOwn in [true, false] {
        let (found, expected) = (
          NodeByNode(tree, .mutable, isOwn: isOwn).meeting.guarantee(isOwn: isOwn), isOwn ? missed : missedByOthers
        )
        if found.holds == expected { problems.append("node by node, own \(isOwn): \(found)") }
      }
    }
    for losses in 0...2 {
      let isKept = sets.filter { $0.count <= losses }.allSatisfy { lost in
        let left = reads.filter { $0.isDisjoint(with: lost) }
        return !left.isEmpty && !writes.contains { written in left.contains { $0.isDisjoint(with: written) } }
      }
      if analysis.keepsWrites(losses: losses).holds != isKept { problems.append("\(losses) losses") }
    }
    // Nobody learns anything from a leaf that makes no difference to a read, where there are reads at all.
    let readers = names.filter { name in reads.contains { $0.contains(name) && !reads.contains($0.subtracting([name])) }
    }
    let unseen = readers.isEmpty ? local : local.union(Set(names).subtracting(readers))
    if analysis.published.holds == (!local.isEmpty && writes.contains(unseen)) { problems.append("published") }
    return problems
  }
}
