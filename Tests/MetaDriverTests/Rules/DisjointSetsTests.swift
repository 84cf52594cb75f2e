import TestSupport
import Testing

@testable import MetaDriver

@Suite struct DisjointSetsTests {
  private func isAnswer(_ answer: DisjointSets.Answer, _ first: Rule, _ second: Rule, _ doubled: Set<Int>) -> Bool {
    guard case .found(let one, let other) = answer else { return false }
    return first.holds(one.contains) && second.holds(other.contains)
      && Set(one).intersection(other).isSubset(of: doubled)
      && one.allSatisfy { member in !first.holds { $0 != member && one.contains($0) } }
      && other.allSatisfy { member in !second.holds { $0 != member && other.contains($0) } }
  }

  @Test("The search, which needs no table, says what the tables say")
  func agreesWithTables() {
    let seed = UInt64.random(in: 0...(.max))
    var generator = SeededGenerator(seed: seed)
    func rule(_ depth: Int, over members: Range<Int>) -> Rule {
      guard depth > 0, Int.random(in: 0..<4, using: &generator) > 0 else {
        return .child(Int.random(in: members, using: &generator))
      }
      let parts = (0..<Int.random(in: 1...4, using: &generator)).map { _ in rule(depth - 1, over: members) }
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: return .all(parts)
      case 1: return .any(parts)
      default: return .atLeast(Int.random(in: 1...parts.count, using: &generator), parts)
      }
    }
    var (found, none) = (0, 0)
    for round in 0..<400 {
      let members = 0..<Int.random(in: 1...6, using: &generator)
      let (first, second) = (rule(3, over: members), rule(3, over: members))
      let doubled = Set(members.filter { _ in Int.random(in: 0..<6, using: &generator) == 0 })
      let known = DisjointSets.search(first, second, memberCount: members.count, apartFrom: doubled)
      // More members than a table has, which stand in neither rule.
      let searched = DisjointSets.search(first, second, memberCount: 21, apartFrom: doubled)
      #expect((known == .none) == (searched == .none), "seed \(seed), round \(round): \(first) \(second) \(doubled)")
      if known == .none { none += 1 } else { found += 1 }
      for answer in [known, searched] where answer != .none {
        #expect(isAnswer(answer, first, second, doubled), "seed \(seed), round \(round): \(first) \(second) \(answer)")
      }
    }
    #expect(found > 20 && none > 20, "seed \(seed)")
  }

  @Test("What needs too many steps is unknown, and no answer is made up")
  func givesUp() {
    let majority = Rule.atLeast(16, of: 31)
    #expect(DisjointSets.search(majority, majority, memberCount: 31) == .unknown)
    let minority = Rule.atLeast(15, of: 31)
    #expect(isAnswer(DisjointSets.search(majority, minority, memberCount: 31), majority, minority, []))
  }
}
