extension Rule {
  /// What always holds.
  package static var always: Rule { .all([]) }
  /// What never holds.
  package static var never: Rule { .any([]) }

  /// What meets this rule: every set of children that is enough for the one has a child in every set that is enough for the
  /// other.
  ///
  /// ```swift
  /// let read = Rule.atLeast(2, of: 5)
  /// let access = Access(read: read, write: read.dual)   // writes need four, so that no read misses one
  /// ```
  ///
  /// It is also the rule of what must fail: it holds for the children that failed exactly when this one does not hold for
  /// the others.
  public var dual: Rule {
    switch self {
    case .child: self
    case .all(let parts): .any(parts.map(\.dual))
    case .any(let parts): .all(parts.map(\.dual))
    case .atLeast(let needed, let parts): .atLeast(parts.count - needed + 1, parts.map(\.dual))
    }
  }

  /// The children that stand in it, once for each time they do.
  package var mentions: [Int] {
    switch self {
    case .child(let child): [child]
    case .all(let parts), .any(let parts), .atLeast(_, let parts): parts.flatMap(\.mentions)
    }
  }

  /// Whether no child stands in it twice, so that its parts fail independently of each other.
  package var isReadOnce: Bool {
    let mentions = mentions
    return Set(mentions).count == mentions.count
  }

  /// The rule with other rules for its children: that of a node over those of its children is one over leaves.
  package func replacing(_ rule: (Int) -> Rule) -> Rule {
    switch self {
    case .child(let child): rule(child)
    case .all(let parts): .all(parts.map { $0.replacing(rule) })
    case .any(let parts): .any(parts.map { $0.replacing(rule) })
    case .atLeast(let needed, let parts): .atLeast(needed, parts.map { $0.replacing(rule) })
    }
  }
}
