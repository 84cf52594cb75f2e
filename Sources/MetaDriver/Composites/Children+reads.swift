/// Reads that several composites share.
extension Children {
  /// Asks the children one after the other; the first copy wins.
  ///
  /// - Parameters:
  ///   - order: Which to ask, in this order.
  ///   - continuesOnMiss: Whether an absence is a reason to ask the next.
  ///   - bounds: Where the copy's stamp must be; one out of bounds is its child's failure.
  ///   - subject: What is searched for, for the failure.
  ///   - ask: Asks one child.
  @inline(__always)
  func search<Copy: Rankable>(
    _ order: some Sequence<Int>, continuesOnMiss: Bool = true, bounds: ReadBounds? = nil,
    _ subject: @autoclosure () -> String,
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
        if let copy = try await ask(index) {
          if let bounds { try bounds.check(copy, of: subject()) }
          return copy
        }
        search.recordAbsence(at: labels[index])
        if !continuesOnMiss { break }
      } catch {
        search.record(error, at: labels[index])
      }
      isCancelled = Task.isCancelled
    }
    try search.conclude(subject(), isCancelled: isCancelled)
    try bounds?.check(nil as Copy?, of: subject())
    return nil
  }

  /// Asks every child at once, waits for all of them, and gives the newest copy that there is: what a read does that found
  /// one too old.
  ///
  /// - Throws: When nobody has a copy, and somebody did not answer.
  func searchWidely<Copy: Rankable>(
    _ order: [Int], bounds: ReadBounds?, on runtime: Runtime, _ subject: @autoclosure () -> String,
    _ ask: @escaping @Sendable (Int) async throws(DriverError) -> Copy?
  ) async throws(DriverError) -> Copy? {
    let skipped = Dictionary(
      uniqueKeysWithValues: indices.filter { !order.contains($0) }.map { ($0, "it was left out") })
    let (tally, ending) = await FanOut.run(
      QuorumReadTally<Copy>(labels, needed: 0, isPatient: true, skipped: skipped, bounds: bounds), over: order,
      on: runtime,
      stragglers: stragglers, losers: .cancelled, isWrite: false, ask)
    if let newest = tally.newest {
      try bounds?.check(newest, of: subject())
      return newest
    }
    var search = Search()
    for index in order {
      if let error = tally.outcomes[index].result.error {
        search.record(error, at: labels[index])
      } else {
        search.recordAbsence(at: labels[index])
      }
    }
    try search.conclude(subject(), isCancelled: ending != .decided)
    try bounds?.check(nil as Copy?, excluded: tally.excluded, of: subject())
    return nil
  }

  /// Asks several children at once; the first copy wins, and the others are cancelled.
  func race<Copy: Rankable>(
    _ order: [Int], bounds: ReadBounds?, on runtime: Runtime, _ subject: @autoclosure () -> String,
    _ ask: @escaping @Sendable (Int) async throws(DriverError) -> Copy?
  ) async throws(DriverError) -> Copy? {
    var ask = ask
    if let bounds {
      let (unchecked, subject) = (ask, subject())
      ask = { index throws(DriverError) in
        guard let copy = try await unchecked(index) else { return nil }
        try bounds.check(copy, of: subject)
        return copy
      }
    }
    let (tally, ending) = await FanOut.run(
      RaceTally<Copy>(labels, count: order.count), over: order, on: runtime,
      stragglers: stragglers, losers: .cancelled,
      isWrite: false, ask)
    if let winner = tally.winner { return winner }
    guard ending == .decided else {
      throw DriverError(
        .cancelled, "the search for \(subject()) was cancelled", outcomes: tally.search.outcomes, effect: .unchanged)
    }
    try tally.search.conclude(subject(), isCancelled: false)
    try bounds?.check(nil as Copy?, of: subject())
    return nil
  }

  /// Lists every child that can list, at once, and merges their pages.
  ///
  /// A child that can be read and not listed may hold a key that nobody else lists: it counts as one that did not answer.
  /// A key whose copies contradict each other is listed, without a stamp.
  ///
  /// - Parameters:
  ///   - votes: How many votes each child has; one where it is not given.
  ///   - needed: How many votes must answer in full, which makes the page complete and ends the wait; every child when it
  ///     is not given.
  func list(
    _ request: ListRequest, votes: [Int]? = nil, needed: Int? = nil, in context: Context
  ) async throws(DriverError) -> Page {
    let votes = votes ?? Array(repeating: 1, count: count)
    let listing = indices(having: .list)
    let order = try asked(listing, context)
    let (tally, ending) = await FanOut.run(
      PageTally(ListMerge(request), labels: labels, votes: votes, needed: needed, asked: order), over: order,
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
    let answered = tally.answered.reduce(0) { $0 + votes[$1] }
    guard answered >= max(needed ?? 1, 1) else {
      throw DriverError(
        needed == nil ? .unavailable : .quorumNotMet,
        "\(answered) of \(order.reduce(0) { $0 + votes[$1] }) drivers listed, \(max(needed ?? 1, 1)) are needed",
        outcomes: failures, effect: .unchanged)
    }
    var page = tally.merge.page()
    let mayHoldKeys = Set(listing + indices(having: .get)).subtracting(order)
    page.unanswered += mayHoldKeys.sorted().map { labels[$0] }
    if let needed, tally.complete >= needed { page.unanswered = [] }
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
    return try await search(order, bounds: context.bounds, "\(urls.map(\.string).joined(separator: ", "))") {
      index throws(DriverError) in
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
  /// The votes of those that listed in full.
  private(set) var complete = 0
  private var open: Int
  private let labels: [String]
  private let votes: [Int]
  private let needed: Int?

  init(_ merge: ListMerge, labels: [String], votes: [Int], needed: Int?, asked: [Int]) {
    self.merge = merge
    self.labels = labels
    self.votes = votes
    self.needed = needed
    open = asked.reduce(0) { $0 + votes[$1] }
  }

  /// Without a quorum everybody may hold a key that nobody else has.
  var isDecided: Bool {
    guard let needed else { return false }
    return complete >= needed || answered.reduce(open) { $0 + votes[$1] } < needed
  }

  mutating func record(_ result: Result<Page, DriverError>, from index: Int) {
    open -= votes[index]
    switch result {
    case .success(let page):
      answered.insert(index)
      if page.isComplete { complete += votes[index] }
      merge.addCopies(page, from: labels[index])
    case .failure(let error):
      errors[index] = error
      merge.addFailure(of: labels[index])
    }
  }
}
