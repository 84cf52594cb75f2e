private import Synchronization

/// The children of a composite, and what its nodes share: labels, outlines, which of them could not be opened.
final class Children: Sendable {
  let drivers: [any Driver]
  let outlines: [Outline]
  /// How each child is called in a report.
  let labels: [String]
  /// How each child is called in a path.
  let components: [String]
  let stragglers: Stragglers
  let repairs = RepairTable()
  /// Counts the entries that are being queued.
  let queueing: Stragglers
  /// The journal that writes are handed off to; `nil` where they are not.
  let handoff: HandoffSite?
  private let unopened = Mutex<Set<Int>>([])

  init(_ drivers: [any Driver], handoff journal: HandoffJournal? = nil) {
    self.drivers = drivers
    outlines = drivers.map(\.outline)
    labels = Self.numbered(outlines.map(\.label))
    components = Self.numbered(outlines.map(\.component))
    stragglers = Stragglers(children: drivers.count)
    queueing = Stragglers(children: drivers.count)
    handoff = journal.map(HandoffSite.init)
  }

  /// The names, with a number behind those that stand more than once.
  static func numbered(_ names: [String]) -> [String] {
    var seen: [String: Int] = [:]
    return names.map { name in
      seen[name, default: 0] += 1
      return seen[name] == 1 ? name : "\(name)#\(seen[name] ?? 0)"
    }
  }

  var count: Int { drivers.count }
  var indices: Range<Int> { drivers.indices }

  /// The children that can do something.
  func indices(having capability: Capabilities) -> [Int] {
    indices.filter { outlines[$0].capabilities.isSuperset(of: capability) }
  }

  /// What any of the children can do.
  var united: Capabilities { outlines.reduce(into: []) { $0.formUnion($1.capabilities) } }
  /// Whether whatever can be read can be deleted too.
  var canDeleteAll: Bool {
    outlines.contains { $0.capabilities.contains(.delete) }
      && outlines.allSatisfy { $0.capabilities.contains(.delete) || !$0.capabilities.contains(.get) }
  }

  /// Whether whatever can be read can be described too: an absence would mean nothing otherwise.
  var canDescribeAll: Bool {
    outlines.allSatisfy { $0.capabilities.contains(.stat) || !$0.capabilities.contains(.get) }
  }

  // MARK: Calls

  @inline(__always)
  func get(_ key: Key, at index: Int, _ context: Context) async throws(DriverError) -> Record? {
    try await context.deeper().get(key, from: drivers[index], at: index, label: components[index])
  }

  func get(_ urls: [StorageURL], at index: Int, _ context: Context) async throws(DriverError) -> Record? {
    let driver = drivers[index]
    return try await context.deeper().get(
      urls.filter(driver.handles), from: driver, at: index, label: components[index])
  }

  func stat(_ key: Key, at index: Int, _ context: Context) async throws(DriverError) -> Stat? {
    try await context.deeper().stat(key, from: drivers[index], at: index, label: components[index])
  }

  @inline(__always)
  func put(_ record: Record, at key: Key, to index: Int, _ context: Context) async throws(DriverError) -> Receipt {
    try await context.deeper().put(record, at: key, to: drivers[index], at: index, label: components[index])
  }

  func put(
    _ record: Record, at key: Key, if condition: Precondition, to index: Int, _ context: Context
  ) async throws(DriverError) -> Receipt {
    try await context.deeper().put(
      record, at: key, if: condition, to: drivers[index], at: index, label: components[index])
  }

  func delete(
    _ key: Key, proof: DeletionProof?, at index: Int, _ context: Context
  ) async throws(DriverError) -> Receipt {
    try await context.deeper().delete(key, proof: proof, from: drivers[index], at: index, label: components[index])
  }

  func purge(
    _ tombstone: Record, at key: Key, from index: Int, _ context: Context
  ) async throws(DriverError) -> Receipt {
    try await context.deeper().purge(tombstone, at: key, from: drivers[index], at: index, label: components[index])
  }

  func list(_ request: ListRequest, at index: Int, _ context: Context) async throws(DriverError) -> Page {
    try await context.deeper().list(request, from: drivers[index], at: index, label: components[index])
  }

