import MetaDriver

extension Register {
  /// A write on a floor that is newer than another write.
  func newer(than write: Int, on floor: borrowing Floor) -> Floor.Entry? { floor.newer(than: subject(write)) }

  /// A write on a floor that is newer than what a read has seen. For a read of nothing of which it is not known which
  /// delete it has seen, a put that is newer than all those that it may be.
  ///
  /// - Complexity: O(log n), and where deletes with stamps cannot be told apart, O(n) at worst.
  func newer(than read: Read, on floor: borrowing Floor) -> Floor.Entry? {
    switch read.source {
    case .nowhere: return nil
    case .write(let write): return newer(than: write, on: floor)
    case .nothing: break
    }
    guard let newest = floor.newerPut(than: subject(0)) else { return nil }
    let count = deletes.partitioningIndex { writes[$0].invoked > read.end }
    guard count > 0 else { return newest }
    let latest = Floor.Subject(write: 0, end: latestEnds[count - 1], stamp: nil, isPut: false)
    guard floor.newerPut(than: latest) != nil else { return nil }
    // The latest ones first: in a sound history, one of them is it.
    for delete in deletes[..<count].reversed() where writes[delete].stamp != nil {
      if floor.newerPut(than: subject(delete)) == nil { return nil }
    }
    return newest
  }

  private func subject(_ write: Int) -> Floor.Subject {
    Floor.Subject(write: write, end: writes[write].end, stamp: writes[write].stamp, isPut: writes[write].isPut)
  }

  /// Everything that ended before each read was invoked, as a floor of acknowledged writes, in the order of the reads.
  func forEachRead(_ body: (Read, borrowing Floor) -> Void) {
    let acknowledged = writes.indices.dropFirst().filter { writes[$0].isDefinite }
      .sorted { writes[$0].end < writes[$1].end }
    var rest = acknowledged[...]
    var floor = Floor()
    for read in reads {
      while let write = rest.first, writes[write].end < read.invoked {
        floor.raise(
          Floor.Entry(write: write, operation: writes[write].operation), current: writes[write].invoked,
          stamp: writes[write].stamp, isPut: writes[write].isPut)
        rest.removeFirst()
      }
      body(read, floor)
    }
  }
}

extension Array {
  /// The place of the first element of which something holds that holds of all elements after it.
  func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
