import MetaDriver
import MetaDriverAnalysis
import Testing

/// Every tree of the nodes that a search knows, put together without any thought, with the figures that its analysis has.
struct EveryTree {
  struct Figures {
    let readFailures: Int
    let writeFailures: Int
    let load: Double
    let network: Double
    let latency: Double
  }

  /// Every tree over some or all of the leaves, with every order of children and every size of quorum that meets its own
  /// writes, the wasteful ones too.
  static func over(_ leaves: [any Driver]) -> [any Driver] {
    (1..<(1 << leaves.count)).flatMap { set in trees(leaves.indices.filter { set >> $0 & 1 == 1 }.map { leaves[$0] }) }
  }

  private static func trees(_ leaves: [any Driver]) -> [any Driver] {
    if leaves.count == 1 { return leaves }
    return partitions(leaves).filter { $0.count > 1 }.flatMap { parts in
      var choices: [[any Driver]] = [[]]
      for part in parts {
        let trees = trees(part)
        choices = choices.flatMap { chosen in trees.map { chosen + [$0] } }
      }
      return choices.flatMap(nodes)
    }
  }

  private static func nodes(_ children: [any Driver]) -> [any Driver] {
    let count = children.count
    var found: [any Driver] = [Replicated(writes: .all, reads: .race) { children }]
    for read in 1...count {
      for write in (count - read + 1)...count {
        found.append(Quorum(read: .exactly(read), write: .exactly(write), writers: .one) { children })
      }
    }
    for order in permutations(children) { found.append(Replicated(writes: .all, reads: .ordered) { order }) }
    return found
  }

  private static func permutations(_ list: [any Driver]) -> [[any Driver]] {
    guard let first = list.first else { return [[]] }
    return permutations(Array(list.dropFirst())).flatMap { rest in
      (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
    }
  }

  private static func partitions(_ list: [any Driver]) -> [[[any Driver]]] {
    guard let first = list.first else { return [[]] }
    return partitions(Array(list.dropFirst())).flatMap { parts in
      [[[first]] + parts]
        + parts.indices.map { place in
          var parts = parts
          parts[place].append(first)
          return parts
        }
    }
  }
}

extension EveryTree.Figures {
  /// From what the analysis says of the tree: the calls that are counted, and how long leaves take
  /// together that always take as long.
  init(
    _ tree: any Driver, _ leaves: [(name: String, figures: LeafFigures)], _ timings: [String: LeafTiming],
    readFraction: Double
  ) throws {
    let analysis = tree.analysis
    readFailures = try #require(analysis.resilience(of: .reads))
    writeFailures = try #require(analysis.resilience(of: .writes))
    let used = Set(tree.outline.leaves.map(\.label))
    let own = timings.filter { used.contains($0.key) }
    let reads = try analysis.cost(of: .reads, leaves: own, trials: 1)
    let writes = try analysis.cost(of: .writes, leaves: own, trials: 1)
    var busiest = 0.0
    for (name, figures) in leaves where used.contains(name) {
      let read = readFraction * (reads.callsPerLeaf[name] ?? 0) / figures.readCapacity
      let write = (1 - readFraction) * (writes.callsPerLeaf[name] ?? 0) / figures.writeCapacity
      busiest = max(busiest, read + write)
    }
    load = busiest
    network = readFraction * reads.calls.expected + (1 - readFraction) * writes.calls.expected
    let read = try #require(try analysis.latency(of: .reads, leaves: own).quantile(0.5))
    let write = try #require(try analysis.latency(of: .writes, leaves: own).quantile(0.5))
    latency = readFraction * (read / .seconds(1)) + (1 - readFraction) * (write / .seconds(1))
  }
}
