/// Walks the listings of several stores side by side, one key at a time, holding one page of each. Pure.
///
/// It draws no conclusion from silence: a store whose listing failed, or was incomplete, is never said to lack a key.
struct ListingWalk {
  /// What one store's listing says of one key.
  enum Finding: Hashable {
    case listed(Stat)
    /// The store listed what it has, and the key is not there.
    case missing
    /// The store did not say.
    case unknown

    var stat: Stat? { if case .listed(let stat) = self { stat } else { nil } }
  }

  /// One key, and what each store says of it.
  struct Row: Hashable {
    let key: Key
    let findings: [Finding]
  }

  /// What comes next.
  enum Step: Hashable {
    /// These stores are to be asked for a page each.
    case fetch([Int])
    case row(Row)
    case end
  }

  private struct Store {
    var page: ArraySlice<Page.Entry> = []
    /// Where the next page begins; meaningless when the listing has ended.
    var cursor: Cursor?
    var hasEnded = false
    /// Whether it may hold keys that it does not list.
    var mayHoldMore = false
    /// The last key it listed, which all others must be behind.
    var last: Key?
  }

  private let template: ListRequest
  private var stores: [Store]

  init(_ request: ListRequest, stores count: Int) {
    template = request
    stores = Array(repeating: Store(), count: count)
  }

  /// The page to ask a store for.
  func request(for store: Int) -> ListRequest {
    ListRequest(template.kind, prefix: template.prefix, after: stores[store].cursor, limit: template.limit)
  }

  mutating func next() -> Step {
    let hungry = stores.indices.filter { stores[$0].page.isEmpty && !stores[$0].hasEnded }
    guard hungry.isEmpty else { return .fetch(hungry) }
    guard let key = stores.compactMap({ $0.page.first?.key }).min() else { return .end }
    let findings = stores.indices.map { index -> Finding in
      guard let entry = stores[index].page.first, entry.key == key else {
        return stores[index].mayHoldMore ? .unknown : .missing
      }
      stores[index].page.removeFirst()
      return .listed(entry.stat)
    }
    return .row(Row(key: key, findings: findings))
  }

  /// Takes a page of a store.
  ///
  /// - Returns: Why the store is not believed, and not asked again, if it is not.
  mutating func add(_ page: Page, from store: Int) -> String? {
    if !page.isComplete { stores[store].mayHoldMore = true }
    var last = stores[store].last
    let request = request(for: store)
    for entry in page.entries {
      guard request.includes(entry.key), last.map({ $0 < entry.key }) ?? true else {
        fail(store)
        return "its listing is not in the order of the keys, at \(entry.key)"
      }
      last = entry.key
    }
    if let next = page.next {
      guard next.key >= last ?? next.key, stores[store].cursor.map({ $0.key < next.key }) ?? true else {
        fail(store)
        return "its listing does not go on after \(next.key)"
      }
    }
    stores[store].page = page.entries[...]
    stores[store].last = last
    stores[store].cursor = page.next
    stores[store].hasEnded = page.next == nil
    return page.isComplete
      ? nil : "its listing is incomplete: \(page.unanswered.joined(separator: ", ")) did not answer"
  }

  /// A store could not be listed any further.
  mutating func fail(_ store: Int) {
    stores[store].mayHoldMore = true
    stores[store].hasEnded = true
  }
}
