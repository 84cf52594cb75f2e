import MetaDriver

/// Puts the writes of a register into an order that explains all its reads, or finds writes that cannot have one. Pure.
///
/// A write and the reads that have seen it form a cluster, which lies whole before or after every other: nothing else is
/// written in between. Its zone is from the first end of an operation in it to the last beginning. One cluster must come
/// before another one when the first end in it is earlier than the last beginning in the other, or when its stamp is
/// smaller. There is an order iff that has no cycle, and if there is a cycle, then there is one of two or three.
///
/// Source: P. Gibbons, E. Korach, *Testing Shared Memories*; the stamps are added here.
struct ZoneOrder {
  /// One write and what has seen it.
  private struct Zone {
    let write: Int
    var stamp: Stamp?
    /// The first end, and whose it is.
    var end: (moment: Int, operation: Int)
    /// The last beginning, and whose it is.
    var begin: (moment: Int, operation: Int)
  }

  private let register: Register
  private let history: History
  private var zones: [Zone] = []
  private var byEnd = RemovalList([], below: 0)
  private var unstamped = RemovalList([], below: 0)
  private var stamped = RemovalList([], below: 0)

  /// Why there is no order, if there is none.
  ///
  /// - Precondition: Every read has seen a known write, and ended no earlier than that began.
  /// - Complexity: O(n log n).
  static func contradiction(in register: Register, _ history: History) -> Register.Problem? {
    var order = ZoneOrder(register, history)
    return order.cycle().map(order.problem)
  }

  private init(_ register: Register, _ history: History) {
    self.register = register
    self.history = history
    var zoneOfWrite = Array(repeating: -1, count: register.writes.count)
    // A write that nobody knows of need not have happened.
    for (index, write) in register.writes.enumerated() where index == 0 || write.isEffective {
      zoneOfWrite[index] = zones.count
      zones.append(
        Zone(
          write: index, stamp: write.order, end: (write.end, write.operation), begin: (write.invoked, write.operation)))
    }
    for read in register.reads {
      guard case .write(let write) = read.source else { continue }
      let zone = zoneOfWrite[write]
      if read.end < zones[zone].end.moment { zones[zone].end = (read.end, read.operation) }
      if read.invoked > zones[zone].begin.moment { zones[zone].begin = (read.invoked, read.operation) }
    }
    let zones = zones
    let byBegin = zones.indices.sorted { zones[$0].begin.moment < zones[$1].begin.moment }
    byEnd = RemovalList(zones.indices.sorted { zones[$0].end.moment < zones[$1].end.moment }, below: zones.count)
    unstamped = RemovalList(byBegin.filter { zones[$0].stamp == nil }, below: zones.count)
    let ranked = byBegin.compactMap { zone in zones[zone].stamp.map { (zone: zone, stamp: $0) } }
    // Those with one stamp, which are in no order, stay sorted by their beginning.
    stamped = RemovalList(
      ranked.enumerated().sorted { ($0.element.stamp, $0.offset) < ($1.element.stamp, $1.offset) }.map(\.element.zone),
      below: zones.count)
  }

  /// Takes out one cluster after the other that need not come after any that is left.
  ///
  /// - Returns: Clusters of which each must come after the next one, and the last one after the first.
  private mutating func cycle() -> [Int]? {
    while let first = byEnd.first {
      guard let free = free(first) else { return cycle(from: first) }
      byEnd.remove(free)
      if zones[free].stamp == nil { unstamped.remove(free) } else { stamped.remove(free) }
    }
    return nil
  }

  /// A cluster that may come next. When the time forbids it to the first of each kind, it does so to all of that kind
  /// but for the one that ends first, which does not hold back itself.
  private func free(_ first: Int) -> Int? {
    if let zone = stamped.first, obstacle(to: zone, first) == nil { return zone }
    if let zone = unstamped.first, obstacle(to: zone, first) == nil { return zone }
    return obstacle(to: first, first) == nil ? first : nil
  }

  /// A cluster that must come before another one.
  private func obstacle(to zone: Int, _ first: Int) -> Int? {
    if let rival = zone == first ? byEnd.after(first) : first, zones[rival].end.moment < zones[zone].begin.moment {
      return rival
    }
    guard let stamp = zones[zone].stamp, let head = stamped.first, let lowest = zones[head].stamp else { return nil }
    return lowest < stamp ? head : nil
  }

  /// Goes from each cluster to one that must come before it. All that are met are the first two by their ends and the
  /// first by its stamp: that is why a cycle is so short.
  private func cycle(from first: Int) -> [Int] {
    var path = [first]
    while let obstacle = path.last.flatMap({ obstacle(to: $0, first) }) {
      if let start = path.firstIndex(of: obstacle) { return Array(path[start...]) }
      path.append(obstacle)
    }
    return path
  }

  private func problem(_ cycle: [Int]) -> Register.Problem {
    var witness: [Int] = []
    // From one that must be first to the one that must come after it, and on, back to the first.
    let zones = cycle.reversed().map { self.zones[$0] }
    let reasons = zones.indices.map { index in
      let (early, late) = (zones[index], zones[(index + 1) % zones.count])
      witness += [register.writes[early.write].operation]
      guard early.end.operation >= 0 else { return "\(name(early)) comes before \(name(late))" }
      if early.end.moment < late.begin.moment {
        witness += [early.end.operation, late.begin.operation]
        return "\(name(early)) comes before \(name(late)), as \(history.operations[early.end.operation]) had ended "
          + "before \(history.operations[late.begin.operation]) began"
      }
      return "\(name(early)) comes before \(name(late)), as its stamp is smaller"
    }
    return Register.Problem(witness: witness, reason: "there is no order: " + reasons.joined(separator: "; but "))
  }

  private func name(_ zone: Zone) -> String {
    guard zone.write != 0 else { return "the nothing at the beginning" }
    let write = history.operations[register.writes[zone.write].operation]
    if case .put(let value) = write.kind { return "\(value)" }
    return "the nothing left by operation \(write.id)"
  }
}
