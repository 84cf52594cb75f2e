/// Looks for a set that is enough for one rule and a set that is enough for another which have no member in common. Exact
/// for as many members as a ``TruthTable`` has; for more, it gives up after a bounded number of steps. Pure.
struct DisjointSets {
  enum Answer: Hashable {
    /// Every two such sets meet.
    case none
    /// Two that do not, of which no member can be left out.
    case found([Int], [Int])
    /// More sets than can be looked at.
    case unknown
  }

  private enum Side { case open, first, second, both }

  private static let stepLimit = 4_096

  private let first: Rule
  private let second: Rule
  private var sides: [Side]
  private var steps = 0

  /// - Parameter doubled: The members of which each side has its own, so that nobody meets there.
  static func search(_ first: Rule, _ second: Rule, memberCount: Int, apartFrom doubled: Set<Int> = []) -> Answer {
    if let one = TruthTable(first, memberCount: memberCount), let other = TruthTable(second, memberCount: memberCount) {
      func members(_ set: UInt32) -> [Int] { (0..<memberCount).filter { set & (1 << UInt32($0)) != 0 } }
      let mask = doubled.reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
      return one.disjoint(from: other, apartFrom: mask).map { .found(members($0.0), members($0.1)) } ?? .none
    }
    var search = DisjointSets(first, second, memberCount, doubled)
    return search.run()
  }

  private init(_ first: Rule, _ second: Rule, _ memberCount: Int, _ doubled: Set<Int>) {
    (self.first, self.second) = (first, second)
    sides = (0..<memberCount).map { doubled.contains($0) ? .both : .open }
  }

  /// Gives each member to one side, and goes back where a side can no longer have enough.
  private mutating func run() -> Answer {
    let open = sides.indices.filter { sides[$0] == .open }
    var depth = 0
    while true {
      steps += 1
      guard steps <= Self.stepLimit else { return .unknown }
      let isPossible = holds(first, .first, orOpen: true) && holds(second, .second, orOpen: true)
      if isPossible {
        if holds(first, .first, orOpen: false), holds(second, .second, orOpen: true) { return found(.first) }
        if holds(second, .second, orOpen: false), holds(first, .first, orOpen: true) { return found(.second) }
        guard depth == open.count else {
          sides[open[depth]] = .first
          depth += 1
          continue
        }
      }
      // Back to the last member that has not been on the second side.
      while depth > 0, sides[open[depth - 1]] == .second {
        depth -= 1
        sides[open[depth]] = .open
      }
      guard depth > 0 else { return .none }
      sides[open[depth - 1]] = .second
    }
  }

  private func holds(_ rule: Rule, _ side: Side, orOpen: Bool) -> Bool {
    rule.holds { sides[$0] == side || sides[$0] == .both || orOpen && sides[$0] == .open }
  }

  /// One side has enough already; the open members go to the other.
  private func found(_ side: Side) -> Answer {
    .found(
      smallest(first, sides.indices.filter { isOn(.first, $0) || side == .second && sides[$0] == .open }),
      smallest(second, sides.indices.filter { isOn(.second, $0) || side == .first && sides[$0] == .open }))
  }

  private func isOn(_ side: Side, _ member: Int) -> Bool { sides[member] == side || sides[member] == .both }

  /// The set without the members that it does not need, the last ones first.
  private func smallest(_ rule: Rule, _ members: [Int]) -> [Int] {
    var set = Set(members)
    for member in members.reversed() {
      set.remove(member)
      if !rule.holds(set.contains) { set.insert(member) }
    }
    return set.sorted()
  }
}

extension Outline {
  /// Whether every set of leaves that is enough for a read meets every set that is enough for a write, as far as each node
  /// can tell by its children alone. It is certain of a yes alone.
  ///
  /// - Parameter doubled: The stores of which another client has its own.
  func readsMeetWrites(_ kind: Key.Kind, apartFrom doubled: Set<String> = [], at path: [Int] = []) -> Bool {
    guard let access = access(for: kind), !children.isEmpty else { return !doubled.contains(identity(at: path)) }
    return access.read.meets(access.write, memberCount: children.count) { index in
      children[index].readsMeetWrites(kind, apartFrom: doubled, at: path + [index])
    }
  }
}

extension Rule {
  /// Whether every set that is enough for this rule and every set that is enough for another have a member in common that
  /// meets itself. It is certain of a yes alone.
  func meets(_ other: Rule, memberCount: Int, _ isMeeting: (Int) -> Bool) -> Bool {
    let apart = Set((0..<memberCount).filter { !isMeeting($0) })
    // So many that they have more in common than those apart.
    if other.fewest + fewest > memberCount + apart.count { return true }
    return memberCount <= TruthTable.memberLimit
      && DisjointSets.search(other, self, memberCount: memberCount, apartFrom: apart) == .none
  }
}

extension Rule {
  /// How many members every set that is enough has at least. It may have more where a member stands in the rule twice.
  fileprivate var fewest: Int {
    func sum(_ needed: Int, _ parts: [Rule]) -> Int {
      let counts = parts.map(\.fewest).sorted()
      guard needed > 0 else { return 0 }
      guard needed <= counts.count else { return .max / 4 }
      return isReadOnce ? min(counts[..<needed].reduce(0, +), .max / 4) : counts[needed - 1]
    }
    return switch self {
    case .child: 1
    case .all(let parts): sum(parts.count, parts)
    case .any(let parts): sum(1, parts)
    case .atLeast(let needed, let parts): sum(needed, parts)
    }
  }
}
