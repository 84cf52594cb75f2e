public import MetaDriver
private import Synchronization

/// What each node of a tree has been doing: how often it was asked, how long it took, how often it failed for good, and
/// what of it is still under way. An observer, for any number of strategies.
///
/// ```swift
/// let statistics = NodeStatistics()
/// let profiles = try Strategy("profiles", runtime: Runtime(observer: statistics)) { disk }
/// try await profiles.put(bytes, at: "alice/profile")
/// print(statistics)
/// for entry in statistics.entries where entry.lateCount > 0 { show(entry.path) }
/// ```
///
/// Nodes are told apart by their paths, so that two strategies with one name are counted as one.
public final class NodeStatistics: Observer {
  /// What is known of one kind of operation on one node.
  public struct Entry: Sendable {
    /// The nodes from the root to this one.
    public let path: [String]
    /// The places of those nodes among their siblings, from the root's child down.
    public let indices: [Int]
    /// What was asked.
    public let operation: Event.Operation
    /// How many operations have ended, each attempt for itself.
    public internal(set) var attemptCount = 0
    /// How many of them were repetitions: their attempt was not the first.
    public internal(set) var repetitionCount = 0
    /// How many failed, each attempt for itself. One that was cancelled has not failed.
    public internal(set) var failedAttemptCount = 0
    /// How many were cancelled, as reads are that lost a race.
    public internal(set) var cancelledCount = 0
    /// How many ended after a node above had answered.
    public internal(set) var lateCount = 0
    /// How many are under way now.
    public internal(set) var pendingCount = 0
    /// How many of those are late already: a node above has answered.
    public internal(set) var latePendingCount = 0
    /// How long those took that neither failed nor were cancelled, late ones included.
    public internal(set) var latencies = LatencyHistogram()

    /// How many calls have ended: attempts that were repeated are one with their repetition.
    public var callCount: Int { attemptCount - repetitionCount }
    /// How many calls failed for good. A repetition is taken to follow a failure of this node, which is then not final.
    public var failedCallCount: Int { max(0, failedAttemptCount - repetitionCount) }
  }

  private struct Place: Hashable {
    let path: [String]
    let operation: Event.Operation
  }

  private struct State {
    var entries: [Place: Entry] = [:]
    var pending: [ObjectIdentifier: Event.Beginning] = [:]
    var uncountedCount = 0
  }

  private let entryLimit: Int
  private let state = Mutex(State())

  /// How many operations under way are looked at for their being late.
  private static let pendingLimit = 10_000

  /// Makes statistics of nothing yet.
  ///
  /// - Parameter entryLimit: How many nodes are counted, each once for every kind of operation. One takes up to 60 KiB, and
  ///   2 to 10 KiB usually.
  public init(entryLimit: Int = 1_000) {
    precondition(entryLimit >= 1, "statistics of \(entryLimit) nodes count nothing")
    self.entryLimit = entryLimit
  }

  /// Takes note of what begins.
  public func recordBeginning(_ beginning: Event.Beginning) {
    let place = Place(path: beginning.path, operation: beginning.operation)
    let indices = beginning.indices
    state.withLock { state in
      guard has(place, indices, &state) else { return }
      state.entries[place]?.pendingCount += 1
      if state.pending.count < Self.pendingLimit { state.pending[beginning.operationID] = beginning }
    }
  }

  /// Takes note of what has ended.
  public func record(_ event: Event) {
    // Two copies with one stamp were noticed; the read in which they were has an event of its own.
    if case .conflict = event.outcome { return }
    let place = Place(path: event.path, operation: event.operation)
    let indices = event.indices
    state.withLock { state in
      if event.hasBeginning { state.pending[event.operationID] = nil }
      guard has(place, indices, &state) else { return state.uncountedCount += 1 }
      state.entries[place]?.count(event)
    }
  }

  private func has(_ place: Place, _ indices: [Int], _ state: inout State) -> Bool {
    if state.entries[place] != nil { return true }
    guard state.entries.count < entryLimit else { return false }
    state.entries[place] = Entry(path: place.path, indices: indices, operation: place.operation)
    return true
  }

  /// What is known now: strategies by name, the nodes of each in the order of the tree, and their operations by name.
  ///
  /// - Complexity: O(n log n) for n entries and operations under way.
  public var entries: [Entry] {
    var (entries, pending) = state.withLock { ($0.entries, Array($0.pending.values)) }
    for beginning in pending where beginning.isLate {
      entries[Place(path: beginning.path, operation: beginning.operation)]?.latePendingCount += 1
    }
    return entries.values.sorted { left, right in
      let (mine, theirs) = (left.path.first ?? "", right.path.first ?? "")
      if mine != theirs { return mine < theirs }
      if left.indices != right.indices { return left.indices.lexicographicallyPrecedes(right.indices) }
      if left.path != right.path { return left.path.lexicographicallyPrecedes(right.path) }
      return left.operation.rawValue < right.operation.rawValue
    }
  }

  /// How many operations ended that were not counted, because there were too many nodes.
  public var uncountedCount: Int { state.withLock(\.uncountedCount) }

  /// Forgets what has ended. What is under way stays known.
  public func reset() {
    state.withLock { state in
      state.uncountedCount = 0
      state.entries = state.entries.compactMapValues { entry in
        guard entry.pendingCount > 0 else { return nil }
        var kept = Entry(path: entry.path, indices: entry.indices, operation: entry.operation)
        kept.pendingCount = entry.pendingCount
        return kept
      }
    }
  }
}

extension NodeStatistics.Entry {
  fileprivate mutating func count(_ event: Event) {
    // One that began while there was no room for its node was not counted then.
    if event.hasBeginning { pendingCount = max(0, pendingCount - 1) }
    attemptCount += 1
    if event.attempt > 1 { repetitionCount += 1 }
    if event.isLate { lateCount += 1 }
    switch event.outcome {
    case .failed(let error) where error.code == .cancelled: cancelledCount += 1
    case .failed: failedAttemptCount += 1
    default: latencies.record(event.duration)
    }
  }
}
