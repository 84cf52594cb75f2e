/// Merges the pages that several children gave for one request. Pure.
///
/// A child that has more to list says nothing about the keys behind its page, so the merged page ends at the earliest
/// such place; what lies behind it belongs to the next page.
struct ListMerge {
  private let request: ListRequest
  private var newest: [Key: Stat] = [:]
  private var horizon: Key?
  private(set) var unanswered: [String] = []

  init(_ request: ListRequest) { self.request = request }

  mutating func add(_ page: Page, from label: String) {
    for entry in page.entries where newest[entry.key].map({ entry.stat.ranksAbove($0) }) ?? true {
      newest[entry.key] = entry.stat
    }
    end(page, label)
  }

  /// Adds a page whose entries count only where no other page has the key, whatever their stamps.
  mutating func addBelow(_ page: Page, from label: String) {
    for entry in page.entries where newest[entry.key] == nil { newest[entry.key] = entry.stat }
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
      of: newest.lazy.filter { horizon == nil || $0.key <= horizon! }.map { Page.Entry($0.key, $0.value) }, for: request
    )
    if page.next == nil, let horizon { page.next = Cursor(after: horizon) }
    page.unanswered = unanswered
    return page
  }
}
