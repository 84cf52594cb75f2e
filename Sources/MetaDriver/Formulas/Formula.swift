/// Which members of a tree an operation needs, as a monotone formula: who works more never succeeds less.
///
/// Members are numbered. Those of a tree are its leaves, each store once however often it stands in the tree, and what fails
/// together. ``Rule`` says the same of the children of one node.
package indirect enum Formula: Hashable, Sendable {
  /// One member.
  case member(Int)
  /// Every one of these; true when there is none.
  case all([Formula])
  /// One of these; false when there is none.
  case any([Formula])
  /// At least so many of these.
  case atLeast(Int, [Formula])

  /// What always succeeds.
  package static var always: Formula { .all([]) }
  /// What never succeeds.
  package static var never: Formula { .any([]) }

  /// Whether the operation succeeds when exactly the members for which `works` answers yes work.
  package func holds(_ works: (Int) -> Bool) -> Bool {
    switch self {
    case .member(let member): works(member)
    case .all(let parts): parts.allSatisfy { $0.holds(works) }
    case .any(let parts): parts.contains { $0.holds(works) }
    case .atLeast(let needed, let parts): parts.count { $0.holds(works) } >= needed
    }
  }

  /// What must fail, as a formula over failures: it holds exactly when this one does not hold for those that did not fail.
  ///
  /// It is also what meets every set that this one needs: a write that satisfies the dual of a read meets every such read.
  package var dual: Formula {
    switch self {
    case .member: self
    case .all(let parts): .any(parts.map(\.dual))
    case .any(let parts): .all(parts.map(\.dual))
    case .atLeast(let needed, let parts): .atLeast(parts.count - needed + 1, parts.map(\.dual))
    }
  }

  /// The members that stand in it, once for each time they do.
  package var mentions: [Int] {
    switch self {
    case .member(let member): [member]
    case .all(let parts), .any(let parts), .atLeast(_, let parts): parts.flatMap(\.mentions)
    }
  }

  /// Whether no member stands in it twice, so that its parts fail independently of each other.
  package var isReadOnce: Bool {
    let mentions = mentions
    return Set(mentions).count == mentions.count
  }

  /// The formula with other formulas for its members.
  package func replacing(_ formula: (Int) -> Formula) -> Formula {
    switch self {
    case .member(let member): formula(member)
    case .all(let parts): .all(parts.map { $0.replacing(formula) })
    case .any(let parts): .any(parts.map { $0.replacing(formula) })
    case .atLeast(let needed, let parts): .atLeast(needed, parts.map { $0.replacing(formula) })
    }
  }
}

extension Formula {
  /// A node's rule over the formulas of its children.
  package init(_ rule: Rule, over children: (Int) -> Formula) {
    switch rule {
    case .child(let index): self = children(index)
    case .all(let rules): self = .all(rules.map { Formula($0, over: children) })
    case .any(let rules): self = .any(rules.map { Formula($0, over: children) })
    case .atLeast(let needed, let rules): self = .atLeast(needed, rules.map { Formula($0, over: children) })
    }
  }
}
