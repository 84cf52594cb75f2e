/// Merges the pages that several children gave for one request. Pure.
///
/// A child that has more to list says nothing about the keys behind its page, so the merged page ends at the earliest
/// such place; what lies behind it belongs to the next page.
struct ListMerge {
  private let request: ListRequest
  private var found: [Key: Finding] = [:]
  private var horizon: Key?
  private(set) var unanswered: [String] = []

  init(_ request: ListRequest) { self.request = request }

  /// Adds what a child says of the copies that it holds. Copies that contradict each other leave doubt.
  mutating func addCopies(_ page: Page, from label: String) {
    for entry in page.entries {
      if found[entry.key]?.add(entry.stat) == nil { found[entry.key] = Finding(newest: entry.stat) }
    }
    end(page, label)
  }

  /// Adds what is known for certain: of two descriptions that which ranks above.
  mutating func add(_ page: Page, from label: String) {
    for entry in page.entries where found[entry.key].map({ entry.stat.ranksAbove($0.stat) }) ?? true {
      found[entry.key] = Finding(newest: entry.stat)
    }
    end(page, label)
  }

  /// Adds a page whose entries count only where no other page has the key, whatever their stamps.
  mutating func addBelow(_ page: Page, from label: String) {
    for entry in page.entries where found[entry.key] == nil { found[entry.key] = Finding(newest: entry.stat) }
    end(page, label)
  }

  private mutating func end(_ page: Page, _ label: String) {
    unanswered += page.unanswered.map { "\(label)/\($0)" }
    if let next = page.next { horizon = min(horizon ?? next.key, next.key) }
  }

  mutating func addFailure(of label: String) { unanswered.append(label) }

  /// The merged page.
  func page() -> Page {
    var page = Page(
      of: found.lazy.filter { horizon == nil || $0.key <= horizon! }.map { Page.Entry($0.key, $0.value.stat) },
      for: request)
    if page.next == nil, let horizon { page.next = Cursor(after: horizon) }
    page.unanswered = unanswered
    return page
  }
}

extension ListMerge {
  /// What several descriptions say of one key, in whatever order they come.
  private struct Finding {
    /// The highest stamp, with the largest live copy of that stamp if there is one.
    private var newest: Stat
    /// Whether the copies of the highest stamp are not the same.
    private var isContradicted = false
    /// The size of the largest live copy without a stamp: a bare one, or a damaged one, of which nobody knows what it was.
    private var bareByteCount: Int?

    init(newest stat: Stat) {
      newest = stat
      noteBare(stat)
    }

    private mutating func noteBare(_ stat: Stat) {
      if stat.stamp == nil, !stat.isTombstone { bareByteCount = max(bareByteCount ?? 0, stat.byteCount) }
    }

    mutating func add(_ stat: Stat) {
      noteBare(stat)
      guard stat.stamp == newest.stamp else {
        if stat.stamp.map({ stamp in newest.stamp.map { stamp > $0 } ?? true }) ?? false {
          newest = stat
          isContradicted = false
        }
        return
      }
      guard stat != newest else { return }
      if stat.isTombstone == newest.isTombstone {
        newest.byteCount = max(newest.byteCount, stat.byteCount)
        // Two proofs of one delete are no doubt that it is one.
        isContradicted = isContradicted || !stat.isTombstone
      } else {
        if newest.isTombstone { newest = stat }
        isContradicted = true
      }
    }

    /// The description to list. Where there is doubt it is that of a live copy, so that the key is not left out, and has no
    /// stamp, as that of a damaged copy has none.
    var stat: Stat {
      if isContradicted { return Stat(byteCount: newest.byteCount) }
      if newest.isTombstone, let bareByteCount { return Stat(byteCount: bareByteCount) }
      return newest
    }
  }
}
