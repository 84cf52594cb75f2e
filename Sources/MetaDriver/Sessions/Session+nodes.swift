extension Outline {
  /// What a modifier becomes that keeps a session: it stamps, deletes by tombstones, and shows the journal.
  mutating func become(_ session: Session) {
    marks.formUnion([.stamping, .ordering])
    // A copy that was removed, or read by URL, would be below the floors.
    capabilities.subtract([.compareAndDelete, .makeURL, .getURL])
    if capabilities.contains(.put) { capabilities.insert(.delete) }
    if let journal = session.journal {
      parameters.append(.init(name: "journal", value: journal.label))
      remarks += journal.remarks
      if let store = leaves.first(where: { journal.stores.contains($0.identity) }) {
        remarks.append(
          Remark(
            .error,
            "the session's journal is kept on \(store.label), which is a store of the tree: what this client knows would stand "
              + "among the data, and be gone with them", mend: "Keep the journal on a driver of its own"))
      }
    }
  }
}

extension Session {
  /// A child's page, with what the session knows of its own.
  func merge(
    _ page: Page, _ guarantee: SessionFloors.Guarantee, for request: ListRequest, from label: String
  ) -> Page {
    var merge = ListMerge(request)
    merge.add(page, from: label)
    let own = withFloors { floors in
      floors.copies(guarantee).filter { request.includes($0.key) }.map { Page.Entry($0.key, $0.stat) }
    }
    merge.add(Page(own, next: nil), from: "session")
    var merged = merge.page()
    merged.unanswered = page.unanswered
    return merged
  }
}
