/// What a ``Scrub`` did of a plan, and what is left of it.
///
/// ```swift
/// let scrub = Scrub { disk; eu; us }
/// let report = try await scrub.apply(try await scrub.plan())
/// if !report.isComplete {
///   print(report)                                     // what failed, where and why
///   let rest = "\(report.remaining)"                  // a plan, to save: ScrubPlan(rest) goes on where this one stopped
///   …
/// }
/// ```
public struct ScrubReport: Sendable {
  /// What became of one copy.
  public struct Item: Sendable {
    /// What was to be done.
    public let repair: ScrubPlan.Repair
    /// What became of it at each store that was to get it, in the order of the repair's targets.
    public let outcomes: [Outcome]

    /// Whether every store has the copy now, or a newer one.
    public var isDone: Bool { outcomes.allSatisfy(\.result.isUpToDate) }
  }

  /// The repairs that were begun, in the order of the plan.
  public let items: [Item]
  /// What is left: repairs that were not begun, and those that failed, for the stores where they did.
  public let remaining: ScrubPlan

  init(of plan: ScrubPlan, _ items: [Item?]) {
    self.items = items.compactMap(\.self)
    var remaining = plan
    remaining.repairs = zip(plan.repairs, items).compactMap { repair, item in
      guard let item else { return repair }
      let targets = zip(repair.targets, item.outcomes).filter { !$1.result.isUpToDate }.map(\.0)
      guard !targets.isEmpty else { return nil }
      return ScrubPlan.Repair(key: repair.key, stat: repair.stat, sources: repair.sources, targets: targets)
    }
    self.remaining = remaining
  }

  /// Whether every repair of the plan is done.
  public var isComplete: Bool { remaining.repairs.isEmpty }

  /// How many bytes were copied.
  public var byteCount: Int {
    items.reduce(0) { sum, item in
      sum + item.repair.stat.byteCount * item.outcomes.count { if case .stored = $0.result { true } else { false } }
    }
  }
}

extension ScrubReport: CustomStringConvertible {
  /// What was done, in one line, and a line for each repair that failed.
  public var description: String {
    let done = items.count(where: \.isDone)
    let begun = items.count - done
    let left = remaining.repairs.count - begun
    var lines = ["scrubbed \(done) of \(done + begun + left) keys, \(byteCount) bytes copied"]
    if left > 0 { lines[0] += ", \(left) not begun" }
    for item in items where !item.isDone {
      let failures = item.outcomes.filter { !$0.result.isUpToDate }.map(\.description)
      lines.append("  \(item.repair.key): \(failures.joined(separator: "; "))")
    }
    return lines.joined(separator: "\n")
  }
}
