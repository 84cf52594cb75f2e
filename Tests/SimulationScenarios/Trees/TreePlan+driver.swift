package import MetaDriver
package import MetaDriverTesting

extension TreePlan {
  /// A script left out a store that the tree needs.
  struct NoStore: Error { let name: String }

  /// Makes the tree of one client.
  ///
  /// - Parameters:
  ///   - leaves: The stores, as the client sees them, its own ones among them.
  ///   - ownFailures: How likely a call of one of its own fails.
  package func driver(over leaves: [Faulty], ownFailures: Double = 0) throws -> any Driver {
    var maker = TreeMaker(leaves: leaves, ownFailures: ownFailures)
    return try maker.driver(self)
  }
}

/// Makes drivers of the nodes of one tree. What has one name is one thing.
private struct TreeMaker {
  let leaves: [Faulty]
  let ownFailures: Double
  var journals: [String: HandoffJournal] = [:]

  func leaf(_ name: String) throws -> Faulty {
    // Those that clients have for themselves are called after the client besides.
    guard
      let leaf = leaves.first(where: { leaf in
        let label = leaf.outline.label
        return label == name || label.hasPrefix("\(name)-of-")
      })
    else { throw TreePlan.NoStore(name: name) }
    return leaf
  }

  func own(_ name: String) throws -> Ailing<Faulty> {
    let leaf = try leaf(name)
    // Whoever looks at what is left must be able to.
    let isAudit = leaf.outline.label.contains("-of-auditor")
    return Ailing(failures: isAudit ? 0 : ownFailures) { leaf }
  }

  mutating func journal(_ name: String) throws -> HandoffJournal {
    if let known = journals[name] { return known }
    let journal = HandoffJournal(
      on: try own(name), backOff: BackOff(from: .milliseconds(20), upTo: .seconds(10)))
    journals[name] = journal
    return journal
  }

  mutating func remainder(_ planned: PlannedRemainder) throws -> Remainder {
    switch planned {
    case .background: .background
    case .await: .await
    case .cancel: .cancel
    case .handoff(let name): .handoff(try journal(name))
    }
  }

  mutating func driver(_ plan: TreePlan) throws -> any Driver {
    var children: [any Driver] = []
    for child in plan.children { children.append(try driver(child)) }
    switch plan {
    case .store(let name): return try leaf(name)
    case .ownStore(let name): return try own(name).localOnly()
    case .replicated(let policy, _):
      return Replicated(
        writes: policy.writes, reads: policy.reads, repair: policy.repair, remainder: try remainder(policy.remainder),
        order: policy.order
      ) { children }
    case .firstSuccess(let rule, _): return FirstSuccess(onMiss: rule) { children }
    case .quorum(let policy, _):
      return Quorum(
        read: policy.read, write: policy.write, reads: policy.reads, writers: policy.writers, repair: policy.repair,
        sloppy: policy.isSloppy, weighted: policy.firstVotes > 1, remainder: try remainder(policy.remainder)
      ) {
        children
        Array(repeating: children[0], count: policy.firstVotes - 1)
      }
    case .byKind: return Self.byKind(children[0], children[1])
    case .overlay: return Self.overlay(children[0], children[1])
    case .migrating(.fixed(let phase), _, _):
      return Self.migrating(children[0], children[1], state: FixedPhase(phase))
    case .migrating(.moving, _, _):
      return Moving(Self.migrating(children[0], children[1], state: try leaf(TreePlan.stateStore)))
    case .modified(let modifier, _): return try modified(children[0], modifier)
    }
  }

  private static func byKind(_ mutable: some Driver, _ immutable: some Driver) -> any Driver {
    ByKind(mutable: { mutable }, immutable: { immutable })
  }

  private static func overlay(_ upper: some Driver, _ lower: some Driver) -> any Driver {
    Overlay(upper: { upper }, over: { lower })
  }

  private static func migrating(_ from: some Driver, _ to: some Driver, state: some Driver) -> Migrating {
    Migrating(FixedPhase.migration, state: state, from: { from }, to: { to })
  }

  private mutating func modified(_ base: some Driver, _ modifier: PlannedModifier) throws -> any Driver {
    switch modifier {
    case .required: return base.required()
    case .readOnly: return base.readOnly()
    case .writeOnly: return base.writeOnly()
    case .verified: return base.verified()
    case .timeout(let limit): return base.timeout(.milliseconds(limit))
    case .readYourWrites(let policy, let name):
      return if let name { ReadYourWrites(journal: try own(name), onStale: policy) { base } } else {
        ReadYourWrites(onStale: policy) { base }
      }
    case .monotonicReads(let policy, let name):
      return if let name { MonotonicReads(floors: try own(name), onStale: policy) { base } } else {
        MonotonicReads(onStale: policy) { base }
      }
    case .hintedHandoff(let name): return base.hintedHandoff(try journal(name))
    case .careless: return Careless { base }
    }
  }
}

extension TreePlan {
  /// Where the state of a migration is kept that clients move on.
  package static let stateStore = "state"
}

/// Acknowledges every other put, and does nothing.
private struct Careless<Base: Driver>: Modifier {
  let base: Base
  init(_ base: () -> Base) { self.base = base() }
  var outline: Outline { Outline(modifier: "Careless", of: base.outline) }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    guard context.runtime.withRandom({ $0.next() & 1 == 0 }) else {
      return Receipt(.stored, stamp: record.stamp ?? context.runtime.nextStamp())
    }
    return try await context.put(record, at: key, to: base)
  }
}
