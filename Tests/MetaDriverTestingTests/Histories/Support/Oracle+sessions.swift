import MetaDriver
import MetaDriverTesting

extension Oracle {
  /// Something that a session knows to have been current.
  private enum Known {
    /// A write, under the stamp under which the session knows it.
    case write(Seen, Stamp?)
    /// Nothing, whichever delete it was, since a moment.
    case nothing(since: Int)
    /// A tombstone under a stamp, of one of some deletes, the first of which had ended at a moment.
    case tombstone(Stamp, firstEnd: Int)
  }

  /// Whether a copy is older than what a session knows.
  private func isOlder(_ old: Seen, _ stamp: Stamp?, than known: Known) -> Bool {
    let (begin, end) = (write(old)?.invoked ?? .min, write(old).map(end) ?? .min)
    switch known {
    case .nothing(let moment): return !isNothing(old) && end < moment
    case .tombstone(let new, let first): return !isNothing(old) && first >= begin && stamp.map { $0 < new } ?? false
    case .write(let new, let newStamp):
      return isOlder(old, stamp, than: new, newStamp) ?? isShownNewer(new, than: old)
    }
  }

  /// Whether a write ranks below what its session knows.
  private func ranks(_ write: Operation, below known: Known) -> Bool {
    let stamp = stamps[write.id]
    switch known {
    case .nothing(let moment): return write.kind != .delete && end(write) < moment
    case .tombstone(let new, _): return write.kind != .delete && stamp.map { $0 < new } ?? false
    case .write(let new, let newStamp):
      guard new != .write(write.id) else { return false }
      if let stamp, let newStamp { return stamp < newStamp }
      return end(write) < (self.write(new)?.invoked ?? .min) || isShownNewer(new, than: .write(write.id))
    }
  }

  /// Whether a regular read shows a write to be current after another one had ended.
  private func isShownNewer(_ new: Seen, than old: Seen) -> Bool {
    let end = write(old).map(end) ?? .min
    return reads.contains { isExact($0) && candidates($0) == [new] && isRegular($0) && end < $0.invoked }
  }

  /// How many operations show that a guarantee of a session does not hold.
  func violationCount(_ guarantee: Guarantee) -> Int {
    if guarantee == .readYourWrites || guarantee == .monotonicReads {
      return reads.count { violates($0, known(to: $0, guarantee)) }
    }
    return writes.count { write in
      isEffective(write) && known(to: write, guarantee).contains { ranks(write, below: $0) }
    }
  }

  /// What the session of an operation knew before it, by its own writes or by its reads.
  private func known(to operation: Operation, _ guarantee: Guarantee) -> [Known] {
    func isEarlier(_ other: Operation) -> Bool {
      other.session == operation.session && end(other) < operation.invoked
    }
    if guarantee == .readYourWrites || guarantee == .monotonicWrites {
      return writes.filter(isEarlier).map { .write(.write($0.id), rank(.write($0.id))) }
    }
    return reads.filter(isEarlier).flatMap { read -> [Known] in
      let candidates = candidates(read)
      if candidates.count == 1 { return [.write(candidates[0], seenStamp(read) ?? rank(candidates[0]))] }
      let ends = candidates.map { write($0).map(end) ?? .min }
      let tombstone = seenStamp(read).map { Known.tombstone($0, firstEnd: ends.min() ?? .min) }
      return (tombstone.map { [$0] } ?? [])
        + (candidates.isEmpty || !isRegular(read) ? [] : [.nothing(since: read.invoked)])
    }
  }

  /// Whether all that a read may have seen is older than something that the session knew.
  private func violates(_ read: Operation, _ known: [Known]) -> Bool {
    let candidates = candidates(read)
    // Where it is not known which delete a read has seen, it is not held to have missed another one.
    let known = known.filter { known in
      guard candidates.count > 1, case .write(let seen, _) = known else { return candidates.count <= 1 }
      return !isNothing(seen)
    }
    return !candidates.isEmpty
      && candidates.allSatisfy { seen in
        known.contains { isOlder(seen, seenStamp(read) ?? rank(seen), than: $0) }
      }
  }

  /// How many reads found what had been deleted.
  var resurrectionCount: Int {
    reads.count { read in
      guard case .get(_?) = read.kind, case .write(let id)? = candidates(read).first,
        let put = operations.first(where: { $0.id == id })
      else { return false }
      return writes.contains { $0.kind == .delete && end($0) < read.invoked && end(put) < $0.invoked }
    }
  }
}
