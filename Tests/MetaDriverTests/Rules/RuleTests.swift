import MetaDriver
import Testing

@Suite struct RuleTests {
  /// Every subset of the children 0..<count.
  private static func worlds(_ count: Int) -> [Set<Int>] {
    (0..<(1 << count)).map { bits in Set((0..<count).filter { bits & 1 << $0 != 0 }) }
  }

  @Test("The three shorthands say what counting says", arguments: 0...5)
  func shorthands(count: Int) {
    for present in Self.worlds(count) {
      #expect(Rule.all(count).holds(present.contains) == (present.count == count))
      #expect(Rule.any(count).holds(present.contains) == !present.isEmpty)
      for needed in 0...count + 1 {
        #expect(Rule.atLeast(needed, of: count).holds(present.contains) == (present.count >= needed))
      }
    }
  }

  @Test("A rule of rules holds as its formula does")
  func nested() {
    // (0 and 1) or at least two of {2, 3, 0}
    let rule = Rule.any([.all(2), .atLeast(2, [.child(2), .child(3), .child(0)])])
    for present in Self.worlds(4) {
      let (a, b, c, d) = (present.contains(0), present.contains(1), present.contains(2), present.contains(3))
      let expected = (a && b) || (c && d) || (c && a) || (d && a)
      #expect(rule.holds(present.contains) == expected, "\(present.sorted())")
    }
  }

  @Test("A rule that holds goes on holding when more children are there")
  func monotone() {
    let rules: [Rule] = [
      .child(1), .all(3), .any(3), .atLeast(2, of: 3), .all([.any([.child(0), .child(1)]), .child(2)]),
      .atLeast(2, [.all(2), .child(1), .any([.child(2)])]),
    ]
    for rule in rules {
      for fewer in Self.worlds(3) {
        for more in Self.worlds(3) where more.isSuperset(of: fewer) && rule.holds(fewer.contains) {
          #expect(rule.holds(more.contains), "\(rule): \(fewer.sorted()) but not \(more.sorted())")
        }
      }
    }
  }

  @Test("All of nothing holds, and one of nothing does not")
  func empty() {
    #expect(Rule.all([]).holds { _ in false })
    #expect(!Rule.any([]).holds { _ in true })
  }
}
