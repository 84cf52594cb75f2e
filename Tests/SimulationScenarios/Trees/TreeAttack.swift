import MetaDriver
import MetaDriverAnalysis
package import MetaDriverTesting

/// An attempt to refute everything that the analysis says of a tree.
package struct TreeAttack: Sendable {
  /// A promise that was broken.
  package struct Break: Sendable {
    package let world: TreeClaims.World
    /// `nil` when the run itself failed: it does not end, or waits for ever.
    package let guarantee: Guarantee?
    package let seed: UInt64
  }

  package let plan: TreePlan
  package let claims: TreeClaims
  private let isGullible: Bool

  /// - Returns: `nil` for a tree that does not compose.
  package init?(_ plan: TreePlan, isGullible: Bool = false) {
    self.plan = plan
    self.isGullible = isGullible
    guard !plan.stores.isEmpty else { return nil }
    let stores = plan.stores + (plan.isMoving ? [TreePlan.stateStore] : [])
    let leaves = (stores + plan.ownStores).map { Faulty($0, ordering: PutOrdering(ofStore: $0)) }
    do {
      let driver = try plan.driver(over: leaves)
      _ = try Strategy("tree") { driver }
      claims = TreeClaims(plan, Analysis(of: driver.outline), driver.outline, isGullible: isGullible)
    } catch { return nil }
  }

  /// How many promises are attacked.
  package var promiseCount: Int { claims.promised.values.reduce(0) { $0 + $1.count } }

  // MARK: Promises

  /// What is tried with a seed in a world: other faults of clocks with each, and every other time deletes.
  package func scenario(in world: TreeClaims.World, seed: UInt64) -> Scenario {
    var generator = SeededGenerator(seed: seed)
    var scenario = scenario(
      claims.promised[world] ?? [], survives: max(claims.losses, 0),
      ownFailures: [0, 0.03, 0.2][Int.random(in: 0..<3, using: &generator)])
    scenario.clients = Int.random(in: 2...3, using: &generator)
    scenario.keys = Int.random(in: 1...2, using: &generator)
    scenario.operations = [12, 20, 30][Int.random(in: 0..<3, using: &generator)]
    scenario.reads = [0.4, 0.5, 0.7][Int.random(in: 0..<3, using: &generator)]
    scenario.deletes = Bool.random(using: &generator) ? 0 : 0.3
    // Losses end such reads of nothing, and the promise is of what was stored.
    if scenario.deletes > 0, plan.deletesBlindly {
      scenario.survives = 0
      // Such a delete takes away what is known to be newer, too.
      scenario.guarantees.removeAll { $0 == .acknowledged || $0 == .delivered }
    }
    scenario.descriptions = [0, 0.35, 1][Int.random(in: 0..<3, using: &generator)]
    // Where all that is read is a stamp, no attempt is taken for the write.
    if claims.showsAttempts, scenario.descriptions < 1 { scenario.guarantees.removeAll { $0 == .writesFollowReads } }
    scenario.pause = .exponential(mean: .milliseconds(Bool.random(using: &generator) ? 10 : 30))
    scenario.weather.storeCrashes = Double.random(in: 0...1.5, using: &generator)
    scenario.weather.cuts = Double.random(in: 0...2, using: &generator)
    scenario.weather.clientCrashes = Double.random(in: 0...2, using: &generator)
    scenario.weather.faults[.refused] = Bool.random(using: &generator) ? 0.03 : 0.2
    let faults = Scenario.Weather.Clocks.faults
    if !world.hasGoodClocks { scenario.weather.clocks = faults[Int(seed % UInt64(faults.count))].clocks }
    if world.hasOneWriter {
      scenario.writers = 1
      scenario.weather.clientCrashes = 0
      scenario.weather.clocks.restartChanges = []
      // What arrives in the order in which it was sent, even if nobody waits for it any more.
      for operation in [Event.Operation.put, .compareAndPut, .delete] {
        scenario.weather.faults.requestDelays[operation] = .constant(.milliseconds(2))
      }
    }
    scenario.sessionsSurvive = !world.endsSessions
    return scenario
  }

  /// The first seed that breaks a promise.
  ///
  /// - Parameter wanted: Which one; any when it is not given.
  package func firstBreak(
    in world: TreeClaims.World, seeds: some Sequence<UInt64>, of wanted: Guarantee?? = .none
  ) throws -> Break? {
    for seed in seeds {
      let trial = try scenario(in: world, seed: seed).run(seed: seed, keepsTrace: false)
      let broken = trial.violations.filter(\.isCertain).map { Optional($0.guarantee) }
      let all = broken + (trial.failure == nil ? [] : [nil])
      guard let found = all.first(where: { wanted == nil || wanted == .some($0) }) else { continue }
      return Break(world: world, guarantee: found, seed: seed)
    }
    return nil
  }

  // MARK: Denials

  /// Which of the denied guarantees no seed has refuted.
  package func unrefuted(seeds: some Sequence<UInt64>) throws -> (guarantees: [Guarantee], runs: Int) {
    var left = claims.denied + (claims.deniesMore ? [.durable] : [])
    var runs = 0
    for seed in seeds {
      guard !left.isEmpty else { break }
      runs += 1
      let trial = try denial(of: left, seed: seed).run(seed: seed, keepsTrace: false)
      left.removeAll { guarantee in trial.violations.contains { $0.isCertain && $0.guarantee == guarantee } }
    }
    return (left, runs)
  }

  /// Weather in which stores refuse a lot, are away, and take long, and clients that read more than they write.
  func denial(of guarantees: [Guarantee], seed: UInt64) -> Scenario {
    var generator = SeededGenerator(seed: ~seed)
    var scenario = scenario(
      guarantees, survives: guarantees.contains(.durable) ? max(claims.losses + 1, 1) : 0,
      ownFailures: Bool.random(using: &generator) ? 0 : 0.2, phases: Int(seed / 4 % 49))
    scenario.clients = Int.random(in: 1...3, using: &generator)
    scenario.operations = 30
    scenario.reads = Bool.random(using: &generator) ? 0.7 : 0.5
    scenario.deletes = Bool.random(using: &generator) ? 0 : 0.2
    scenario.pause = .exponential(mean: .milliseconds(Bool.random(using: &generator) ? 4 : 15))
    switch seed % 4 {
    case 0: scenario.weather.faults[.refused] = 0.2
    case 1:
      // Outages that last, and calls that fail at once.
      scenario.weather = .calm
      scenario.weather.faults[.refused] = 0.35
      scenario.weather.storeCrashes = 3
      scenario.weather.cuts = 4
      scenario.weather.duration = .milliseconds(150)
    case 2:
      // Nothing is lost, and everything takes its time.
      scenario.weather = .calm
      scenario.weather.faults.delay = .mixture(
        0.3, .exponential(mean: .milliseconds(150)), or: .exponential(mean: .milliseconds(2)))
      scenario.weather.faults[.refused] = 0.1
    default:
      scenario.weather.faults[.hang] = 0.1
      scenario.weather.cuts = 3
      scenario.weather.storeCrashes = 2
    }
    // A life that has seen nothing yet knows least.
    scenario.weather.clientCrashes = Bool.random(using: &generator) ? 0 : 4
    // What nothing keeps in order comes late, and twice.
    if plan.stores.contains(where: { PutOrdering(ofStore: $0) == .none }), Bool.random(using: &generator) {
      scenario.weather.faults[.duplicated] = 0.15
      scenario.weather.faults[.reordered] = 0.15
    }
    let faults = Scenario.Weather.Clocks.faults
    scenario.weather.clocks = faults[Int(seed % UInt64(faults.count))].clocks
    scenario.sessionsSurvive = plan.ownStores.isEmpty ? false : Bool.random(using: &generator)
    return scenario
  }

  /// - Parameter phases: A number that says in which phases migrations are; those of the tree when it is not given.
  func scenario(_ guarantees: [Guarantee], survives: Int, ownFailures: Double = 0, phases: Int? = nil) -> Scenario {
    let stores = plan.stores + (plan.isMoving ? [TreePlan.stateStore] : [])
    let plan = phases.map(plan.inPhases) ?? plan
    var scenario = Scenario(
      "\(plan)", stores: stores.map { .init($0, ordering: PutOrdering(ofStore: $0)) }, guarantees: guarantees,
      survives: survives
    ) { leaves in try plan.driver(over: leaves, ownFailures: ownFailures) }
    scenario.ownStores = plan.ownStores.map { .init($0, ordering: PutOrdering(ofStore: $0)) }
    return scenario
  }

  // MARK: Smaller trees

  /// The smallest tree found of which the same is promised, and broken too, with the seed that does.
  ///
  /// - Parameter seeds: What is tried with each smaller tree, after the seed that broke the larger one.
  package func shrunk(_ found: Break, seeds: Range<UInt64>) -> (attack: TreeAttack, found: Break) {
    var (attack, found) = (self, found)
    var budget = 300
    var isSmaller = true
    while isSmaller {
      isSmaller = false
      for plan in attack.plan.simpler where budget > 0 {
        budget -= 1
        guard let candidate = TreeAttack(plan, isGullible: isGullible) else { continue }
        for (world, promises) in candidate.claims.promised.sorted(by: { $0.key.order < $1.key.order }) {
          guard found.guarantee.map(promises.contains) ?? true else { continue }
          guard
            let smaller = try? candidate.firstBreak(
              in: world, seeds: [found.seed] + Array(seeds), of: .some(found.guarantee))
          else { continue }
          (attack, found, isSmaller) = (candidate, smaller, true)
          break
        }
        if isSmaller { break }
      }
    }
    return (attack, found)
  }
}

extension TreeClaims.World {
  /// A number by which worlds are sorted, so that everything follows from seeds.
  package var order: Int { (hasOneWriter ? 1 : 0) + (endsSessions ? 2 : 0) + (hasGoodClocks ? 4 : 0) }
}

extension TreeClaims.World: CustomStringConvertible {
  /// What it leaves alone.
  package var description: String {
    let parts = [
      hasOneWriter ? "one writer, which does not crash" : nil, endsSessions ? "sessions end with their process" : nil,
      hasGoodClocks ? "clocks that agree" : nil,
    ].compactMap(\.self)
    return parts.isEmpty ? "whatever happens" : parts.joined(separator: ", ")
  }
}
