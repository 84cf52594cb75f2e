/// Keys in ascending order, of which some come and go while they are listed page by page.
///
/// They are kept in runs of a few hundred, so that a change moves few of them: O(log n) comparisons for each insertion and
/// removal, and for the beginning of each page.
package struct SortedKeys: Sendable {
  private static let runLimit = 512

  /// None of them is empty.
  private var runs: [[Key]] = []
  /// How many keys there are.
  package private(set) var count = 0

  /// Sorts keys, each of which is there once.
  package init(_ keys: some Sequence<Key>) {
    let sorted = keys.sorted()
    count = sorted.count
    runs = stride(from: 0, to: sorted.count, by: Self.runLimit / 2).map {
      Array(sorted[$0..<min($0 + Self.runLimit / 2, sorted.count)])
    }
  }

  /// Adds a key that is not there.
  package mutating func insert(_ key: Key) {
    count += 1
    guard !runs.isEmpty else {
      runs = [[key]]
      return
    }
    let run = max(0, runs.boundary(of: { key < $0[0] }) - 1)
    runs[run].insert(key, at: runs[run].boundary(of: { key < $0 }))
    guard runs[run].count > Self.runLimit else { return }
    let upper = Array(runs[run][(Self.runLimit / 2)...])
    runs[run].removeLast(upper.count)
    runs.insert(upper, at: run + 1)
  }

  /// Removes a key that is there.
  package mutating func remove(_ key: Key) {
    let run = runs.boundary(of: { key < $0[0] }) - 1
    guard run >= 0 else { return }
    let place = runs[run].boundary(of: { key < $0 }) - 1
    guard place >= 0, runs[run][place] == key else { return }
    count -= 1
    runs[run].remove(at: place)
    if runs[run].isEmpty { runs.remove(at: run) }
  }

  /// The first keys of a listing's page, and one more, if there is one.
  package func page(_ request: ListRequest) -> [Key] {
    // Everything before is either of another kind, or of names below the prefix, or up to the cursor.
    func isBefore(_ key: Key) -> Bool {
      if let cursor = request.cursor, !(cursor.key < key) { return true }
      guard key.kind == request.kind else { return key.kind == .mutable }
      return key.name.utf8.lexicographicallyPrecedes(request.prefix.utf8)
    }
    var found: [Key] = []
    var run = max(0, runs.boundary(of: { !isBefore($0[0]) }) - 1)
    var place = run < runs.count ? runs[run].boundary(of: { !isBefore($0) }) : 0
    while run < runs.count, found.count <= request.limit {
      guard place < runs[run].count else {
        (run, place) = (run + 1, 0)
        continue
      }
      let key = runs[run][place]
      guard request.includes(key) else { break }
      found.append(key)
      place += 1
    }
    return found
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first place whose element satisfies a condition that all elements behind it satisfy too; the end where none does.
  package func boundary(of condition: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
