package import MetaDriverTesting

/// What became of the attacks on many trees.
package struct TreeHunt: Sendable {
  package var trees = 0
  package var composed = 0
  package var runs = 0
  /// How many promises of each guarantee were attacked.
  package var promises: [Guarantee: Int] = [:]
  package var denialsFound: [Guarantee: Int] = [:]
  package var denialsNotFound: [Guarantee: Int] = [:]
  package var unknown: [Guarantee: Int] = [:]
  /// The promises that were broken.
  package var violations: [Violation] = []
  /// A line for each denial that no history shows.
  package var misses: [String] = []

  /// A promise that was broken.
  package struct Violation: Sendable {
    /// The tree's number, the guarantee, and the smallest tree found that breaks it.
    package let line: String
    /// The same for trees and stores of other names.
    package let kind: String
    /// Everything, with the smallest script.
    package let text: String
  }

  package init() {}

  /// Attacks the tree of a number.
  ///
  /// - Parameters:
  ///   - number: Which tree.
  ///   - seeds: How many seeds are tried against each set of promises that rest on the same.
  ///   - denials: How many seeds are tried to find what is denied.
  ///   - mistakes: How likely a mistake is planted above each store.
  ///   - isGullible: Whether denials are taken for promises.
  ///   - shrinks: Whether what is found is made smaller.
  package static func attack(
    _ number: UInt64, seeds: UInt64, denials: UInt64, mistakes: Double = 0, isGullible: Bool = false,
    shrinks: Bool = true
  ) -> TreeHunt {
    var hunt = TreeHunt()
    hunt.trees = 1
    let plan = TreePlan.random(number, mistakes: mistakes)
    guard let attack = TreeAttack(plan, isGullible: isGullible) else { return hunt }
    hunt.composed = 1
    for guarantee in attack.claims.unknown { hunt.unknown[guarantee, default: 0] += 1 }
    do {
      for (world, promises) in attack.claims.promised.sorted(by: { $0.key.order < $1.key.order }) {
        for guarantee in promises { hunt.promises[guarantee, default: 0] += 1 }
        hunt.runs += Int(seeds)
        guard let found = try attack.firstBreak(in: world, seeds: 0..<seeds) else { continue }
        hunt.violations.append(try attack.report(found, of: number, seeds: 0..<min(seeds, 60), shrinks))
      }
      guard denials > 0 else { return hunt }
      let (missed, runs) = try attack.unrefuted(seeds: 0..<denials)
      hunt.runs += runs
      for guarantee in attack.claims.denied + (attack.claims.deniesMore ? [.durable] : []) {
        if missed.contains(guarantee) {
          hunt.denialsNotFound[guarantee, default: 0] += 1
          let what = guarantee == .durable ? "durable after \(max(attack.claims.losses + 1, 1)) losses" : "\(guarantee)"
          hunt.misses.append("tree \(number), \(what): \(plan)")
        } else {
          hunt.denialsFound[guarantee, default: 0] += 1
        }
      }
    } catch { hunt.violations.append(Violation(line: "tree \(number): \(error)", kind: "\(error)", text: "\(plan)")) }
    return hunt
  }

  /// Adds what became of other trees.
  package mutating func add(_ other: TreeHunt) {
    trees += other.trees
    composed += other.composed
    runs += other.runs
    promises.merge(other.promises, uniquingKeysWith: +)
    denialsFound.merge(other.denialsFound, uniquingKeysWith: +)
    denialsNotFound.merge(other.denialsNotFound, uniquingKeysWith: +)
    unknown.merge(other.unknown, uniquingKeysWith: +)
    violations += other.violations
    misses += other.misses
  }
}

extension TreeAttack {
  /// What was broken, with the smallest tree and the smallest script.
  fileprivate func report(
    _ found: Break, of number: UInt64, seeds: Range<UInt64>, _ shrinks: Bool
  ) throws -> TreeHunt.Violation {
    let (attack, found) = shrinks ? shrunk(found, seeds: seeds) : (self, found)
    let what = found.guarantee.map { "\($0)" } ?? "a run that ends"
    var scenario = attack.scenario(in: found.world, seed: found.seed)
    scenario.guarantees = found.guarantee.map { [$0] } ?? []
    let example = try Simulation.explore(seeds: [found.seed], scenario, shrinks: shrinks)
    return TreeHunt.Violation(
      line: "tree \(number), \(what), in a world of: \(found.world): \(attack.plan)",
      kind: "\(what): \(attack.plan.anonymous)",
      text: """
        tree: \(plan)
        made smaller: \(attack.plan)
        \(example.map { "\($0)" } ?? "seed \(found.seed) breaks it only with the other guarantees")
        """)
  }
}

extension TreeHunt: CustomStringConvertible {
  /// One line.
  package var description: String {
    func list(_ counts: [Guarantee: Int]) -> String {
      let parts = Guarantee.allCases.compactMap { guarantee in counts[guarantee].map { "\(guarantee) \($0)" } }
      return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }
    return "\(trees) trees, \(composed) composed, \(runs) runs; promises attacked: \(list(promises)); denials found: "
      + "\(list(denialsFound)); denials not found: \(list(denialsNotFound)); unknown: \(list(unknown)); "
      + "\(violations.count) promises broken"
  }
}
