package import MetaDriver
package import MetaDriverAnalysis
package import MetaDriverTesting

/// What the analysis says of a tree, as far as a history can refute it.
package struct TreeClaims: Sendable {
  /// What the world must leave alone for a promise to hold. Everything else may happen.
  package struct World: Hashable, Sendable {
    /// One client writes, and does not crash; the others only read.
    package var hasOneWriter = false
    /// A session ends with its process.
    package var endsSessions = false
    /// Clocks agree.
    package var hasGoodClocks = false
  }

  /// What it promises, by what that rests on.
  package var promised: [World: [Guarantee]] = [:]
  /// What it denies.
  package var denied: [Guarantee] = []
  /// What it does not know.
  package var unknown: [Guarantee] = []
  /// How many stores may be lost with everything acknowledged still there; below zero when none.
  package var losses = -1
  /// Whether something that was acknowledged may be gone after one loss more.
  package var deniesMore = false
  /// Whether a reader may be given what a write has left somewhere before it met something newer, and is sent again: the
  /// reader's own write then ranks between the two, and not above what it has read.
  package var showsAttempts: Bool

  /// - Parameters:
  ///   - plan: The tree.
  ///   - analysis: What is said of it.
  ///   - outline: The outline of its driver.
  ///   - isGullible: Whether every denial is taken for a promise: a mistake, which must be found.
  package init(_ plan: TreePlan, _ analysis: Analysis, _ outline: Outline, isGullible: Bool = false) {
    for (guarantee, claim) in [
      (Guarantee.regular, analysis.regular), (.linearizable, analysis.atomic),
      (.readYourWrites, analysis.readYourWrites), (.monotonicReads, analysis.monotonicReads),
    ] {
      switch claim.verdict {
      case .yes: promised[World(claim.restsOn), default: []].append(guarantee)
      case .no where isGullible: promised[World(), default: []].append(guarantee)
      case .no: denied.append(guarantee)
      case .unknown: unknown.append(guarantee)
      }
    }
    showsAttempts = !analysis.atomic.holds
    judgeDurability(plan, analysis)
    // What is acknowledged is somewhere, whatever the tree.
    promised[World(), default: []] += [.acknowledged, .delivered]
    judgeOrder(analysis, outline)
  }

  /// What a client was told, its next write ranks above, whatever clocks say; and what its session knows from a life before.
  private mutating func judgeOrder(_ analysis: Analysis, _ outline: Outline) {
    guard outline.stampsEverything else { return }
    promised[World([.session]), default: []] += [.monotonicWrites, .writesFollowReads]
    for (claim, guarantee) in [
      (analysis.readYourWrites, Guarantee.monotonicWrites), (analysis.monotonicReads, .writesFollowReads),
    ] where claim.holds && claim.restsOn.contains(where: \.isJournal) {
      promised[World(claim.restsOn), default: []].append(guarantee)
    }
  }

  private mutating func judgeDurability(_ plan: TreePlan, _ analysis: Analysis) {
    // Whoever looks at the end has nothing in the stores that clients have for themselves.
    let isShared = analysis.othersWrites.holds
    var claim = analysis.keepsWrites(losses: 0)
    while claim.holds, losses < plan.stores.count {
      losses += 1
      let world = World(claim.restsOn)
      if losses == 0, isShared {
        promised[world, default: []].append(.durable)
        if promised[world]?.contains(.regular) ?? false { promised[world]?.append(.noResurrection) }
      }
      claim = analysis.keepsWrites(losses: losses + 1)
    }
    if claim.verdict == .unknown { unknown.append(.durable) }
    // Without its state nobody knows where the data of a migration are, whatever the leaves say.
    deniesMore =
      claim.verdict == .no && isShared && !plan.isMoving && max(losses + 1, 1) < plan.stores.count
    losses = plan.isMoving ? min(losses, 0) : min(losses, plan.stores.count - 1)
  }
}

extension TreeClaims.World {
  /// The world of promises that rest on this.
  init(_ bases: [Basis]) {
    for basis in bases {
      switch basis {
      case .orderedPuts, .oneWriter: hasOneWriter = true
      case .clocks: hasGoodClocks = true
      case .session: endsSessions = true
      case .journal: break
      }
    }
  }
}

extension Basis {
  fileprivate var isJournal: Bool { if case .journal = self { true } else { false } }
}

extension Outline {
  /// Whether every write has a stamp, and gets it above its leaf.
  fileprivate var stampsEverything: Bool {
    if stampsHere(.mutable, isOrdered: false) { return true }
    guard !children.isEmpty, let access = access(for: .mutable) else { return false }
    return Set(access.write.mentions).allSatisfy { children[$0].stampsEverything }
  }
}
