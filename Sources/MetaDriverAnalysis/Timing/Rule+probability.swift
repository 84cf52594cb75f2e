import MetaDriver

extension Rule {
  /// How likely it holds when its members are there independently of each other, each with its probability.
  ///
  /// - Complexity: O(n²) for n members that stand in it once; twice as long for each that stands in it more often.
  func probability(_ members: [Double]) -> Double {
    var seen: Set<Int> = []
    guard let repeated = mentions.first(where: { !seen.insert($0).inserted }) else { return independent(members) }
    let likely = members[repeated]
    func given(_ isThere: Bool) -> Double {
      replacing { $0 == repeated ? (isThere ? .always : .never) : .child($0) }.probability(members)
    }
    return (likely > 0 ? likely * given(true) : 0) + (likely < 1 ? (1 - likely) * given(false) : 0)
  }

  private func independent(_ members: [Double]) -> Double {
    switch self {
    case .child(let member): return members[member]
    case .all(let parts): return parts.reduce(1) { $0 * $1.independent(members) }
    case .any(let parts): return 1 - parts.reduce(1) { $0 * (1 - $1.independent(members)) }
    case .atLeast(let needed, let parts):
      guard needed > 0 else { return 1 }
      // How likely so many parts hold, of those so far; the last entry stands for as many as are needed, and more.
      var counts = [1.0] + Array(repeating: 0, count: needed)
      for part in parts {
        let likely = part.independent(members)
        counts[needed] += counts[needed - 1] * likely
        for count in stride(from: needed - 1, through: 1, by: -1) {
          counts[count] = counts[count] * (1 - likely) + counts[count - 1] * likely
        }
        counts[0] *= 1 - likely
      }
      return counts[needed]
    }
  }
}
