import MetaDriver

/// Lets stamps say what they can: which delete a read of nothing has seen, under which stamps each write was stored, and
/// what cannot be. Pure.
///
/// A write's own stamp is what its writer was told: the last under which it was stored. It may be told that of another
/// write, which was there already: when somebody else's write was found under it, or several writes were told the same
/// one, nothing is known of the others.
struct StampReader {
  /// Stands for a delete of which it is not known which one it is.
  private static let someDelete = -1

  private let history: History
  private var register: Register
  /// Which writes were told a stamp, and which were found under it.
  private var told: [Stamp: [Int]] = [:]
  private var found: [Stamp: Set<Int>] = [:]

  static func read(_ register: inout Register, _ history: History) {
    var reader = StampReader(register, history)
    for index in reader.register.reads.indices { reader.look(at: index) }
    reader.takeBack()
    for index in reader.register.reads.indices { reader.checkLast(index) }
    reader.rank()
    register = reader.register
  }

  private init(_ register: Register, _ history: History) {
    self.register = register
    self.history = history
    for (index, write) in register.writes.enumerated() {
      if let stamp = write.stamp { told[stamp, default: []].append(index) }
    }
  }

  /// Says what a read with a stamp has seen.
  private mutating func look(at index: Int) {
    let read = register.reads[index]
    guard let stamp = read.stamp else { return }
    switch read.source {
    case .nowhere: register.reads[index].stamp = nil
    case .write(let write):
      if let owner = owner(of: stamp, before: write) {
        deny(index, [write, owner], "which is that of \(register.name(of: owner, in: history))")
      } else {
        found[stamp, default: []].insert(write)
      }
    case .nothing: lookForTombstone(index, stamp)
    }
  }

  private mutating func lookForTombstone(_ index: Int, _ stamp: Stamp) {
    let end = register.reads[index].end
    let others = told[stamp] ?? []
    let deletes = others.filter { !register.writes[$0].isPut }
    if let delete = deletes.last(where: { register.writes[$0].invoked <= end }) ?? deletes.first {
      register.reads[index].source = .write(delete)
      found[stamp, default: []].formUnion(deletes)
      return
    }
    // Under this stamp before it was stored under a higher one, or by a delete that was told none.
    let candidates = register.writes.indices.dropFirst().filter { delete in
      let write = register.writes[delete]
      return !write.isPut && write.invoked <= end && owner(of: stamp, before: delete) == nil
        && write.stamp.map { stamp < $0 } ?? true
    }
    if candidates.isEmpty {
      register.reads[index].source = .nowhere
      deny(
        index, others,
        others.first.map { "which is that of \(register.name(of: $0, in: history))" } ?? "which no delete has")
    } else if candidates.count == 1 {
      register.reads[index].source = .write(candidates[0])
      found[stamp, default: []].insert(candidates[0])
    } else {
      register.reads[index].candidates = candidates
      found[stamp, default: []].insert(Self.someDelete)
    }
  }

  /// A write that was told a stamp before another one began: it was not told that of the other.
  private func owner(of stamp: Stamp, before write: Int) -> Int? {
    told[stamp]?.first { $0 != write && register.writes[$0].end < register.writes[write].invoked }
  }

  /// Takes the stamps from writes that were told those of others.
  private mutating func takeBack() {
    for (stamp, writes) in told {
      let found = found[stamp] ?? []
      let isOwned = found.isEmpty ? writes.count == 1 : found.count == 1
      for write in writes where !isOwned || !found.isEmpty && !found.contains(write) {
        register.writes[write].stamp = nil
      }
    }
  }

  /// Refuses a copy under a stamp above the last.
  private mutating func checkLast(_ index: Int) {
    let read = register.reads[index]
    guard read.problem == nil, let stamp = read.stamp, case .write(let write) = read.source,
      register.writes[write].isDefinite, let last = register.writes[write].stamp, last < stamp
    else { return }
    deny(index, [write], "and \(register.name(of: write, in: history)) has the stamp \(last)")
  }

  /// Finds the writes of which one stamp is known, and no other.
  private mutating func rank() {
    var stamps = register.writes.map { Set($0.stamp.map { [$0] } ?? []) }
    for read in register.reads {
      guard case .write(let write) = read.source, let stamp = read.stamp else { continue }
      stamps[write].insert(stamp)
    }
    for (index, stamps) in stamps.enumerated() where stamps.count == 1 { register.writes[index].order = stamps.first }
  }

  private mutating func deny(_ index: Int, _ writes: [Int], _ reason: String) {
    let read = register.reads[index]
    guard let stamp = read.stamp else { return }
    let finding = register.finding(of: read, in: history)
    register.reads[index].stamp = nil
    register.reads[index].problem = Register.Problem(
      witness: writes.map { register.writes[$0].operation } + [read.operation],
      reason: "\(history.operations[read.operation]) found \(finding) under the stamp \(stamp), \(reason)")
  }
}
