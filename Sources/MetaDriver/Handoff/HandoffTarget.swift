/// A child that writes are queued for, and how they are sent to it.
struct HandoffTarget: Sendable {
  typealias Send = @Sendable (Record, Key, Context) async throws(DriverError) -> Receipt
  typealias Fetch = @Sendable (Key, HandoffQueue.Rank, Context) async throws(DriverError) -> Record
  typealias Describe = @Sendable (Key, Context) async throws(DriverError) -> Stat?

  /// How it is called in reports, and in the journal.
  let child: String
  /// Its place among the node's children.
  let index: Int
  /// The stores below it: what tells it from another child of the same name.
  let stores: Set<String>
  /// The same, where another process knows all of them by the same identities; else none.
  let lastingStores: Set<String>
  /// How many copies make a write count as sent.
  let rule: String
  /// The context of its node, without the caller's hints, credentials and deadline: replay comes long after the call.
  let context: Context
  /// The node that sends.
  let owner: ObjectIdentifier
  /// Puts a record, in a context in which it never replaces anything newer.
  let send: Send
  /// Finds a record of at least a rank in the other children of the node; `nil` where there are none.
  let fetch: Fetch?
  /// Describes what the child has; `nil` where that can be taken back.
  let describe: Describe?
  let stragglers = Stragglers(children: 1)

  init(
    _ child: String, _ outline: Outline, at index: Int, of owner: ObjectIdentifier, in context: Context,
    fetch: Fetch? = nil, describe: Describe? = nil, send: @escaping Send
  ) {
    (self.child, self.index, self.context, self.owner, self.send) = (child, index, context, owner, send)
    (self.fetch, self.describe) = (fetch, describe)
    let leaves = outline.leaves
    stores = Set(leaves.map(\.identity))
    lastingStores = leaves.allSatisfy(\.isLasting) ? stores : []
    rule = outline.writeRule
  }

  /// Tells the observer what became of a queued write.
  func report(_ key: Key?, _ outcome: Event.Outcome, since start: Duration) {
    guard let trace = context.trace else { return }
    Trace(parent: trace, index: index).note(
      .handoff, key, context.attempt, start: start, end: context.runtime.now, outcome)
  }
}

extension HandoffJournal.State {
  /// The child that keeps another from being served: one that is, or that was when what is still queued was queued.
  func refusal(of target: HandoffTarget) -> String? {
    let child = target.child
    let others = targets[child, default: []].filter { $0.owner != target.owner }
    guard others.allSatisfy({ $0.stores == target.stores }) else {
      return "another child called \(child), which is another store: give each node a journal, or each child a name, "
        + "of its own"
    }
    let count = queue.slots(of: child).count
    guard let rule = rules[child], rule != target.rule, !others.isEmpty || count > 0 else { return nil }
    let queued = "\(count) \(count == 1 ? "entry is" : "entries are") queued by that rule"
    return "\(child) as a child that needs \(rule), and here it needs \(target.rule): a write that was queued by the "
      + "one would be done by what is enough for the other. "
      + (others.isEmpty
        ? "\(queued): open that tree, and drain the journal, first"
        : "Give each tree a journal of its own, or close the other one first")
  }
}

extension Outline {
  /// Which stores a write needs, in words that do not depend on the order in which the tree names them.
  fileprivate var writeRule: String {
    let names = leaves.map(\.label)
    let (mutable, immutable) = (words(.mutable, names), words(.immutable, names))
    return mutable == immutable ? mutable : "\(mutable) for mutable data and \(immutable) for immutable data"
  }

  private func words(_ kind: Key.Kind, _ names: [String]) -> String {
    formula(for: .put, on: kind).words { names[$0] }
  }
}

extension Rule {
  fileprivate func words(_ name: (Int) -> String) -> String {
    let (needed, parts) =
      switch self {
      case .child(let child): (1, [name(child)])
      case .all(let parts): (parts.count, parts.map { $0.words(name) })
      case .any(let parts): (1, parts.map { $0.words(name) })
      case .atLeast(let needed, let parts): (needed, parts.map { $0.words(name) })
      }
    guard needed != 1 || parts.count != 1 else { return parts[0] }
    return "\(needed == parts.count ? "all" : "\(needed)") of (\(parts.sorted().joined(separator: ", ")))"
  }
}
