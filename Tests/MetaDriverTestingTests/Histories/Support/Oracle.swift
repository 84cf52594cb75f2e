import MetaDriver
import MetaDriverTesting

/// The guarantees, written down as they are defined, without a thought for time: for histories of one key and a few
/// operations. It shares nothing with the checkers.
struct Oracle {
  typealias Operation = History.Operation

  /// What a read may have seen: a write by its id, or the nothing at the beginning.
  enum Seen: Hashable {
    case beginning
    case write(Int)
  }

  let operations: [Operation]
  private(set) var stamps: [Int: Stamp] = [:]

  init(_ history: History) {
    operations = history.operations
    for write in writes { stamps[write.id] = write.stamp }
    for write in writes where write.stamp == nil {
      guard case .put(let value) = write.kind else { continue }
      stamps[write.id] =
        reads.filter { $0.kind == .get(value) }
        .sorted { (order($0)) < (order($1)) }.compactMap(\.stamp).first
    }
    for write in writes where !isEffective(write) { stamps[write.id] = nil }
  }

  private func order(_ operation: Operation) -> (Int, Int) {
    (operation.invoked, operations.firstIndex { $0.id == operation.id } ?? 0)
  }

  func end(_ operation: Operation) -> Int {
    if case .ok(let end) = operation.outcome { end } else { .max }
  }

  func isDefinite(_ operation: Operation) -> Bool { end(operation) != .max }

  /// The writes that may have happened.
  var writes: [Operation] {
    operations.filter { operation in
      if case .get = operation.kind { false } else { operation.outcome != .failed }
    }
  }

  /// The reads that succeeded.
  var reads: [Operation] {
    operations.filter { operation in
      if case .get = operation.kind { isDefinite(operation) } else { false }
    }
  }

  func write(_ seen: Seen) -> Operation? {
    if case .write(let id) = seen { operations.first { $0.id == id } } else { nil }
  }

  // MARK: What a read has seen

  /// What a read may have seen by its answer alone; nothing, when its answer is impossible.
  func candidates(_ read: Operation) -> [Seen] {
    if case .get(let value?) = read.kind {
      guard let put = writes.first(where: { $0.kind == .put(value) }) else { return [] }
      return [.write(put.id)]
    }
    let deletes = writes.filter { $0.kind == .delete }
    if let stamp = read.stamp {
      if let delete = deletes.first(where: { $0.stamp == stamp }) { return [.write(delete.id)] }
      if !deletes.contains(where: { $0.stamp == nil }) { return [] }
    }
    return [.beginning] + deletes.filter { $0.invoked <= end(read) }.map { .write($0.id) }
  }

  /// Whether a read says which delete it has seen, or which put.
  func isExact(_ read: Operation) -> Bool { candidates(read).count == 1 }

  func isEffective(_ write: Operation) -> Bool {
    isDefinite(write) || reads.contains { isExact($0) && candidates($0) == [.write(write.id)] }
  }

  /// Whether a read's value has another stamp than it was put under.
  func isMismatched(_ read: Operation) -> Bool {
    guard let stamp = read.stamp, case .get(_?) = read.kind, case .write(let id)? = candidates(read).first else {
      return false
    }
    let known = allStamps[id]
    return known != stamp && !allStamps.contains { $0.key != id && $0.value == known }
  }

  /// The stamps before those of writes that never took effect are forgotten.
  private var allStamps: [Int: Stamp] {
    var all = stamps
    for write in writes { if let stamp = write.stamp { all[write.id] = stamp } }
    return all
  }

  // MARK: Order

  /// Whether one write is newer than another by stamps, or else by time.
  func isNewer(_ new: Seen, than old: Seen) -> Bool {
    guard case .write(let newID) = new, let newWrite = write(new) else { return false }
    guard case .write(let oldID) = old, let oldWrite = write(old) else { return true }
    if let newStamp = stamps[newID], let oldStamp = stamps[oldID] { return oldStamp < newStamp }
    return end(oldWrite) < newWrite.invoked
  }

  /// Pairs of writes whose stamps contradict the time.
  var contradictions: Set<Int> {
    var late: Set<Int> = []
    for write in writes {
      guard let stamp = stamps[write.id] else { continue }
      let contradicts = writes.contains { early in
        end(early) < write.invoked && stamps[early.id].map { stamp < $0 } ?? false
      }
      if contradicts { late.insert(write.id) }
    }
    return late
  }

  /// Whether a read found something that nothing newer had wholly replaced, and that had begun to be written.
  func isRegular(_ read: Operation) -> Bool {
    guard !isMismatched(read) else { return false }
    return candidates(read).contains { seen in
      if let write = write(seen), write.invoked > end(read) { return false }
      return !writes.contains { end($0) < read.invoked && isNewer(.write($0.id), than: seen) }
    }
  }

  var irregularCount: Int { reads.count { !isRegular($0) } + contradictions.count }

  // MARK: Linearizability

  /// Tries every order.
  var isLinearizable: Bool {
    guard !reads.contains(where: { candidates($0).isEmpty || isMismatched($0) }) else { return false }
    return canPlace(writes + reads, after: .beginning, [])
  }

  private func canPlace(_ rest: [Operation], after current: Seen, _ placed: [Stamp]) -> Bool {
    if rest.allSatisfy({ !isRequired($0) }) { return true }
    return rest.contains { next in
      guard !rest.contains(where: { end($0) < next.invoked }) else { return false }
      let others = rest.filter { $0.id != next.id }
      if case .get = next.kind { return candidates(next).contains(current) && canPlace(others, after: current, placed) }
      guard let stamp = stamps[next.id] else { return canPlace(others, after: .write(next.id), placed) }
      return placed.allSatisfy { $0 <= stamp } && canPlace(others, after: .write(next.id), placed + [stamp])
    }
  }

  private func isRequired(_ operation: Operation) -> Bool {
    if case .get = operation.kind { true } else { isEffective(operation) }
  }
}
