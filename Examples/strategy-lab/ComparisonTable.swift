import Foundation
import MetaDriver
import MetaDriverAnalysis

/// The dozen strategies as a table, of which each line is printed when it is known.
struct ComparisonTable {
  private static let widths = [27, 7, 7, 12, 10, 10, 10, 10]
  private static let header = """
    What twelve strategies guarantee, worked out from their trees, and what they did in the simulator.

    "reads" and "writes": how many stores may fail, whichever they are. "kept": how many may be lost for good with every
    acknowledged write still there to be read. "own": a session reads its own writes. "back": its reads never go back.
    "last": whoever reads, gets the last write. "atomic": once read, the new value stays. A "yes" held in all of %@ bad
    hours of the simulator, a "no" comes with the number of one that shows it.

    """
  private static let timeHeader = """

    Times in milliseconds, predicted and measured over %@ operations: of a put and of a get, the median and what one in a
    hundred exceeds; and how likely somebody else's get, 5 ms after a put was acknowledged, finds it.

    """

  private let print: (String) -> Void

  init(print: @escaping (String) -> Void) { self.print = print }

  /// - Returns: Whether the simulator agrees with every promise.
  func show(seeds: UInt64, operations: Int) async throws -> Bool {
    print(String(format: Self.header, "\(seeds)"))
    print(line(["", "reads", "writes", "kept", "own", "back", "last", "atomic"]))
    var comparisons: [Comparison] = []
    // One thread for each processor that there is; the lines come in their order.
    let tasks = KnownStrategy.dozen.map { strategy in
      Task { try Comparison(strategy, seeds: seeds, operations: operations) }
    }
    for task in tasks {
      let comparison = try await task.value
      let kept = comparison.losses.map(String.init) ?? comparison.kept.text
      let cells = comparison.resilience.map(String.init) + [kept] + comparison.claims.map(\.text)
      print(line([comparison.name] + cells))
      comparisons.append(comparison)
    }
    print(String(format: Self.timeHeader, "\(operations)"))
    print(timeLine(["", "put p50", "put p99", "get p50", "get p99", "found after 5 ms"]))
    for comparison in comparisons {
      var cells = comparison.times.map { String(format: "%6.1f %6.1f", $0.predicted, $0.measured) }
      cells.append(comparison.consistency.map { String(format: "%7.4f %7.4f", $0.predicted, $0.measured) } ?? "")
      print(timeLine([comparison.name] + cells))
    }
    let doubtful = comparisons.filter { !$0.isConfirmed }.map(\.name)
    guard doubtful.isEmpty else {
      print("\nThe simulator does not agree about: \(doubtful.joined(separator: ", "))")
      return false
    }
    return true
  }

  private func line(_ cells: [String]) -> String { padded(cells, Self.widths) }

  private func timeLine(_ cells: [String]) -> String { padded(cells, [27, 16, 16, 16, 16, 18]) }

  private func padded(_ cells: [String], _ widths: [Int]) -> String {
    var line = zip(cells, widths).map { cell, width in
      cell.padding(toLength: max(width, cell.count), withPad: " ", startingAt: 0)
    }.joined()
    while line.last == " " { line.removeLast() }
    return line
  }
}
