import MetaDriver

/// What some writes, taken together, are newer than. Pure.
///
/// Write u is older than write v when both have stamps and u's is smaller; or else when u had ended before v was known to
/// be current: before v was invoked, or before a regular read was invoked that has seen v. A floor remembers of all the
/// writes it was raised by no more than it takes to find one that is newer than a given write.
struct Floor {
  /// One write that a floor was raised by.
  struct Entry {
    /// The write, by its place among those of the register.
    let write: Int
    /// The operation that brought it up, by its place in the history: the write itself, or a read that has seen it.
    let operation: Int
    /// The read that shows the write to be current, by its place in the history, where that is later than its beginning.
    let proof: Int?
  }

  private var latest = Highest<Int>()
  private var latestUnstamped = Highest<Int>()
  private var stamps = Highest<Stamp>()

  /// Raises the floor.
  ///
  /// - Parameters:
  ///   - moment: When the write is known to be current.
  ///   - stamp: Its stamp, if it has one.
  ///   - owner: Whose it is: writes with the same owner are never older than each other.
  mutating func raise(_ entry: Entry, current moment: Int, stamp: Stamp?, owner: Int) {
    latest.offer(moment, owner, entry)
    if let stamp { stamps.offer(stamp, owner, entry) } else { latestUnstamped.offer(moment, owner, entry) }
  }

  /// A write that is newer than another one, if the floor was raised by any.
  func newer(thanEnd end: Int, stamp: Stamp?, owner: Int) -> Entry? {
    guard let stamp else { return latest.above(end, besides: owner) }
    return stamps.above(stamp, besides: owner) ?? latestUnstamped.above(end, besides: owner)
  }
}

/// The highest of many ranks, and the highest of all other owners'.
private struct Highest<Rank: Comparable> {
  private typealias Candidate = (rank: Rank, owner: Int, entry: Floor.Entry)

  private var first: Candidate?
  private var second: Candidate?

  mutating func offer(_ rank: Rank, _ owner: Int, _ entry: Floor.Entry) {
    guard let first, first.owner != owner else {
      if first.map({ $0.rank < rank }) ?? true { first = (rank, owner, entry) }
      return
    }
    if first.rank < rank {
      second = first
      self.first = (rank, owner, entry)
    } else if second.map({ $0.rank < rank }) ?? true {
      second = (rank, owner, entry)
    }
  }

  func above(_ rank: Rank, besides owner: Int) -> Floor.Entry? {
    guard let highest = first?.owner == owner ? second : first, rank < highest.rank else { return nil }
    return highest.entry
  }
}
