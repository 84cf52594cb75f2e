/// Reads that several composites share.
extension Children {
  /// Asks the children one after the other; the first copy wins.
  ///
  /// - Parameters:
  ///   - order: Which to ask, in this order.
  ///   - continuesOnMiss: Whether an absence is a reason to ask the next.
  ///   - subject: What is searched for, for the failure.
  ///   - ask: Asks one child.
  @inline(__always)
  func search<Copy>(
    _ order: some Sequence<Int>, continuesOnMiss: Bool = true, _ subject: @autoclosure () -> String,
    _ ask: (Int) async throws(DriverError) -> Copy?
  ) async throws(DriverError) -> Copy? {
    var search = Search()
    var isCancelled = false
    for index in order {
      if isCancelled {
        search.skip(labels[index], because: "the caller was cancelled")
        continue
      }
      do throws(DriverError) {
        if let copy = try await ask(index) { return copy }
        search.recordAbsence(at: labels[index])
        if !continuesOnMiss { break }
      } catch {
        search.record(error, at: labels[index])
      }
      isCancelled = Task.isCancelled
    }
    try search.conclude(subject(), isCancelled: isCancelled)
    return nil
  }

  /// Asks several children at once; the first copy wins, and the others are cancelled.
  func race<Copy: Sendable>(
    _ order: [Int], on runtime: Runtime, _ subject: @autoclosure () -> String,
    _ ask: @escaping @Sendable (Int) async throws(DriverError) -> Copy?
  ) async throws(DriverError) -> Copy? {
    let (tally, ending) = await FanOut.run(
      RaceTally<Copy>(labels, count: order.count), over: order, on: runtime, stragglers: stragglers, losers: .cancelled,
      isWrite: false, ask)
    if let winner = tally.winner { return winner }
    guard ending == .decided else {
      throw DriverError(
        .cancelled, "the search for \(subject()) was cancelled", outcomes: tally.search.outcomes, effect: .unchanged)
    }
    try tally.search.conclude(subject(), isCancelled: false)
    return nil
  }

  /// The newest of the first `needed` answers.
  func newest<Copy: Rankable>(
    of needed: Int, _ order: [Int], _ key: Key, _ context: Context, skipped: [Int: String],
    _ ask: @escaping @Sendable (Int) async throws(DriverError) -> Copy?
  ) async throws(DriverError) -> Copy? {
    let runtime = context.runtime
    let (order, skipped) = (try asked(order, context), self.skipped(skipped, context))
    let (tally, ending) = await FanOut.run(
      QuorumReadTally<Copy>(labels, needed: needed, skipped: skipped), over: order, on: runtime,
      stragglers: stragglers, losers: .cancelled, isWrite: false
    ) { index throws(DriverError) in
      let copy = try await ask(index)
      if let stamp = copy?.stamp { try runtime.observe(stamp) }
      return copy
    }
    if let conflict = tally.conflict { context.report(conflict, of: key) }
    guard ending == .decided else {
      throw DriverError(.cancelled, "the read of \(key) was cancelled", outcomes: tally.outcomes, effect: .unchanged)
    }
    guard !tally.isImpossible else { throw tally.failure("the read of \(key)") }
    return tally.newest
  }

  /// Lists every child that can list, at once, and merges their pages.
  ///
  /// A child that can be read and not listed may hold a key that nobody else lists: it counts as one that did not answer.
  ///
  /// - Parameter needed: How many must answer in full, which makes the page complete and ends the wait; every child when
  ///   it is not given.
  func list(_ request: ListRequest, needed: Int? = nil, in context: Context) async throws(DriverError) -> Page {
    let listing = indices(having: .list)
    let order = try asked(listing, context)
    let (tally, ending) = await FanOut.run(
      PageTally(ListMerge(request), labels: labels, needed: needed, count: order.count), over: order,
      on: context.runtime, stragglers: stragglers, losers: .cancelled, isWrite: false
    ) { [self] index throws(DriverError) in try await list(request, at: index, context)
    }
    let failures = order.compactMap { index in
      if let error = tally.errors[index] { return Outcome(labels[index], .failed(error)) }
      return tally.answered.contains(index) ? nil : Outcome(labels[index], .pending)
    }
    guard ending == .decided else {
      throw DriverError(.cancelled, "the listing was cancelled", outcomes: failures, effect: .unchanged)
    }
    guard tally.answered.count >= max(needed ?? 1, 1) else {
      throw DriverError(
        needed == nil ? .unavailable : .quorumNotMet,
        "\(tally.answered.count) of \(order.count) drivers listed, \(max(needed ?? 1, 1)) are needed",
        outcomes: failures, effect: .unchanged)
    }
    var page = tally.merge.page()
    let mayHoldKeys = Set(listing + indices(having: .get)).subtracting(order)
    page.unanswered += mayHoldKeys.sorted().map { labels[$0] }
    if let needed, tally.merge.answers >= needed { page.unanswered = [] }
    return page
  }

  /// Asks the children that answer for one of the URLs, in order, each only for what it claims.
  func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    let order = try asked(indices(having: .getURL), context).filter { index in
      urls.contains { drivers[index].handles($0) }
    }
    guard !order.isEmpty else {
      throw DriverError(
        .unroutable, "no driver here answers for \(urls.map(\.string).joined(separator: ", "))")
    }
    return try await search(order, "\(urls.map(\.string).joined(separator: ", "))") { index throws(DriverError) in
      try await get(urls, at: index, context)
    }
  }

  /// The first URL that one of these children makes for a key.
  func url(for key: Key, among indices: [Int]) -> StorageURL? {
    indices.lazy.compactMap { self.drivers[$0].url(for: key) }.first
  }

  /// Whether a child answers for a URL.
  func handles(_ url: StorageURL) -> Bool { drivers.contains { $0.handles(url) } }
}

/// Collects pages. Pure.
private struct PageTally: Tally {
  private(set) var merge: ListMerge
  private(set) var errors: [Int: DriverError] = [:]
  private(set) var answered: Set<Int> = []
  private let labels: [String]
  private let needed: Int?
  private let count: Int

  init(_ merge: ListMerge, labels: [String], needed: Int?, count: Int) {
    self.merge = merge
    self.labels = labels
    self.needed = needed
    self.count = count
  }

  /// Without a quorum everybody may hold a key that nobody else has.
  var isDecided: Bool {
    guard let needed else { return false }
    return merge.answers >= needed || count - errors.count < needed
  }

  mutating func record(_ result: Result<Page, DriverError>, from index: Int) {
    switch result {
    case .success(let page):
      answered.insert(index)
      merge.add(page, from: labels[index])
    case .failure(let error):
      errors[index] = error
      merge.addFailure(of: labels[index])
    }
  }
}