  func open(at index: Int, _ context: Context) async throws(DriverError) -> Receipt {
    try await context.deeper().open(drivers[index], at: index, label: components[index])
  }

  func close(at index: Int, _ context: Context) async throws(DriverError) {
    try await context.deeper().close(drivers[index], at: index, label: components[index])
  }

  // MARK: Opening and closing

  /// Opens every child at once. Fails only when none could be opened: a strategy starts degraded.
  func open(in context: Context) async throws(DriverError) -> Receipt {
    try attachHandoff(in: context)
    let (tally, ending) = await FanOut.run(
      OpenTally(labels), over: Array(indices), on: context.runtime, stragglers: stragglers, losers: .awaited,
      isWrite: true
    ) { [self] index throws(DriverError) in try await open(at: index, context) }
    guard ending == .decided else { throw DriverError(.cancelled, "cancelled while opening", outcomes: tally.outcomes) }
    unopened.withLock { $0 = Set(tally.failed) }
    guard tally.failed.count < count else {
      throw DriverError(
        .unavailable, "none of \(count) drivers could be opened", outcomes: tally.outcomes, effect: .unchanged)
    }
    return Receipt(.opened, children: tally.outcomes + (await handoff?.journal.strandedOutcomes(in: context) ?? []))
  }

  /// Opens, once more, those of the given children that could not be opened.
  ///
  /// - Returns: Those that still cannot.
  func reopen(_ indices: some Sequence<Int>, in context: Context) async -> [Int: DriverError] {
    guard !unopened.withLock(\.isEmpty) else { return [:] }
    var failed: [Int: DriverError] = [:]
    for index in indices where unopened.withLock({ $0.contains(index) }) {
      do throws(DriverError) {
        _ = try await open(at: index, context)
        unopened.withLock { _ = $0.remove(index) }
      } catch { failed[index] = error }
    }
    return failed
  }

  /// Refuses a write while a required child is not open, before any other is touched.
  func checkRequired(
    _ isRequired: [Bool], _ operation: String, _ key: Key, in context: Context
  ) async throws(DriverError) {
    guard unopened.withLock({ !$0.isEmpty }) else { return }
    let required = indices.filter { isRequired[$0] && context.omitting?.contains(labels[$0]) != true }
    let missing = await reopen(required, in: context)
    guard let first = missing.keys.min() else { return }
    let outcomes = indices.map { index in
      Outcome(
        labels[index],
        missing[index].map { .failed($0) } ?? .skipped("the required driver \(labels[first]) is not open"))
    }
    throw DriverError(
      .unavailable, "\(operation) of \(key) needs drivers that could not be opened; no driver was written",
      outcomes: outcomes, effect: .unchanged)
  }

  /// Closes every child at once.
  func close(in context: Context) async throws(DriverError) {
    handoff?.detach()
    let (tally, ending) = await FanOut.run(
      OpenTally(labels), over: Array(indices), on: context.runtime, stragglers: stragglers, losers: .awaited,
      isWrite: true
    ) { [self] index throws(DriverError) in
      try await close(at: index, context)
      return Receipt(.opened)
    }
    guard ending == .decided else { throw DriverError(.cancelled, "cancelled while closing", outcomes: tally.outcomes) }
    guard tally.failed.isEmpty else {
      throw DriverError(
        .unavailable, "\(tally.failed.count) of \(count) drivers could not be closed", outcomes: tally.outcomes)
    }
  }
}

/// Collects what every child said. Pure.
struct OpenTally: Tally {
  private(set) var outcomes: [Outcome]
  private(set) var failed: [Int] = []

  init(_ labels: [String]) { outcomes = labels.map { Outcome($0, .pending) } }

  var isDecided: Bool { false }

  mutating func record(_ result: Result<Receipt, DriverError>, from index: Int) {
    switch result {
    case .success(let receipt):
      outcomes[index] = Outcome(outcomes[index].node, receipt.result, children: receipt.children)
    case .failure(let error):
      outcomes[index].result = .failed(error)
      failed.append(index)
    }
  }
}
