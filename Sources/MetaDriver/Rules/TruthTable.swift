/// A rule for every set of working members at once, a bit for each set. Exact, for up to 20 members: the leaves of a tree,
/// or the children of a node.
package struct TruthTable: Hashable, Sendable {
  /// How many members there may be: a table of 2^20 bits has 128 KiB.
  package static let memberLimit = 20

  /// How many members there are.
  package let memberCount: Int
  /// Bit `s` says whether the rule holds for the set `s`, whose bit `m` says whether member `m` works.
  private var words: [UInt64]

  /// Fills the table; `nil` when there are more members than it may have.
  ///
  /// - Complexity: O(2^n) for n members, times the parts of the rule; a part that counts to k takes k times as long.
  package init?(_ rule: Rule, memberCount: Int) {
    guard memberCount <= Self.memberLimit else { return nil }
    self.memberCount = memberCount
    words = Self.words(rule, Self.wordCount(memberCount))
    if memberCount < 6 { words[0] &= (1 << (1 << memberCount)) - 1 }
  }

  /// Whether the rule holds when exactly this set works.
  package subscript(set: UInt32) -> Bool { words[Int(set >> 6)] >> UInt64(set & 63) & 1 == 1 }

  private static func wordCount(_ memberCount: Int) -> Int { memberCount < 6 ? 1 : 1 << (memberCount - 6) }

  /// Where in a word the sets are that hold one of the first six members.
  private static let patterns: [UInt64] = [
    0xaaaa_aaaa_aaaa_aaaa, 0xcccc_cccc_cccc_cccc, 0xf0f0_f0f0_f0f0_f0f0, 0xff00_ff00_ff00_ff00, 0xffff_0000_ffff_0000,
    0xffff_ffff_0000_0000,
  ]

  private static func words(_ rule: Rule, _ count: Int) -> [UInt64] {
    switch rule {
    case .child(let member) where member < 6: return Array(repeating: patterns[member], count: count)
    case .child(let member): return (0..<count).map { $0 >> (member - 6) & 1 == 1 ? .max : 0 }
    case .all(let parts): return words(parts.count, of: parts, count)
    case .any(let parts): return words(1, of: parts, count)
    case .atLeast(let needed, let parts): return words(needed, of: parts, count)
    }
  }

  /// The sets for which at least so many parts hold.
  private static func words(_ needed: Int, of parts: [Rule], _ count: Int) -> [UInt64] {
    guard needed > 0 else { return Array(repeating: .max, count: count) }
    guard needed <= parts.count else { return Array(repeating: 0, count: count) }
    // Of the parts so far, entry k holds the sets for which more than k hold.
    var more = Array(repeating: Array(repeating: UInt64(0), count: count), count: needed)
    for (number, part) in parts.enumerated() {
      let part = words(part, count)
      // Fewer than are left to come are of no interest any more.
      let lowest = max(0, needed - (parts.count - number))
      for level in stride(from: min(number, needed - 1), through: lowest, by: -1) {
        for index in 0..<count {
          more[level][index] |= level == 0 ? part[index] : part[index] & more[level - 1][index]
        }
      }
    }
    return more[needed - 1]
  }
}

extension TruthTable {
  /// The sets for which it holds, or does not hold.
  private func forEachSet(_ holds: Bool = true, _ body: (UInt32) -> Void) {
    let last = UInt64(1) << memberCount
    for (index, word) in words.enumerated() {
      var rest = holds ? word : ~word
      while rest != 0 {
        let bit = rest.trailingZeroBitCount
        rest &= rest - 1
        let set = UInt64(index) << 6 | UInt64(bit)
        guard set < last else { return }
        body(UInt32(set))
      }
    }
  }

  /// The smallest set of members whose failure makes it fail, the first in order of their numbers; `nil` when it never
  /// fails.
  package var smallestFatalSet: UInt32? {
    var best: (count: Int, set: UInt32)?
    let everybody = UInt32((UInt64(1) << memberCount) - 1)
    forEachSet(false) { working in
      let failed = everybody & ~working
      if best.map({ (failed.nonzeroBitCount, failed) < $0 }) ?? true { best = (failed.nonzeroBitCount, failed) }
    }
    return best?.set
  }

  /// The sets that are enough, and of which no member can be left out, small ones first.
  package var minimalSets: [UInt32] {
    var sets: [UInt32] = []
    forEachSet { set in
      let isMinimal = (0..<memberCount).allSatisfy { member in
        set & (1 << UInt32(member)) == 0 || !self[set & ~(1 << UInt32(member))]
      }
      if isMinimal { sets.append(set) }
    }
    return sets.sorted { ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1) }
  }

  /// A smallest set that is enough for this, and a smallest one that is enough for the other, which have no member in
  /// common; `nil` when every two such sets meet.
  ///
  /// - Parameter doubled: The members of which the other table's side has its own, so that nobody meets there.
  package func disjoint(from other: TruthTable, apartFrom doubled: UInt32 = 0) -> (UInt32, UInt32)? {
    precondition(memberCount == other.memberCount, "tables over different members")
    let everybody = UInt32((UInt64(1) << memberCount) - 1)
    guard let own = smallestSet(where: { other[everybody & ~($0 & ~doubled)] }) else { return nil }
    return other.smallestSet { $0 & own & ~doubled == 0 }.map { (own, $0) }
  }

  /// The smallest of the sets that are enough and wanted, the first in order of the numbers of its members.
  package func smallestSet(where isWanted: (UInt32) -> Bool) -> UInt32? {
    var best: (count: Int, set: UInt32)?
    forEachSet { set in
      let candidate = (set.nonzeroBitCount, set)
      if best.map({ candidate < $0 }) ?? true, isWanted(set) { best = candidate }
    }
    return best?.set
  }

  /// Whether there is a set for which it makes a difference whether a member works.
  package func depends(on member: Int) -> Bool {
    words.indices.contains { index in
      guard member < 6 else {
        let bit = 1 << (member - 6)
        return index & bit == 0 && words[index] != words[index | bit]
      }
      let without = ~Self.patterns[member]
      return words[index] & without != words[index] >> UInt64(1 << member) & without
    }
  }

  /// The table of what still holds whichever member fails besides.
  package var survivingOneMore: TruthTable {
    var table = self
    for index in words.indices {
      for member in 0..<memberCount {
        // For each set, what the table says of the set without the member.
        if member < 6 {
          let without = words[index] & ~Self.patterns[member]
          table.words[index] &= without | without << UInt64(1 << member)
        } else {
          table.words[index] &= words[index & ~(1 << (member - 6))]
        }
      }
    }
    return table
  }

  /// How likely it holds when members work independently of each other, each with its probability.
  package func probability(_ works: [Double]) -> Double {
    precondition(works.count == memberCount, "a probability for each member")
    var chances: [Double] = [1]
    for probability in works { chances = chances.map { $0 * (1 - probability) } + chances.map { $0 * probability } }
    var sum = 0.0
    forEachSet { sum += chances[Int($0)] }
    return sum
  }
}
