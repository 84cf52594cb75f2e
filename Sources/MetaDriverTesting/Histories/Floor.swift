import MetaDriver

/// What some writes, taken together, are newer than. Pure.
///
/// Write u is older than write v, as somebody has seen them, when u had ended before v was invoked, whatever their stamps
/// say: no clock is right against that. Where the time says nothing, it is older when both were seen under stamps, and
/// u's is smaller; or when one of them has none, and u had ended before a regular read was invoked that has seen v.
///
/// Write u ranks below write v when both have stamps and u's is smaller, whatever the time says; or when one of them has
/// none, and u had ended before v was known to be current.
///
/// A floor remembers of all that it was raised by no more than it takes to find one that is newer than a given write.
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

  /// A write that a floor may be raised by.
  struct Member {
    /// Names it: the write, by its place among those of the register, or a number of its own below 0.
    let id: Int
    /// When it ended; for a delete of which it is not known which one it is, when the first of them had.
    let end: Int
  }

  /// What is compared with a floor.
  struct Subject {
    /// The write, by its place among those of the register: it is not older than itself.
    let write: Int
    let begin: Int
    let end: Int
    /// The stamp under which it was seen, or written.
    let stamp: Stamp?
    let isPut: Bool
  }

  private var puts: Ranks
  private var deletes: Ranks
  private var vague = Highest<Int>()
  /// The stamps of tombstones that may be any of several deletes'.
  private var tombstones: Ranks

  /// - Parameter members: All that the floor may be raised by under a stamp, each once.
  init(of members: [Member]) {
    let places = Places(members)
    puts = Ranks(places)
    deletes = Ranks(places)
    tombstones = Ranks(places)
  }

  /// Raises the floor by a write, which is known to be current at a moment, and was invoked at another.
  mutating func raise(_ entry: Entry, invoked: Int, current moment: Int, stamp: Stamp?, isPut: Bool) {
    if isPut {
      puts.offer(entry, invoked, moment, stamp)
    } else {
      deletes.offer(entry, invoked, moment, stamp)
    }
  }

  /// Raises the floor by a read that shows that nothing was current at a moment, whichever delete that was.
  mutating func raise(nothingAt moment: Int, by operation: Int) {
    vague.offer(moment, Entry(write: 0, operation: operation))
  }

  /// Raises the floor by a read that has seen a tombstone under a stamp, whichever delete that was.
  mutating func raise(nothingUnder stamp: Stamp, as id: Int, by operation: Int) {
    tombstones.offer(Entry(write: 0, operation: operation), stamp, as: id)
  }

  /// A write that is newer than what somebody has seen, if the floor was raised by any.
  func newer(than subject: Subject) -> Entry? {
    if let write = puts.newer(than: subject) ?? deletes.newer(than: subject) { return write }
    // Two that left nothing are told apart by nobody.
    guard subject.isPut else { return nil }
    return tombstones.newer(than: subject) ?? vague.above(subject.end, besides: subject.write)
  }

  /// A put that is newer than what somebody has seen, if the floor was raised by any.
  func newerPut(than subject: Subject) -> Entry? { puts.newer(than: subject) }

  /// A write that ranks above another one, if the floor was raised by any.
  func above(_ subject: Subject) -> Entry? {
    if let write = puts.above(subject) ?? deletes.above(subject) { return write }
    guard subject.isPut else { return nil }
    return tombstones.above(subject) ?? vague.above(subject.end, besides: subject.write)
  }
}

/// The members of a floor, sorted by their ends.
private struct Places {
  let ends: [Int]
  private let places: [Int: Int]

  init(_ members: [Floor.Member]) {
    let sorted = members.sorted { ($0.end, $0.id) < ($1.end, $1.id) }
    ends = sorted.map(\.end)
    places = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($0.element.id, $0.offset) })
  }

  func callAsFunction(_ id: Int) -> Int? { places[id] }
}

/// The writes of one kind that a floor was raised by.
private struct Ranks {
  private var invoked = Highest<Int>()
  private var latest = Highest<Int>()
  private var latestUnstamped = Highest<Int>()
  private var stamps: StampBoard
  private let places: Places

  init(_ places: Places) {
    self.places = places
    stamps = StampBoard(count: places.ends.count)
  }

  mutating func offer(_ entry: Floor.Entry, _ begin: Int, _ moment: Int, _ stamp: Stamp?) {
    invoked.offer(begin, Floor.Entry(write: entry.write, operation: entry.operation))
    latest.offer(moment, entry)
    if let stamp { offer(entry, stamp, as: entry.write) } else { latestUnstamped.offer(moment, entry) }
  }

  mutating func offer(_ entry: Floor.Entry, _ stamp: Stamp, as id: Int) {
    guard let place = places(id) else { return }
    stamps.offer(stamp, entry, at: place)
  }

  func newer(than subject: Floor.Subject) -> Floor.Entry? {
    guard let stamp = subject.stamp else { return latest.above(subject.end, besides: subject.write) }
    // What had ended before the subject was invoked is older than that.
    let first = places.ends.partitioningIndex { $0 >= subject.begin }
    return entry(above: stamp, from: first, besides: subject.write)
      ?? invoked.above(subject.end, besides: subject.write)
      ?? latestUnstamped.above(subject.end, besides: subject.write)
  }

  func above(_ subject: Floor.Subject) -> Floor.Entry? {
    guard let stamp = subject.stamp else { return latest.above(subject.end, besides: subject.write) }
    return entry(above: stamp, from: 0, besides: subject.write)
      ?? latestUnstamped.above(subject.end, besides: subject.write)
  }

  private func entry(above stamp: Stamp, from first: Int, besides write: Int) -> Floor.Entry? {
    let last = places.ends.count
    var ranges = [first..<last]
    if let own = places(write), own >= first { ranges = [first..<own, own + 1..<last] }
    let highest = ranges.compactMap { stamps.highest(in: $0) }.max { $0.stamp < $1.stamp }
    return highest.flatMap { stamp < $0.stamp ? $0.entry : nil }
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
