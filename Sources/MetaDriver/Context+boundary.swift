/// What is seen to at the boundary to a leaf, and nowhere else: every stamp that passes is shown to the clock, and what a
/// node above wants in order is stamped there, unless a node between has done it.
extension Context {
  /// From how far ahead of this machine's clock a stamp is an event of its own.
  private static let reportedLead: Duration = .seconds(1)

  /// Shows a leaf's stamp to the clock.
  ///
  /// - Throws: `corrupt` for a stamp that no clock makes: it is that copy's failure.
  func see(_ stamp: Stamp, of key: Key?) throws(DriverError) {
    guard let lead = try runtime.observe(stamp), lead > Self.reportedLead else { return }
    trace?.note(.get, key, attempt, start: runtime.now, end: runtime.now, .ahead(stamp, by: lead))
  }

  /// The copy that a child gave; of a leaf's, the stamp is shown to the clock.
  @inline(__always)
  func seen<Copy: Rankable>(_ copy: Copy?, from child: some Driver, _ key: Key?) throws(DriverError) -> Copy? {
    if let stamp = copy?.stamp, child.leaf != nil { try see(stamp, of: key) }
    return copy
  }

  /// The page that a child gave. A leaf's entry whose stamp no clock makes is listed without it, as a damaged one is.
  func seen(_ page: Page, from child: some Driver) -> Page {
    guard child.leaf != nil else { return page }
    var page = page
    for index in page.entries.indices where !(page.entries[index].stat.stamp?.isPossible ?? true) {
      let entry = page.entries[index]
      page.entries[index] = Page.Entry(entry.key, Stat(byteCount: entry.stat.byteCount))
    }
    if let newest = page.entries.max(by: { $0.stat.stamp ?? .lowest < $1.stat.stamp ?? .lowest }),
      let stamp = newest.stat.stamp
    {
      try? see(stamp, of: newest.key)
    }
    return page
  }

  /// The receipt that a leaf gave of a record.
  ///
  /// - Throws: `corrupt` when it says that something newer is there, and names a stamp that is not.
  func seen(_ receipt: Receipt, of record: Record, at key: Key) throws(DriverError) -> Receipt {
    guard case .superseded(let newer) = receipt.result else { return receipt }
    do throws(DriverError) { try see(newer, of: key) } catch { throw error.with(effect: .unchanged) }
    guard record.stamp.map({ newer < $0 }) ?? false else { return receipt }
    throw DriverError(
      .corrupt, "the put of \(key) was answered with a newer copy of \(newer), which is older than the put",
      effect: .unknown
    )
  }

  /// Puts a record at a leaf that no node above has stamped, although one wants it in order.
  ///
  /// A leaf that does not compare stamps is asked first; the look and the put are one turn there.
  func putStamped(_ record: Record, at key: Key, to leaf: some Driver) async throws(DriverError) -> Receipt {
    var ask: (() async throws(DriverError) -> Stamp?)?
    if leaf.leaf?.ordering != .newestWins, leaf.outline.capabilities.contains(.get) {
      ask = { () throws(DriverError) in
        let found = try await getPatiently { () throws(DriverError) in try await leaf.get(key, in: self) }
        return try seen(found, from: leaf, key)?.stamp
      }
    }
    return try await writeInOrder(record, at: key, asking: ask, isSure: true, isMeeting: true) {
      record, _ throws(DriverError) in
      try seen(try await leaf.put(record, at: key, in: stamped(isAbove: false)), of: record, at: key)
    }
  }
}

extension Stamp {
  fileprivate static let lowest = Stamp(time: 0, writer: 0)
}
