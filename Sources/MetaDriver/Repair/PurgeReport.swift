/// What a ``Purge`` did of a plan, and what is left of it.
public struct PurgeReport: Sendable {
  /// What became of one tombstone.
  public struct Item: Sendable {
    /// What was to be removed.
    public let removal: PurgePlan.Tombstone
    /// What became of it at each store, in the order of the plan's stores.
    public let outcomes: [Outcome]

    /// Whether it is gone everywhere.
    public var isDone: Bool { outcomes.allSatisfy(\.result.isAcknowledged) }
  }

  /// The removals that were begun, in the order of the plan.
  public let items: [Item]
  /// How many were not begun, because the task was cancelled.
  public let notBegun: Int

  init(of plan: PurgePlan, _ items: [Item?]) {
    self.items = items.compactMap(\.self)
    notBegun = plan.removals.count - self.items.count
  }

  /// Whether every tombstone of the plan is gone everywhere.
  public var isComplete: Bool { notBegun == 0 && items.allSatisfy(\.isDone) }
}

extension PurgeReport: CustomStringConvertible {
  /// What was done, in one line, and a line for each tombstone that stays somewhere.
  public var description: String {
    let done = items.count(where: \.isDone)
    var lines = [
      "purged \(done) of \(items.count + notBegun) tombstones" + (notBegun > 0 ? ", \(notBegun) not begun" : "")
    ]
    for item in items where !item.isDone {
      let failures = item.outcomes.filter { !$0.result.isAcknowledged }.map(\.description)
      lines.append("  \(item.removal.key): \(failures.joined(separator: "; "))")
    }
    return lines.joined(separator: "\n")
  }
}
