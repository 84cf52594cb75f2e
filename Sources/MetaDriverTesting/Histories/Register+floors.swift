import MetaDriver

extension Register {
  /// A write on a floor that is newer than what a read has seen. For a read of nothing of which it is not known which
  /// delete it has seen, a put that is newer than all those that it may be.
  ///
  /// - Complexity: O(log n), and where deletes with stamps cannot be told apart, O(n) at worst.
  func newer(than read: Read, on floor: borrowing Floor, _ view: View = .copies) -> Floor.Entry? {
    switch read.source {
    case .nowhere: return nil
    case .write(let write): return floor.newer(than: subject(write, view, seen: read.stamp))
    case .nothing: break
    }
    if let stamp = read.stamp, view == .copies {
      // A tombstone was there: it is not the nothing at the beginning.
      var newest: Floor.Entry?
      for delete in read.candidates.reversed() {
        newest = floor.newerPut(than: subject(delete, view, seen: stamp))
        if newest == nil { return nil }
      }
      return newest
    }
    guard let newest = floor.newerPut(than: subject(0, view)) else { return nil }
    let count = deletes.partitioningIndex { writes[$0].invoked > read.end }
    guard count > 0 else { return newest }
    let latest = Floor.Subject(write: 0, begin: .min, end: latestEnds[count - 1], stamp: nil, isPut: false)
    guard floor.newerPut(than: latest) != nil else { return nil }
    // The latest ones first: in a sound history, one of them is it.
    for delete in deletes[..<count].reversed() where writes[delete].rank != nil {
      if floor.newerPut(than: subject(delete, view)) == nil { return nil }
    }
    return newest
  }

  /// What a floor is asked about: a write, as it was seen under a stamp, if it was.
  private func subject(_ write: Int, _ view: View, seen stamp: Stamp? = nil) -> Floor.Subject {
    let known = writes[write]
    return Floor.Subject(
      write: write, begin: known.invoked, end: known.end,
      stamp: view == .values ? known.order : stamp ?? known.rank, isPut: known.isPut)
  }

  /// A write on a floor that ranks above another write.
  func above(_ write: Int, on floor: borrowing Floor) -> Floor.Entry? {
    let known = writes[write]
    return floor.above(
      Floor.Subject(write: write, begin: known.invoked, end: known.end, stamp: known.stamp, isPut: known.isPut))
  }

  /// Everything that ended before each read was invoked, as a floor of acknowledged writes, in the order of the reads.
  func forEachRead(_ view: View = .copies, _ body: (Read, borrowing Floor) -> Void) {
    let acknowledged = writes.indices.dropFirst().filter { writes[$0].isDefinite }
      .sorted { writes[$0].end < writes[$1].end }
    var rest = acknowledged[...]
    var floor = Floor(of: acknowledged.map { Floor.Member(id: $0, end: writes[$0].end) })
    for read in reads {
      while let write = rest.first, writes[write].end < read.invoked {
        let known = writes[write]
        floor.raise(
          Floor.Entry(write: write, operation: known.operation), invoked: known.invoked, current: known.invoked,
          stamp: view == .values ? known.order : known.rank, isPut: known.isPut)
        rest.removeFirst()
      }
      body(read, floor)
    }
  }
}

extension Register.Write {
  /// The stamp by which a copy of it ranks of which it is not known which one it is.
  var rank: Stamp? { stamp ?? order }
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
