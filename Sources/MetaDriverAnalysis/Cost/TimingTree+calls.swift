import MetaDriver

/// The fewest and the most calls that an operation makes.
extension TimingTree {
  /// How many calls are made when each succeeds at once.
  var fewestCalls: Int {
    switch self {
    case .never: return 0
    case .leaf: return 1
    case .limited(_, let tree): return tree.fewestCalls
    case .then(let first, let second): return first.fewestCalls + second.fewestCalls
    case .many(let rule, let course, let children):
      let counts = children.map(\.fewestCalls)
      guard course.order != .concurrent, !course.awaitsAll else { return counts.reduce(0, +) }
      // So many of the first children as are enough, if any number is.
      let needed = (1...counts.count).first { number in rule.holds { $0 < number } } ?? counts.count
      return counts.prefix(needed).reduce(0, +)
    }
  }

  /// How many calls are made when all that could fail, or be late, does.
  var mostCalls: Int { calls.count }

  /// How few answers may be there when the operation is over.
  var fewestAwaited: Int {
    switch self {
    case .never: return 0
    case .leaf: return 1
    case .limited(_, let tree): return tree.fewestAwaited
    case .then(let first, let second): return first.fewestAwaited + second.fewestAwaited
    case .many(let rule, let course, let children):
      guard course.order != .sequential, !course.awaitsAll else {
        return course.awaitsAll ? children.reduce(0) { $0 + $1.fewestAwaited } : fewestCalls
      }
      let counts = children.map(\.fewestAwaited)
      guard let table = TruthTable(rule, memberCount: counts.count) else {
        return rule.count(of: counts.count).map { counts.sorted().prefix($0).reduce(0, +) } ?? counts.min() ?? 0
      }
      let sums = table.minimalSets.map { set in
        counts.indices.reduce(0) { set & (1 << UInt32($1)) != 0 ? $0 + counts[$1] : $0 }
      }
      return sums.min() ?? 0
    }
  }
}
