import MetaDriver

extension Register {
  /// A write on a floor that is newer than another write.
  func newer(than write: Int, on floor: Floor) -> Floor.Entry? {
    floor.newer(thanEnd: writes[write].end, stamp: writes[write].stamp, owner: owner(of: write))
  }

  /// A write on a floor that is newer than what a read has seen; for a read that cannot be told from others, newer than
  /// everything that it may have seen.
  ///
  /// - Complexity: O(log n), and where deletes with stamps cannot be told apart, O(n) at worst.
  func newer(than read: Read, on floor: Floor) -> Floor.Entry? {
    switch read.source {
    case .nowhere: return nil
    case .write(let write): return newer(than: write, on: floor)
    case .nothing: break
    }
    guard let newest = newer(than: 0, on: floor) else { return nil }
    let count = deletes.partitioningIndex(where: { writes[$0].invoked > read.end })
    guard count > 0 else { return newest }
    guard floor.newer(thanEnd: latestEnds[count - 1], stamp: nil, owner: 0) != nil else { return nil }
    // The latest ones first: in a sound history, one of them is it.
    for delete in deletes[..<count].reversed() where writes[delete].stamp != nil {
      if newer(than: delete, on: floor) == nil { return nil }
    }
    return newest
  }

  /// Everything that ended before each read was invoked, as a floor of acknowledged writes, in the order of the reads.
  func forEachRead(_ body: (Read, Floor) -> Void) {
    let acknowledged = writes.indices.dropFirst().filter { writes[$0].isDefinite }
      .sorted { writes[$0].end < writes[$1].end }
    var rest = acknowledged[...]
    var floor = Floor()
    for read in reads {
      while let write = rest.first, writes[write].end < read.invoked {
        floor.raise(
          Floor.Entry(write: write, operation: writes[write].operation, proof: nil), current: writes[write].invoked,
          stamp: writes[write].stamp, owner: owner(of: write))
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
