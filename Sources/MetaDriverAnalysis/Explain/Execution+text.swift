import MetaDriver

extension Execution: CustomStringConvertible {
  /// The call, how it ended, and the tree below: a line for each operation on a node.
  public var description: String {
    var lines: [String] = []
    let head = "\(call) in \(strategy): \(duration.plainText)"
    switch outcome {
    case .failed(let error): lines += ["\(head), failed", "  \(error)"]
    default: lines.append("\(head), \(outcome.shortText)\(stampText)")
    }
    var table = TextTable(rightAligned: [2, 3])
    table.add(["node", "asked", "at", "took", "outcome"])
    for row in TreeRow.rows(of: root, children: \.children) {
      guard let first = row.node.steps.first else {
        table.add([row.head + row.node.title, "-"])
        continue
      }
      table.add([row.head + row.node.title] + first.cells)
      let inset = row.rest + (row.node.children.isEmpty ? "" : "│")
      for step in row.node.steps.dropFirst() { table.add([inset] + step.cells) }
    }
    lines += [""] + table.lines
    if unkeptCount > 0 { lines.append("and \(unkeptCount) operations more") }
    return lines.joined(separator: "\n")
  }

  private var stampText: String {
    if case .acknowledged(let receipt) = outcome, let stamp = receipt.stamp { ", stamped \(stamp)" } else { "" }
  }
}

extension Execution.Step {
  fileprivate var cells: [String] {
    let name = attempt == 1 ? "\(operation)" : "\(operation) #\(attempt)"
    guard let outcome else { return [name, start.plainText, "", "still running"] }
    return [name, start.plainText, duration?.plainText ?? "", outcome.shortText + (isLate ? ", late" : "")]
  }
}

extension Event.Outcome {
  /// A few words; of an error code and message, because what became of the children stands in their own lines.
  fileprivate var shortText: String {
    switch self {
    case .failed(let error) where error.code == .cancelled: "cancelled"
    case .failed(let error): "failed, \(error.code): \(error.message)"
    case .found(let count, let stamp):
      "found \(count) \(count == 1 ? "byte" : "bytes")" + (stamp.map { ", stamped \($0)" } ?? "")
    case .tombstone(let stamp): "found a tombstone" + (stamp.map { ", stamped \($0)" } ?? "")
    case .listed(let count): "listed \(count) \(count == 1 ? "key" : "keys")"
    default: description
    }
  }
}
