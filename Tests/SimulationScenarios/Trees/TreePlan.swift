package import MetaDriver

/// A tree as a value: it can be printed, compared, made smaller, and turned into a driver.
///
/// The name of a store says how it orders puts: `b` keeps the newest, `b-fifo` what comes last, and `b-none` has no order.
/// A name that stands twice is one store.
package indirect enum TreePlan: Hashable, Sendable {
  /// A store that all clients share.
  case store(String)
  /// A store that each client has for itself, below `LocalOnly`.
  case ownStore(String)
  case replicated(ReplicatedPolicy, [TreePlan])
  case firstSuccess(FirstSuccess.MissRule, [TreePlan])
  case quorum(QuorumPolicy, [TreePlan])
  case byKind(TreePlan, TreePlan)
  case overlay(TreePlan, TreePlan)
  case migrating(PlannedPhase, TreePlan, TreePlan)
  case modified(PlannedModifier, TreePlan)

  /// What `Replicated` is told.
  package struct ReplicatedPolicy: Hashable, Sendable {
    package var writes = WriteRule.all
    package var reads = ReadRule.ordered
    package var repair = ReadRepair.background
    package var remainder = PlannedRemainder.background
    package var order = WriteOrder.concurrent
    package init() {}
  }

  /// What `Quorum` is told.
  package struct QuorumPolicy: Hashable, Sendable {
    package var read = QuorumSize.majority
    package var write = QuorumSize.majority
    package var reads = QuorumReads.regular
    package var writers = QuorumWriters.many
    package var repair = ReadRepair.background
    package var isSloppy = false
    /// How many votes the first child has.
    package var firstVotes = 1
    package var remainder = PlannedRemainder.background
    package init() {}
  }
}

/// What becomes of children that still write; a journal is a store that each client has for itself.
package enum PlannedRemainder: Hashable, Sendable {
  case background, await, cancel
  case handoff(journal: String)
}

/// How far a migration is: all the time, or moved on by the clients while they use it.
package enum PlannedPhase: Hashable, Sendable {
  case fixed(Migration.Phase)
  case moving
}

/// A node with one child.
package enum PlannedModifier: Hashable, Sendable {
  case required, readOnly, writeOnly, verified
  case timeout(milliseconds: Int)
  /// A session in memory, or in a journal that each client has for itself.
  case readYourWrites(StalePolicy, journal: String?)
  case monotonicReads(StalePolicy, journal: String?)
  case hintedHandoff(journal: String)
  /// A mistake: every other put is acknowledged and goes nowhere.
  case careless
}

extension TreePlan {
  /// The trees directly below the root.
  package var children: [TreePlan] {
    switch self {
    case .store, .ownStore: []
    case .replicated(_, let children), .firstSuccess(_, let children), .quorum(_, let children): children
    case .byKind(let first, let second), .overlay(let first, let second), .migrating(_, let first, let second):
      [first, second]
    case .modified(_, let child): [child]
    }
  }

  /// The same root above other trees, as many as it takes.
  func with(_ children: [TreePlan]) -> TreePlan {
    switch self {
    case .store, .ownStore: self
    case .replicated(let policy, _): .replicated(policy, children)
    case .firstSuccess(let rule, _): .firstSuccess(rule, children)
    case .quorum(let policy, _): .quorum(policy, children)
    case .byKind: .byKind(children[0], children[1])
    case .overlay: .overlay(children[0], children[1])
    case .migrating(let phase, _, _): .migrating(phase, children[0], children[1])
    case .modified(let modifier, _): .modified(modifier, children[0])
    }
  }

  /// Everything in the tree, from the root down.
  var nodes: [TreePlan] { [self] + children.flatMap(\.nodes) }

  /// The stores that clients share, each once.
  package var stores: [String] {
    var names: [String] = []
    for node in nodes {
      if case .store(let name) = node, !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// The stores that each client has for itself, each once: leaves and journals.
  package var ownStores: [String] {
    var names: [String] = []
    for name in nodes.flatMap(\.ownNames) where !names.contains(name) { names.append(name) }
    return names
  }

  private var ownNames: [String] {
    switch self {
    case .ownStore(let name): [name]
    case .modified(.readYourWrites(_, let journal?), _), .modified(.monotonicReads(_, let journal?), _),
      .modified(.hintedHandoff(let journal), _):
      [journal]
    default: remainder?.journal.map { [$0] } ?? []
    }
  }

  private var remainder: PlannedRemainder? {
    switch self {
    case .replicated(let policy, _): policy.remainder
    case .quorum(let policy, _): policy.remainder
    default: nil
    }
  }

  /// Whether a delete removes copies, for want of stamps, and nothing is found only where every store says so.
  package var deletesBlindly: Bool {
    nodes.contains { node in
      switch node {
      case .replicated(let policy, let children):
        policy.reads != .newest && policy.remainder.journal == nil && children.count > 1
      case .firstSuccess(_, let children): children.count > 1
      default: false
      }
    }
  }

  /// Whether clients move something while they use it.
  package var isMoving: Bool {
    nodes.contains { node in
      if case .migrating(.moving, _, _) = node { true } else { false }
    }
  }
}

extension TreePlan {
  /// The same tree with its migrations in other phases. What is said of a tree is said of all of them.
  ///
  /// - Parameter number: The phases of the outermost migrations and of those below them, as digits.
  func inPhases(_ number: Int) -> TreePlan {
    let phases = Migration.Phase.allCases
    let isFixed = if case .migrating(.fixed, _, _) = self { true } else { false }
    let children = children.map { $0.inPhases(isFixed ? number / phases.count : number) }
    return isFixed ? .migrating(.fixed(phases[number % phases.count]), children[0], children[1]) : with(children)
  }
}

extension PlannedRemainder {
  var journal: String? { if case .handoff(let journal) = self { journal } else { nil } }
}

extension PutOrdering {
  /// The ordering of a store, as its name says.
  init(ofStore name: String) {
    self = name.hasSuffix("-fifo") ? .fifo : name.hasSuffix("-none") ? .none : .newestWins
  }
}
