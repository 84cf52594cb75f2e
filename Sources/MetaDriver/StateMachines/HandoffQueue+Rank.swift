extension HandoffQueue {
  /// Ranks a record as `Record.ranksAbove` does, without its bytes.
  struct Rank: Equatable {
    let stamp: Stamp?
    let isTombstone: Bool
    /// Of the bytes, where they are in the entry. One that has them ranks above one of the same stamp that has not.
    let digest: ContentHash?

    init(stamp: Stamp?, isTombstone: Bool, digest: ContentHash?) {
      self.stamp = stamp
      self.isTombstone = isTombstone
      self.digest = digest
    }

    init(_ record: Record) {
      self.init(stamp: record.stamp, isTombstone: record.isTombstone, digest: ContentHash(of: record.bytes))
    }

    /// Of a record whose bytes are elsewhere.
    init(noting record: Record) { self.init(stamp: record.stamp, isTombstone: record.isTombstone, digest: nil) }

    func isAbove(_ other: Rank) -> Bool {
      guard let order = Stamp.order(stamp, isTombstone, above: other.stamp, other.isTombstone) else {
        guard let digest else { return false }
        return other.digest.map { digest > $0 } ?? true
      }
      return order
    }

    /// Whether a child that has a copy of this stamp needs nothing of this rank.
    func isMet(by found: Stamp?, isTombstone isFoundOne: Bool) -> Bool {
      Stamp.order(stamp, isTombstone, above: found, isFoundOne) != true
    }
  }
}
