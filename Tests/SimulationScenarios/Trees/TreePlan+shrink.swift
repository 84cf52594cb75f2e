import MetaDriver

extension TreePlan {
  /// Trees with one node less, or with one that is told less, the smallest first. Stores keep their names.
  package var simpler: [TreePlan] {
    var found = children.filter { !$0.stores.isEmpty } + withoutOneChild + simplerHere
    let children = children
    for index in children.indices {
      for child in children[index].simpler {
        var changed = children
        changed[index] = child
        found.append(with(changed))
      }
    }
    var seen: Set<TreePlan> = [self]
    return found.filter { seen.insert($0).inserted }.enumerated()
      .sorted { ($0.element.nodes.count, $0.offset) < ($1.element.nodes.count, $1.offset) }.map(\.element)
  }

  private var withoutOneChild: [TreePlan] {
    switch self {
    case .replicated, .quorum, .firstSuccess:
      guard children.count > 1 else { return [] }
      return children.indices.flatMap { index in
        var left = children
        left.remove(at: index)
        return [with(left).fitted, with(left)]
      }
    default: return []
    }
  }

  /// Fewer votes, for a node that has lost a child.
  private var fitted: TreePlan {
    switch self {
    case .replicated(var policy, let children):
      if case .atLeast(let count) = policy.writes { policy.writes = .atLeast(max(1, count - 1)) }
      return .replicated(policy, children)
    case .quorum(var policy, let children):
      func less(_ size: inout QuorumSize) {
        if case .exactly(let count) = size { size = .exactly(max(1, count - 1)) }
      }
      less(&policy.read)
      less(&policy.write)
      return .quorum(policy, children)
    default: return self
    }
  }

  /// The same node with one thing as it is by default.
  private var simplerHere: [TreePlan] {
    switch self {
    case .replicated(let policy, let children):
      let plain = ReplicatedPolicy()
      return changes(
        of: policy,
        [
          { $0.order = plain.order }, { $0.remainder = plain.remainder }, { $0.repair = plain.repair },
          { $0.writes = plain.writes }, { $0.reads = plain.reads },
        ]
      ) { .replicated($0, children) }
    case .quorum(let policy, let children):
      let plain = QuorumPolicy()
      return changes(
        of: policy,
        [
          { $0.remainder = plain.remainder }, { $0.repair = plain.repair }, { $0.firstVotes = 1 },
          { $0.writers = plain.writers }, { $0.reads = plain.reads },
          { policy in
            (policy.read, policy.write, policy.isSloppy) = (plain.read, plain.write, false)
          },
        ]
      ) { .quorum($0, children) }
    case .firstSuccess(.stop, let children): return [.firstSuccess(.continue, children)]
    case .migrating(let phase, let from, let to) where phase != .fixed(.notBegun):
      return [.migrating(.fixed(.notBegun), from, to)]
    case .modified(.readYourWrites(_, _?), let child):
      return [.modified(.readYourWrites(.serveOwnCopy, journal: nil), child)]
    case .modified(.monotonicReads(_, _?), let child): return [.modified(.monotonicReads(.widen, journal: nil), child)]
    default: return []
    }
  }

  private func changes<Policy: Hashable>(
    of policy: Policy, _ changes: [(inout Policy) -> Void], _ make: (Policy) -> TreePlan
  ) -> [TreePlan] {
    changes.compactMap { change in
      var changed = policy
      change(&changed)
      return changed == policy ? nil : make(changed)
    }
  }
}
