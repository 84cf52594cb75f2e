import MetaDriver
import MetaDriverTesting

extension Oracle {
  /// Something that a session knows to have been current: a write, or nothing, whichever of several, since a moment.
  private enum Known {
    case write(Seen)
    case nothing(since: Int)
  }

  private func isNothing(_ seen: Seen) -> Bool { write(seen).map { $0.kind == .delete } ?? true }

  /// Whether a write is older than what a session knows.
  private func isOlder(_ old: Seen, than known: Known) -> Bool {
    switch known {
    case .nothing(let moment): return !isNothing(old) && write(old).map(end) ?? .min < moment
    case .write(let new):
      guard old != new else { return false }
      if case .write(let oldID) = old, case .write(let newID) = new, stamps[oldID] != nil, stamps[newID] != nil {
        return isNewer(new, than: old)
      }
      if isNewer(new, than: old) { return true }
      let oldEnd = write(old).map(end) ?? .min
      return reads.contains { isExact($0) && candidates($0) == [new] && isRegular($0) && oldEnd < $0.invoked }
    }
  }

  /// How many operations show that a guarantee of a session does not hold.
  func violationCount(_ guarantee: Guarantee) -> Int {
    if guarantee == .readYourWrites || guarantee == .monotonicReads {
      return reads.count { violates($0, known(to: $0, guarantee)) }
    }
    return writes.count { write in
      isEffective(write) && known(to: write, guarantee).contains { isOlder(.write(write.id), than: $0) }
    }
  }

  /// What the session of an operation knew before it, by its own writes or by its reads.
  private func known(to operation: Operation, _ guarantee: Guarantee) -> [Known] {
    func isEarlier(_ other: Operation) -> Bool {
      other.session == operation.session && end(other) < operation.invoked
    }
    if guarantee == .readYourWrites || guarantee == .monotonicWrites {
      return writes.filter(isEarlier).map { .write(.write($0.id)) }
    }
    return reads.filter(isEarlier).compactMap { read in
      if isExact(read) { return .write(candidates(read)[0]) }
      return candidates(read).isEmpty || !isRegular(read) ? nil : .nothing(since: read.invoked)
    }
  }

  /// Whether all that a read may have seen is older than something that the session knew.
  private func violates(_ read: Operation, _ known: [Known]) -> Bool {
    let candidates = candidates(read)
    // Where it is not known which delete a read has seen, it is not held to have missed another one.
    let known = known.filter { known in
      guard candidates.count > 1, case .write(let seen) = known else { return candidates.count <= 1 }
      return !isNothing(seen)
    }
    return !candidates.isEmpty && candidates.allSatisfy { seen in known.contains { isOlder(seen, than: $0) } }
  }

  /// How many reads found what had been deleted.
  var resurrectionCount: Int {
    reads.count { read in
      guard case .get(_?) = read.kind, case .write(let id)? = candidates(read).first,
        let put = operations.first(where: { $0.id == id })
      else { return false }
      return writes.contains { delete in
        guard delete.kind == .delete, end(delete) < read.invoked, end(put) < delete.invoked else { return false }
        guard let old = stamps[put.id], let new = stamps[delete.id] else { return true }
        return old < new
      }
    }
  }
}
