import MetaDriver

extension TreePlan {
  /// The tree of a number: up to four nodes deep, over up to six stores.
  ///
  /// - Parameter mistakes: How likely a node is put around a store that acknowledges puts and drops them.
  package static func random(_ number: UInt64, mistakes: Double = 0) -> TreePlan {
    var gardener = Gardener(number, mistakes: mistakes)
    return gardener.tree(depth: Int.random(in: 1...4, using: &gardener.generator), isRoot: true)
  }
}

/// Grows a tree.
private struct Gardener {
  var generator: SeededGenerator
  private let mistakes: Double
  private var pool: [String]
  private var used: [String] = []
  private var names = 0
  private var hasMoving = false

  init(_ number: UInt64, mistakes: Double) {
    // The numbers that follow each other must not draw what their neighbours draw next.
    var generator = SeededGenerator(seed: number &* 0x2545_f491_4f6c_dd1d &+ 0x51)
    self.mistakes = mistakes
    // Most trees have stores of one kind: a single one that orders nothing settles almost every question.
    let kinds: [(suffix: String, share: Int)] =
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<6: [("", 1)]
      case 6, 7: [("-fifo", 1)]
      default: [("", 5), ("-fifo", 3), ("-none", 1)]
      }
    let choices = kinds.flatMap { Array(repeating: $0.suffix, count: $0.share) }
    pool = []
    for name in ["f", "e", "d", "c", "b", "a"] {
      pool.append(name + choices[Int.random(in: 0..<choices.count, using: &generator)])
    }
    self.generator = generator
  }

  private mutating func chance(_ share: Double) -> Bool { generator.unit() < share }

  private mutating func one<Element>(of elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &generator)]
  }

  private mutating func name(_ prefix: String) -> String {
    names += 1
    return "\(prefix)\(names)"
  }

  private mutating func leaf() -> TreePlan {
    if chance(0.07) { return .ownStore(name("own")) }
    var plan: TreePlan
    if pool.isEmpty || (!used.isEmpty && chance(0.06)) {
      plan = .store(one(of: used))
    } else {
      let store = pool.removeLast()
      used.append(store)
      plan = .store(store)
    }
    if chance(mistakes) { plan = .modified(.careless, plan) }
    return plan
  }

  mutating func tree(depth: Int, isRoot: Bool = false) -> TreePlan {
    guard depth > 0, isRoot || chance(0.7) else { return leaf() }
    switch Int.random(in: 0..<24, using: &generator) {
    case 0..<4: return replicated(depth)
    case 4..<9: return quorum(depth)
    case 9..<11: return .firstSuccess(one(of: [.continue, .stop]), trees(depth, 1...3))
    case 11: return .byKind(tree(depth: depth - 1), chance(0.5) ? tree(depth: depth - 1) : leaf())
    case 12, 13:
      let upper = tree(depth: depth - 1)
      let lower = tree(depth: depth - 1)
      return .overlay(upper, chance(0.5) ? .modified(.readOnly, lower) : lower)
    case 14, 15: return .migrating(phase(), tree(depth: depth - 1), tree(depth: depth - 1))
    default: return .modified(modifier(), tree(depth: depth - 1))
    }
  }

  private mutating func trees(_ depth: Int, _ counts: ClosedRange<Int>) -> [TreePlan] {
    var children: [TreePlan] = []
    for _ in 0..<Int.random(in: counts, using: &generator) {
      var child = tree(depth: depth - 1)
      if chance(0.05) { child = .modified(one(of: [.readOnly, .writeOnly]), child) }
      children.append(child)
    }
    return children
  }

  private mutating func required(_ children: [TreePlan]) -> [TreePlan] {
    guard chance(0.25) else { return children }
    var children = children
    let index = Int.random(in: 0..<children.count, using: &generator)
    children[index] = .modified(.required, children[index])
    return children
  }

  private mutating func remainder() -> PlannedRemainder {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0..<4: .background
    case 4: .await
    case 5: .cancel
    default: .handoff(journal: name("queue"))
    }
  }

  private mutating func replicated(_ depth: Int) -> TreePlan {
    let children = required(trees(depth, 1...4))
    var policy = TreePlan.ReplicatedPolicy()
    if chance(0.6) { policy.writes = .atLeast(Int.random(in: 1...children.count, using: &generator)) }
    policy.reads = one(of: [.ordered, .localFirst, .race, .newest, .newest])
    if policy.reads == .newest { policy.repair = one(of: [.background, .blocking, .off]) }
    policy.remainder = remainder()
    if chance(0.2), policy.remainder == .background { policy.order = .sequential }
    return .replicated(policy, children)
  }

  private mutating func quorum(_ depth: Int) -> TreePlan {
    let children = required(trees(depth, 1...5))
    var policy = TreePlan.QuorumPolicy()
    policy.firstVotes = chance(0.15) ? Int.random(in: 2...3, using: &generator) : 1
    let votes = children.count + policy.firstVotes - 1
    if chance(0.5) {
      let read = Int.random(in: 1...votes, using: &generator)
      let write = Int.random(in: 1...votes, using: &generator)
      (policy.read, policy.write) = (.exactly(read), .exactly(write))
      policy.isSloppy = read + write <= votes
    }
    policy.reads = one(of: [.regular, .regular, .atomic, .digestFirst])
    policy.writers = one(of: [.many, .many, .one])
    policy.repair = one(of: [.background, .blocking, .off])
    policy.remainder = remainder()
    return .quorum(policy, children)
  }

  private mutating func phase() -> PlannedPhase {
    if !hasMoving, chance(0.25) {
      hasMoving = true
      return .moving
    }
    return .fixed(one(of: [.notBegun, .copying, .verifying, .verified, .switched, .retired, .aborted]))
  }

  private mutating func modifier() -> PlannedModifier {
    let policies: [StalePolicy] = [
      .widen, .serveOwnCopy, .fail, .wait(atMost: .milliseconds(400), every: .milliseconds(50)),
    ]
    let journal = chance(0.5) ? name("session") : nil
    switch Int.random(in: 0..<10, using: &generator) {
    case 0, 1: return .timeout(milliseconds: one(of: [50, 200, 300]))
    case 2, 3, 4: return .readYourWrites(one(of: policies), journal: journal)
    case 5, 6: return .monotonicReads(one(of: policies), journal: journal)
    case 7, 8: return .hintedHandoff(journal: name("queue"))
    default: return .verified
    }
  }
}
