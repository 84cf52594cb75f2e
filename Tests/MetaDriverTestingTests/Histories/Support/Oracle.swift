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
  /// The last stamp of each write, as far as its writer was told it, and not another's.
  private(set) var stamps: [Int: Stamp] = [:]
  /// The one stamp under which each write is known.
  private(set) var orders: [Int: Stamp] = [:]

  init(_ history: History) {
    operations = history.operations
    for write in writes { if let stamp = write.stamp, !isTakenBack(stamp, write) { stamps[write.id] = stamp } }
    for write in writes {
      let seen = reads.filter { isExact($0) && candidates($0) == [.write(write.id)] }.compactMap(seenStamp)
      let all = Set(seen + (stamps[write.id].map { [$0] } ?? []))
      if all.count == 1 { orders[write.id] = all.first }
    }
    for write in writes where !isEffective(write) { (stamps[write.id], orders[write.id]) = (nil, nil) }
  }

  /// The stamp by which a copy ranks of which nobody knows which one it is.
  func rank(_ seen: Seen) -> Stamp? { write(seen).flatMap { stamps[$0.id] ?? orders[$0.id] } }

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

  private func told(_ stamp: Stamp) -> [Operation] { writes.filter { $0.stamp == stamp } }

  /// Whether somebody was told a stamp before a write began, which so cannot be that of the write.
  private func isOwned(_ stamp: Stamp, before write: Operation) -> Bool {
    told(stamp).contains { $0.id != write.id && end($0) < write.invoked }
  }

  /// What a read may have seen by its answer alone; nothing, when its answer is impossible.
  func candidates(_ read: Operation) -> [Seen] {
    if case .get(let value?) = read.kind {
      guard let put = writes.first(where: { $0.kind == .put(value) }) else { return [] }
      return [.write(put.id)]
    }
    let deletes = writes.filter { $0.kind == .delete }.sorted { order($0) < order($1) }
    let begun = deletes.filter { $0.invoked <= end(read) }
    guard let stamp = read.stamp else { return [.beginning] + begun.map { .write($0.id) } }
    let told = deletes.filter { $0.stamp == stamp }
    if let delete = told.last(where: { $0.invoked <= end(read) }) ?? told.first { return [.write(delete.id)] }
    return begun.filter { delete in !isOwned(stamp, before: delete) && delete.stamp.map { stamp < $0 } ?? true }
      .map { .write($0.id) }
  }

  /// What was found under a stamp; two when nobody knows which delete it was.
  private func found(_ stamp: Stamp) -> Set<Seen> {
    reads.filter { $0.stamp == stamp && !isImpossible($0) }.reduce(into: []) { found, read in
      let deletes = told(stamp).filter { $0.kind == .delete }
      if case .get(nil) = read.kind, !deletes.isEmpty {
        found.formUnion(deletes.map { .write($0.id) })
      } else {
        found.formUnion(candidates(read))
      }
    }
  }

  /// Whether a stamp that a write was told is not known to be its own.
  private func isTakenBack(_ stamp: Stamp, _ write: Operation) -> Bool {
    let found = found(stamp)
    return found.isEmpty ? told(stamp).count > 1 : found != [.write(write.id)]
  }

  /// Whether a read says which delete it has seen, or which put.
  func isExact(_ read: Operation) -> Bool { candidates(read).count == 1 }

  func isEffective(_ write: Operation) -> Bool {
    isDefinite(write) || reads.contains { isExact($0) && candidates($0) == [.write(write.id)] }
  }

  /// Whether a read found something under a stamp that was another's before that began; or nothing that can be.
  private func isImpossible(_ read: Operation) -> Bool {
    guard let stamp = read.stamp else { return false }
    guard case .get(_?) = read.kind, let put = candidates(read).first.flatMap(write) else {
      return candidates(read).isEmpty
    }
    return isOwned(stamp, before: put)
  }

  /// Whether a read's value has a stamp under which it cannot have been stored.
  func isMismatched(_ read: Operation) -> Bool {
    guard let stamp = read.stamp, isExact(read), let write = candidates(read).first.flatMap(write) else { return false }
    return isImpossible(read) || isDefinite(write) && !isTaken(write) && write.stamp.map { $0 < stamp } ?? false
  }

  private func isTaken(_ write: Operation) -> Bool { write.stamp.map { isTakenBack($0, write) } ?? false }

  /// The stamp of the copy that a read has seen.
  func seenStamp(_ read: Operation) -> Stamp? { isMismatched(read) || candidates(read).isEmpty ? nil : read.stamp }

  // MARK: Order

  private func begin(_ seen: Seen) -> Int { write(seen)?.invoked ?? .min }
  private func end(_ seen: Seen) -> Int { write(seen).map(end) ?? .min }

  /// Whether a copy is older than a write: by the time, or where that says nothing by the stamps; `nil` when nothing says.
  func isOlder(_ old: Seen, _ oldStamp: Stamp?, than new: Seen, _ newStamp: Stamp?) -> Bool? {
    if old == new { return false }
    if end(old) < begin(new) { return true }
    if end(new) < begin(old) { return false }
    guard let oldStamp, let newStamp else { return nil }
    return oldStamp < newStamp
  }

  /// Writes whose stamps contradict the time.
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
    let rivals = writes.filter { end($0) < read.invoked && (isExact(read) || $0.kind != .delete) }
    return candidates(read).contains { seen in
      if let write = write(seen), write.invoked > end(read) { return false }
      let stamp = seenStamp(read) ?? rank(seen)
      return !rivals.contains { isOlder(seen, stamp, than: .write($0.id), rank(.write($0.id))) ?? false }
    }
  }

  var irregularCount: Int { reads.count { !isRegular($0) } + contradictions.count }

  // MARK: Linearizability

  /// Whether some write was found under more than one stamp, so that its copies and its value are in different places.
  var hasSeveralCopies: Bool { writes.contains { isEffective($0) && orders[$0.id] == nil && isStamped($0) } }

  private func isStamped(_ write: Operation) -> Bool {
    write.stamp != nil || reads.contains { candidates($0).contains(.write(write.id)) && $0.stamp != nil }
  }

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
      if case .get = next.kind {
        let fits = isExact(next) ? candidates(next) == [current] : isNothing(current)
        return fits && canPlace(others, after: current, placed)
      }
      guard let stamp = orders[next.id] else { return canPlace(others, after: .write(next.id), placed) }
      return placed.allSatisfy { $0 <= stamp } && canPlace(others, after: .write(next.id), placed + [stamp])
    }
  }

  func isNothing(_ seen: Seen) -> Bool { write(seen).map { $0.kind == .delete } ?? true }

  private func isRequired(_ operation: Operation) -> Bool {
    if case .get = operation.kind { true } else { isEffective(operation) }
  }
}
