import MetaDriver

extension NodeStatistics: CustomStringConvertible {
  /// A table: the trees with their nodes, and a line for each kind of operation on one.
  ///
  /// `final` counts the calls that failed for good, `late` results that nobody waited for any more, and `pending` what is
  /// under way, with how much of that is late already.
  public var description: String {
    let entries = entries
    var table = TextTable(rightAligned: Set(2...10))
    table.add(["node", "asked", "calls", "attempts", "failed", "final", "late", "pending", "p50", "p99", "max"])
    for row in Forest(entries).rows {
      let name = row.head + row.node.name
      guard !row.node.entries.isEmpty else {
        table.add([name])
        continue
      }
      let inset = row.rest + (row.node.children.isEmpty ? "" : "│")
      for (number, entry) in row.node.entries.enumerated() { table.add([number == 0 ? name : inset] + entry.cells) }
    }
    let uncounted = uncountedCount
    return (table.lines + (uncounted > 0 ? ["and \(uncounted) operations on nodes beyond the limit"] : []))
      .joined(separator: "\n")
  }
}

extension NodeStatistics.Entry {
  fileprivate var cells: [String] {
    func time(_ duration: Duration?) -> String { duration?.plainText ?? "-" }
    let pending = latePendingCount > 0 ? "\(pendingCount) (\(latePendingCount) late)" : "\(pendingCount)"
    return [
      "\(operation)", "\(callCount)", "\(attemptCount)", "\(failedAttemptCount)", "\(failedCallCount)", "\(lateCount)",
      pending, time(latencies.percentile(50)), time(latencies.percentile(99)), time(latencies.maximum),
    ]
  }
}

/// Entries in the trees that their paths make.
private struct Forest {
  struct Node {
    let name: String
    var entries: [NodeStatistics.Entry] = []
    var children: [Node] = []
  }

  private var roots: [Node] = []

  /// - Parameter entries: In the order of the tree.
  init(_ entries: [NodeStatistics.Entry]) {
    for entry in entries { Self.add(entry, entry.path[...], to: &roots) }
  }

  private static func add(_ entry: NodeStatistics.Entry, _ path: ArraySlice<String>, to nodes: inout [Node]) {
    guard let name = path.first else { return }
    let place = nodes.firstIndex { $0.name == name } ?? nodes.count
    if place == nodes.count { nodes.append(Node(name: name)) }
    if path.count == 1 {
      nodes[place].entries.append(entry)
    } else {
      add(entry, path.dropFirst(), to: &nodes[place].children)
    }
  }

  var rows: [TreeRow<Node>] { roots.flatMap { TreeRow.rows(of: $0, children: \.children) } }
}
