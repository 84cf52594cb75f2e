/// The stores that a scrub or a purge compares. Each has a limited time for each answer, and what it does not say is never
/// taken for an answer.
struct ComparedStores: Sendable {
  /// How many keys of each store are in memory at once.
  private static let pageLimit = 1_000

  let children: Children
  let request: ListRequest
  let timeout: Duration
  /// With stores that stop answering, over one piece of work.
  private var patience = Patience()

  init(_ kind: Key.Kind, prefix: String, timeout: Duration, _ drivers: [any Driver]) {
    precondition(timeout > .zero, "a time limit of \(timeout) lets nothing through")
    children = Children(drivers)
    request = ListRequest(kind, prefix: prefix, limit: Self.pageLimit)
    self.timeout = timeout
  }

  var names: [String] { children.labels }

  /// The same stores, for a piece of work of its own.
  func anew() -> ComparedStores {
    var stores = self
    stores.patience = Patience()
    return stores
  }

  /// Refuses stores of which one is two, and those that lack an operation.
  func check(_ work: String, needs: Capabilities) throws(DriverError) {
    func refuse(_ reason: String) -> DriverError {
      DriverError(.unsupported, "a \(work) is not possible: \(reason)", effect: .unchanged)
    }
    guard children.count >= 2 else { throw refuse("it compares stores, and was given \(children.count)") }
    var owners: [String: String] = [:]
    for index in children.indices {
      let missing = needs.subtracting(children.outlines[index].capabilities)
      guard missing.isEmpty else { throw refuse("\(names[index]) has no \(missing)") }
      for leaf in children.outlines[index].leaves {
        if let owner = owners.updateValue(names[index], forKey: leaf.identity) {
          throw refuse("\(owner) and \(names[index]) are the same store, \(leaf.label)")
        }
      }
    }
  }

  /// Asks several stores at once, and waits for all of them, but not longer than the time limit.
  ///
  /// - Returns: What each said; `timedOut` for those that said nothing in time, and `unavailable` for those that were not
  ///   asked, because they had said nothing for too long.
  func ask<Answer: Sendable>(
    _ stores: [Int], _ operation: String, isWrite: Bool, in context: Context,
    _ ask: @escaping @Sendable (Int, Context) async throws(DriverError) -> Answer
  ) async -> [Int: Result<Answer, DriverError>] {
    let inner = context.counting.within(context.runtime.now + timeout)
    let asked = stores.filter { !patience.isExhausted(with: $0) }
    guard !asked.isEmpty else { return Dictionary(uniqueKeysWithValues: stores.map { ($0, refusal($0, operation)) }) }
    let (tally, ending) = await FanOut.run(
      AnswerTally<Answer>(), over: asked, on: context.runtime, stragglers: children.stragglers,
      losers: isWrite ? .continued : .cancelled, isWrite: isWrite, deadline: inner.deadline
    ) { index throws(DriverError) in try await ask(index, inner) }
    var answers = tally.answers
    for store in stores where answers[store] == nil {
      guard asked.contains(store) else {
        answers[store] = refusal(store, operation)
        continue
      }
      let effect: DriverError.Effect = isWrite ? .unknown : .unchanged
      let error =
        ending == .timedOut
        ? DriverError(.timedOut, "\(operation) had no answer within \(timeout)", effect: effect)
        : DriverError(.cancelled, "the caller of \(operation) was cancelled", effect: effect)
      answers[store] = .failure(error.inside(children.components[store]))
    }
    for store in asked {
      if case .failure(let error) = answers[store] {
        patience.record(error, from: store)
      } else {
        patience.record(nil, from: store)
      }
    }
    return answers
  }

  private func refusal<Answer>(_ store: Int, _ operation: String) -> Result<Answer, DriverError> {
    .failure(Patience.refusal(of: operation).inside(children.components[store]))
  }
}

/// Collects what everybody says. Pure.
private struct AnswerTally<Answer: Sendable>: Tally {
  private(set) var answers: [Int: Result<Answer, DriverError>] = [:]
  var isDecided: Bool { false }
  mutating func record(_ result: Result<Answer, DriverError>, from index: Int) { answers[index] = result }
}

/// Lists stores side by side: the shell of ``ListingWalk``.
struct Listings {
  private let stores: ComparedStores
  private var walk: ListingWalk
  /// How many keys each store listed.
  private(set) var counts: [Int]
  /// Why a store did not list all that it has.
  private(set) var silences: [Int: String] = [:]

  init(_ stores: ComparedStores) {
    self.stores = stores
    walk = ListingWalk(stores.request, stores: stores.children.count)
    counts = Array(repeating: 0, count: stores.children.count)
  }

  /// The next key that a store lists, and what the others say of it; `nil` at the end.
  ///
  /// - Throws: `cancelled`, and nothing else: a store that fails is silent from then on.
  mutating func next(in context: Context) async throws(DriverError) -> ListingWalk.Row? {
    while true {
      switch walk.next() {
      case .row(let row): return row
      case .end: return nil
      case .fetch(let hungry): try await fetch(hungry, in: context)
      }
    }
  }

  private mutating func fetch(_ hungry: [Int], in context: Context) async throws(DriverError) {
    let (children, walk) = (stores.children, self.walk)
    let answers = await stores.ask(hungry, "the listing", isWrite: false, in: context) {
      index, context throws(DriverError) in
      try await children.list(walk.request(for: index), at: index, context)
    }
    if Task.isCancelled { throw DriverError(.cancelled, "the comparison was cancelled", effect: .unchanged) }
    for store in hungry {
      switch answers[store] {
      case .success(let page)?:
        counts[store] += page.entries.count
        if let silence = self.walk.add(page, from: store), silences[store] == nil { silences[store] = silence }
      case .failure(let error)?:
        self.walk.fail(store)
        silences[store] = "\(error.code): \(error.summary)"
      case nil: self.walk.fail(store)
      }
    }
  }
}
