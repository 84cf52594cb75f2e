import MetaDriver
private import Synchronization

/// Takes note of what the nodes of a tree do for one call.
final class Observation: Observer {
  private struct Entry {
    let indices: [Int]
    let operation: Event.Operation
    let attempt: Int
    let start: Duration
    var event: Event?
  }

  private struct State {
    var entries: [Entry] = []
    /// Where the entries of operations are that have not ended.
    var running: [ObjectIdentifier: Int] = [:]
    var unkeptCount = 0
  }

  private let state = Mutex(State())

  func recordBeginning(_ beginning: Event.Beginning) {
    let entry = Entry(
      indices: beginning.indices, operation: beginning.operation, attempt: beginning.attempt, start: beginning.start)
    state.withLock { state in
      guard state.entries.count < Execution.stepLimit else { return state.unkeptCount += 1 }
      state.running[beginning.operationID] = state.entries.count
      state.entries.append(entry)
    }
  }

  func record(_ event: Event) {
    let entry = Entry(
      indices: event.indices, operation: event.operation, attempt: event.attempt, start: event.start, event: event)
    state.withLock { state in
      if event.hasBeginning {
        if let place = state.running.removeValue(forKey: event.operationID) { state.entries[place].event = event }
      } else if state.entries.count < Execution.stepLimit {
        state.entries.append(entry)
      } else {
        state.unkeptCount += 1
      }
    }
  }

  /// What was noted so far, as a tree.
  ///
  /// - Parameter start: When the call began, on the runtime's clock.
  func tree(of outline: Outline, since start: Duration) -> (root: Execution.Node, unkeptCount: Int) {
    let (entries, unkeptCount) = state.withLock { ($0.entries, $0.unkeptCount) }
    var steps: [[Int]: [Execution.Step]] = [:]
    for entry in entries {
      steps[entry.indices, default: []].append(
        Execution.Step(
          operation: entry.operation, attempt: entry.attempt, start: entry.start - start,
          duration: entry.event?.duration, outcome: entry.event?.outcome, isLate: entry.event?.isLate ?? false))
    }
    return (Self.node(outline, at: [], steps), unkeptCount)
  }

  private static func node(_ outline: Outline, at indices: [Int], _ steps: [[Int]: [Execution.Step]]) -> Execution.Node
  {
    var children = outline.children.enumerated().map { node($1, at: indices + [$0], steps) }
    // What a node keeps for itself stands behind its children, and in no outline.
    let store = outline.children.count
    if !outline.children.isEmpty, let own = steps[indices + [store]] {
      let name =
        ["journal", "state"].lazy.compactMap { name in outline.parameter(name).map { "\(name) on \($0)" } }.first
      children.append(Execution.Node(title: name ?? "a store of its own", steps: own, children: []))
    }
    return Execution.Node(title: outline.line, steps: steps[indices] ?? [], children: children)
  }
}
