import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite struct TruthTableTests {
  /// A formula of chance over so many members, which may stand in it more than once.
  private func formula(_ memberCount: Int, depth: Int, using generator: inout SeededGenerator) -> Rule {
    guard depth > 0, Int.random(in: 0..<4, using: &generator) > 0 else {
      return .child(.random(in: 0..<memberCount, using: &generator))
    }
    let parts = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
      formula(memberCount, depth: depth - 1, using: &generator)
    }
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: return .all(parts)
    case 1: return .any(parts)
    default: return .atLeast(.random(in: 0...parts.count + 1, using: &generator), parts)
    }
  }

  private func sets(_ memberCount: Int) -> Range<UInt32> { 0..<(1 << UInt32(memberCount)) }

  @Test("A table answers for every set what the formula answers, and its dual the opposite for those that fail")
  func everySet() throws {
    for seed in seeds(0..<2_000) {
      var generator = SeededGenerator(seed: seed)
      let memberCount = Int.random(in: 1...8, using: &generator)
      let formula = formula(memberCount, depth: 3, using: &generator)
      let table = try #require(TruthTable(formula, memberCount: memberCount))
      let dual = try #require(TruthTable(formula.dual, memberCount: memberCount))
      for set in sets(memberCount) {
        let holds = formula.holds { set & (1 << UInt32($0)) != 0 }
        guard table[set] == holds, dual[~set & (sets(memberCount).upperBound - 1)] == !holds else {
          Issue.record("SEED=\(seed): \(formula) for \(set)")
          return
        }
      }
    }
  }

  @Test("Fatal, minimal and disjoint sets, and the probability, are those that trying every set finds")
  func bruteForce() throws {
    for seed in seeds(0..<500) {
      var generator = SeededGenerator(seed: seed)
      let memberCount = Int.random(in: 1...7, using: &generator)
      let (first, second) = (
        formula(memberCount, depth: 3, using: &generator), formula(memberCount, depth: 3, using: &generator)
      )
      let (table, other) = (
        try #require(TruthTable(first, memberCount: memberCount)),
        try #require(TruthTable(second, memberCount: memberCount))
      )
      let all = sets(memberCount)
      let everybody = all.upperBound - 1
      let good = all.filter { set in first.holds { set & (1 << UInt32($0)) != 0 } }
      let fatal = all.filter { !good.contains(everybody & ~$0) }.map { ($0.nonzeroBitCount, $0) }.min { $0 < $1 }
      #expect(table.smallestFatalSet == fatal?.1, "SEED=\(seed)")
      let minimal = good.filter { set in !good.contains { $0 != set && $0 & set == $0 } }
      #expect(Set(table.minimalSets) == Set(minimal), "SEED=\(seed)")
      let otherGood = all.filter { set in second.holds { set & (1 << UInt32($0)) != 0 } }
      var pairs: [(own: UInt32, theirs: UInt32)] = []
      for own in good { for theirs in otherGood where own & theirs == 0 { pairs.append((own, theirs)) } }
      if let (own, theirs) = table.disjoint(from: other) {
        #expect(own & theirs == 0 && good.contains(own) && otherGood.contains(theirs), "SEED=\(seed)")
        #expect(own.nonzeroBitCount == pairs.map { $0.own.nonzeroBitCount }.min(), "SEED=\(seed)")
      } else {
        #expect(pairs.isEmpty, "SEED=\(seed)")
      }
      let works = (0..<memberCount).map { _ in Double.random(in: 0...1, using: &generator) }
      var probability = 0.0
      for set in good {
        var chance = 1.0
        for (member, works) in works.enumerated() { chance *= set & (1 << UInt32(member)) != 0 ? works : 1 - works }
        probability += chance
      }
      #expect(abs(table.probability(works) - probability) < 1e-12, "SEED=\(seed)")
    }
  }

  @Test("Twenty members have a table, and one more has none")
  func limits() throws {
    let majority = Rule.atLeast(11, (0..<20).map(Rule.child))
    let table = try #require(TruthTable(majority, memberCount: 20))
    #expect(table[0b111_1111_1111] && !table[0b11_1111_1111])
    #expect(table.smallestFatalSet?.nonzeroBitCount == 10)
    #expect(table.disjoint(from: table) == nil)
    #expect(TruthTable(majority, memberCount: 21) == nil)
  }

  @Test("What always and what never holds has tables too")
  func constants() throws {
    let (always, never) = (
      try #require(TruthTable(.always, memberCount: 2)), try #require(TruthTable(.never, memberCount: 2))
    )
    #expect(always.smallestFatalSet == nil && always.minimalSets == [0])
    #expect(never.smallestFatalSet == 0 && never.minimalSets == [])
    #expect(always == TruthTable(.atLeast(0, [.child(0)]), memberCount: 2))
    #expect(always.disjoint(from: always)! == (0, 0))
  }
}
