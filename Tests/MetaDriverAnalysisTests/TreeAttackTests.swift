import MetaDriverTesting
import SimulationScenarios
import TestSupport
import Testing

/// Everything that the analysis says of trees of chance, against what the simulator makes of them.
///
/// `SimulationRunner trees` tries many more in `Tests/run`.
@Suite(.timeLimit(.minutes(10))) struct TreeAttackTests {
  @Test("Promises of trees of chance are kept")
  func promises() async throws {
    let numbers = seeds(0..<25)
    let hunts = try await apart { numbers.map { TreeHunt.attack($0, seeds: 8, denials: 0) } }
    for hunt in hunts { for violation in hunt.violations { Issue.record("SEED=\(violation.line)\n\(violation.text)") } }
    #expect(hunts.contains { !$0.promises.isEmpty })
  }

  @Test("A number is one tree, and a tree is what a smaller one is made of")
  func numbers() {
    for number in seeds(0..<300) {
      let plan = TreePlan.random(number)
      #expect(plan == TreePlan.random(number), "SEED=\(number)")
      for smaller in plan.simpler {
        #expect(Set(smaller.stores).isSubset(of: plan.stores), "SEED=\(number): \(smaller)")
        #expect(smaller != plan, "SEED=\(number)")
      }
    }
  }

  @Test("A node that acknowledges puts and drops them is found, and little is left of the tree")
  func carelessNode() async throws {
    let hunts = try await apart { (0..<12).map { TreeHunt.attack($0, seeds: 20, denials: 0, mistakes: 1) } }
    let found = hunts.flatMap(\.violations).filter { $0.kind.contains("Careless") }
    #expect(found.count >= 5, "\(found.map(\.line))")
    #expect(found.contains { $0.kind.hasSuffix(": Careless { s1 }") }, "\(found.map(\.kind))")
  }

  @Test("Promises that the analysis does not make are broken")
  func gullible() async throws {
    let hunts = try await apart {
      (0..<30).map { TreeHunt.attack($0, seeds: 40, denials: 0, isGullible: true, shrinks: false) }
    }
    #expect(hunts.flatMap(\.violations).count >= 3)
  }
}
