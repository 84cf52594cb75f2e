import MetaDriver
import MetaDriverTesting

extension Breakage {
  private static func listing(
    _ description: String, _ cases: Conformance.Case..., others: [Conformance.Case] = [],
    page: @escaping @Sendable (ShelfDriver, ListRequest) throws(DriverError) -> Page
  ) -> Breakage {
    Breakage(description, cases: Set(cases), others: Set(others)) { shelf in
      shelf.onList = { shelf, request, _ throws(DriverError) in try page(shelf, request) }
    }
  }

  private static func cut(_ entries: [Page.Entry], _ request: ListRequest) -> Page {
    let page = Array(entries.prefix(request.limit))
    return Page(page, next: entries.count > page.count ? page.last.map { Cursor(after: $0.key) } : nil)
  }

  static let listings: [Breakage] = [
    listing("A page is not sorted", .listing, .listingPrefixes, others: all(of: .listing)) { shelf, request in
      var page = shelf.page(request)
      page.entries.reverse()
      return page
    },
    listing(
      "A listing is sorted as people do, not by bytes", .listing, others: [.listingCursors]
    ) { shelf, request throws(DriverError) in
      let sorted = shelf.entries.filter {
        $0.key.kind == request.kind && $0.key.name.utf8.starts(with: request.prefix.utf8)
      }
      .sorted { ($0.key.name.lowercased(), $0.key) < ($1.key.name.lowercased(), $1.key) }
      let start = request.cursor.map { cursor in (sorted.firstIndex { $0.key == cursor.key } ?? sorted.count) + 1 } ?? 0
      return cut(Array(sorted.dropFirst(start)), request)
    },
    listing(
      "The last page is lost", .listing, .listingPrefixes, others: all(of: .listing)
    ) { shelf, request in
      var page = shelf.page(request)
      if let next = page.next, shelf.page(ListRequest(request.kind, prefix: request.prefix, after: next)).next == nil,
        shelf.page(ListRequest(request.kind, prefix: request.prefix, after: next)).entries.count <= request.limit
      {
        page.next = nil
      }
      return page
    },
    listing("A page begins with the last key of the one before", .listing, others: all(of: .listing)) {
      shelf, request in
      let entries = shelf.entries.filter {
        $0.key.kind == request.kind && $0.key.name.utf8.starts(with: request.prefix.utf8)
          && (request.cursor.map(\.key) ?? $0.key) <= $0.key
      }
      return cut(entries, request)
    },
    listing("A prefix is ignored", .listingPrefixes, others: [.listingKinds, .listingCursors]) { shelf, request in
      shelf.page(ListRequest(request.kind, after: request.cursor, limit: request.limit))
    },
    listing("A prefix is a folder", .listingPrefixes, others: [.listingKinds]) { shelf, request in
      let folder = Array(request.prefix.utf8)
      let entries = shelf.entries.filter { entry in
        let rest = entry.key.name.utf8.dropFirst(folder.count)
        return request.includes(entry.key)
          && (folder.isEmpty || folder.last == 47 || rest.isEmpty || rest.first == 47)
      }
      return cut(entries, request)
    },
    listing("A prefix is compared by characters", .listingPrefixes) { shelf, request in
      let entries = shelf.entries.filter { entry in
        entry.key.kind == request.kind && entry.key.name.hasPrefix(request.prefix)
          && (request.cursor.map { $0.key < entry.key } ?? true)
      }
      return cut(entries, request)
    },
    listing("Tombstones are left out", .listingTombstones) { shelf, request in
      cut(shelf.entries.filter { request.includes($0.key) && !$0.stat.isTombstone }, request)
    },
    listing("Tombstones are listed as values", .listingTombstones) { shelf, request in
      var page = shelf.page(request)
      page.entries = page.entries.map { Page.Entry($0.key, Stat(byteCount: $0.stat.byteCount)) }
      return page
    },
    listing("Both kinds are listed", .listingKinds) { shelf, request in
      let entries = shelf.entries.filter { entry in
        entry.key.name.utf8.starts(with: request.prefix.utf8) && (request.cursor.map { $0.key < entry.key } ?? true)
      }
      return cut(entries, request)
    },
    Breakage("A cursor is a number of keys", .listingChanges, others: [.listingCursors]) { shelf in
      let places = Box<[Cursor: Int]>([:])
      shelf.onList = { shelf, request, _ throws(DriverError) in
        let all = shelf.page(ListRequest(request.kind, prefix: request.prefix)).entries
        let start = request.cursor.flatMap { places.value[$0] } ?? 0
        let page = cut(Array(all.dropFirst(start)), request)
        if let next = page.next { places.value[next] = start + page.entries.count }
        return page
      }
    },
    listing("A cursor is lost with its key", .listingCursors) { shelf, request in
      if let key = request.cursor?.key, shelf[key] == nil { return Page([], next: nil) }
      return shelf.page(request)
    },
    listing("A listing never ends", .listing, .listingPrefixes, others: all(of: .listing)) { shelf, request in
      var page = shelf.page(request)
      page.next = page.entries.last.map { Cursor(after: $0.key) } ?? request.cursor ?? Cursor(after: "a")
      return page
    },
    listing("The limit is ignored", .listing, others: all(of: .listing)) { shelf, request in
      shelf.page(ListRequest(request.kind, prefix: request.prefix, after: request.cursor))
    },
    Breakage("Deleted keys stay listed", .listing, others: all(of: .listing)) { shelf in
      let deleted = Box<[Key]>([])
      shelf.onDelete = { shelf, key, _ throws(DriverError) in
        deleted.value.append(key)
        return shelf.remove(key)
      }
      shelf.onList = { shelf, request, _ throws(DriverError) in
        Page(of: shelf.entries + deleted.value.map { Page.Entry($0, Stat(byteCount: 1)) }, for: request)
      }
    },
    listing("A page is incomplete without need", .listing, others: all(of: .listing)) { shelf, request in
      var page = shelf.page(request)
      page.unanswered = ["somebody"]
      return page
    },
    listing("Sizes are listed with the envelope", .listing) { shelf, request in
      var page = shelf.page(request)
      page.entries = page.entries.map { entry in
        var stat = entry.stat
        stat.byteCount += Record.envelopeByteCount
        return Page.Entry(entry.key, stat)
      }
      return page
    },
    Breakage("The size is that of the envelope", .stats, .emptyValues) { shelf in
      shelf.onStat = { shelf, key, _ throws(DriverError) in
        shelf[key].map {
          Stat(byteCount: $0.bytes.count + Record.envelopeByteCount, stamp: $0.stamp, isTombstone: $0.isTombstone)
        }
      }
    },
    Breakage("What is absent has no bytes, and is described", .stats, others: [.deletes]) { shelf in
      shelf.onStat = { shelf, key, _ throws(DriverError) in shelf[key].map(Stat.init(of:)) ?? Stat(byteCount: 0) }
    },
    Breakage("A description has no stamp", .stats) { shelf in
      shelf.onStat = { shelf, key, _ throws(DriverError) in
        shelf[key].map { Stat(byteCount: $0.bytes.count, isTombstone: $0.isTombstone) }
      }
    },
  ]

  /// The cases of one subject.
  private static func all(of testCase: Conformance.Case) -> [Conformance.Case] {
    Conformance.Case.allCases.filter { $0.rawValue.hasPrefix(testCase.rawValue) }
  }
}
