extension Rule {
  /// The smallest set of members whose failure makes it fail; `nil` when it never fails.
  ///
  /// - Parameter memberCount: How many members there are.
  /// - Throws: `Unsearchable` when there are more than a ``TruthTable`` has, and one of them stands in it twice.
  package func smallestFatalSet(of memberCount: Int) throws(Unsearchable) -> [Int]? {
    if let table = TruthTable(self, memberCount: memberCount) {
      return table.smallestFatalSet.map { set in (0..<memberCount).filter { set & (1 << UInt32($0)) != 0 } }
    }
    guard isReadOnce else { throw Unsearchable() }
    return dual.smallestSet?.sorted()
  }

  /// More members than every set of them can be looked at, in a rule whose parts are not independent.
  package struct Unsearchable: Error {
    package init() {}
  }

  /// The smallest set that is enough, where no member stands in the rule twice; `nil` when none is.
  package var smallestSet: [Int]? {
    func fewest(_ needed: Int, of parts: [Rule]) -> [Int]? {
      guard needed > 0 else { return [] }
      let sets = parts.compactMap(\.smallestSet)
      guard sets.count >= needed else { return nil }
      // A stable order, so that the first parts are taken where several are as good.
      return sets.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }
        .prefix(needed).flatMap(\.element)
    }
    switch self {
    case .child(let member): return [member]
    case .all(let parts): return fewest(parts.count, of: parts)
    case .any(let parts): return fewest(1, of: parts)
    case .atLeast(let needed, let parts): return fewest(needed, of: parts)
    }
  }
}
