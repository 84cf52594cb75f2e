import MetaDriver

/// What some writes, taken together, are newer than. Pure.
///
/// Write u is older than write v when both have stamps and u's is smaller; or else when u had ended before v was known to
/// be current: before v was invoked, or before a regular read was invoked that has seen v. A floor remembers of all the
/// writes it was raised by no more than it takes to find one that is newer than a given write.
struct Floor {
  /// One write that a floor was raised by.
  struct Entry {
    /// The write, by its place among those of the register; 0 for a delete of which it is not known which one it is.
    let write: Int
    /// The operation that brought it up, by its place in the history: the write itself, or a read that has seen it.
    let operation: Int
    /// The read that shows the write to be current, by its place in the history, where that is later than its beginning.
    var proof: Int?
  }

  /// What is compared with a floor.
  struct Subject {
    /// The write, by its place among those of the register: it is not older than itself.
    let write: Int
    let end: Int
    let stamp: Stamp?
    let isPut: Bool
  }

  private var puts = Ranks()
  private var deletes = Ranks()
  private var vague = Highest<Int>()

  /// Raises the floor by a write, which is known to be current at a moment.
  mutating func raise(_ entry: Entry, current moment: Int, stamp: Stamp?, isPut: Bool) {
    if isPut { puts.offer(entry, moment, stamp) } else { deletes.offer(entry, moment, stamp) }
  }

  /// Raises the floor by a read that shows that nothing was current at a moment, whichever delete that was.
  mutating func raise(nothingAt moment: Int, by operation: Int) {
    vague.offer(moment, Entry(write: 0, operation: operation))
  }

  /// A write that is newer than another one, if the floor was raised by any.
  func newer(than subject: Subject) -> Entry? {
    if let put = newerPut(than: subject) { return put }
    if let delete = deletes.newer(than: subject) { return delete }
    return subject.isPut ? vague.above(subject.end, besides: subject.write) : nil
  }

  /// A put that is newer than another write, if the floor was raised by any.
  func newerPut(than subject: Subject) -> Entry? { puts.newer(than: subject) }
}

/// The writes of one kind that a floor was raised by.
private struct Ranks {
  private var latest = Highest<Int>()
  private var latestUnstamped = Highest<Int>()
  private var stamps = Highest<Stamp>()

  mutating func offer(_ entry: Floor.Entry, _ moment: Int, _ stamp: Stamp?) {
    latest.offer(moment, entry)
    if let stamp { stamps.offer(stamp, entry) } else { latestUnstamped.offer(moment, entry) }
  }

  func newer(than subject: Floor.Subject) -> Floor.Entry? {
    guard let stamp = subject.stamp else { return latest.above(subject.end, besides: subject.write) }
    return stamps.above(stamp, besides: subject.write) ?? latestUnstamped.above(subject.end, besides: subject.write)
  }
}

/// The highest of many ranks, and the highest of all other writes'.
private struct Highest<Rank: Comparable> {
  private typealias Candidate = (rank: Rank, entry: Floor.Entry)

  private var first: Candidate?
  private var second: Candidate?

  mutating func offer(_ rank: Rank, _ entry: Floor.Entry) {
    if let first, first.entry.write != entry.write {
      if first.rank < rank {
        second = first
        self.first = (rank, entry)
      } else if second.map({ $0.rank < rank }) ?? true {
        second = (rank, entry)
      }
    } else if first.map({ $0.rank < rank }) ?? true {
      first = (rank, entry)
    }
  }

  func above(_ rank: Rank, besides write: Int) -> Floor.Entry? {
    guard let highest = first?.entry.write == write ? second : first, rank < highest.rank else { return nil }
    return highest.entry
  }
}
