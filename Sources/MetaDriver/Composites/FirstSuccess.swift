/// Asks its children in order; the first good answer wins.
///
/// ```swift
/// FirstSuccess {
///   MemoryDriver("cache")
///   DiskDriver(at: folder, name: "disk").timeout(.seconds(1))
///   cloud
/// }
/// ```
///
/// - **Reads** go on to the next child after an error, and after an absence too unless `onMiss` is `.stop`. The answer is
///   `nil` only when every child asked said so; otherwise the read throws, and names each child.
/// - **Writes** go on after an error, and after a child that only queued the write: one child holds the new copy. A child
///   whose failure left its effect open is `unknown` in the receipt. Where no child holds it and one has queued it, the
///   receipt says `queued`, which is no acknowledgement.
/// - **Deletes** go to every child that can be read, and succeed only when each has deleted: a copy left anywhere would
///   be found by the next read.
/// - **Lists** merge what all children list; a page says who did not answer.
///
/// A child that hangs holds the search up for as long as it likes: give it a `Timeout`. Cancellation ends the search.
/// A read that the first child answers costs one call.
public struct FirstSuccess: Driver {
  /// What a read does when a child says that nothing is there.
  public enum MissRule: String, Hashable, Sendable {
    /// Asks the next child.
    case `continue`
    /// Believes it: the children are complete copies, the later ones replace the earlier ones only when they fail.
    case stop
  }

  private let children: Children
  private let readers: [Int]
  private let onMiss: MissRule
  /// Who makes the URLs: whoever is written to, or anybody where nobody is.
  private let urlMakers: [Int]
  /// The tree below this node.
  public let outline: Outline

  /// Combines drivers.
  ///
  /// - Parameters:
  ///   - onMiss: What a read does when a child says that nothing is there.
  ///   - drivers: The children, in the order in which they are asked.
  public init(onMiss: MissRule = .continue, @DriverBuilder _ drivers: () -> [any Driver]) {
    let children = Children(drivers())
    var capabilities = children.united.subtracting([.compareAndPut, .compareAndDelete, .delete])
    if children.canDeleteAll { capabilities.insert(.delete) }
    if !children.canDescribeAll { capabilities.remove(.stat) }
    let writers = children.indices(having: .put)
    urlMakers = writers.isEmpty ? Array(children.indices) : [writers[0]]
    if !urlMakers.contains(where: { children.outlines[$0].capabilities.contains(.makeURL) }) {
      capabilities.remove(.makeURL)
    }
    var outline = Outline(
      composite: "FirstSuccess", of: children.outlines,
      access: Access(
        read: .any(children.indices(having: .get).map(Rule.child)),
        write: .any(children.indices(having: .put).map(Rule.child)), readCourse: .sequential,
        writeCourse: .sequential),
      capabilities: capabilities)
    outline.marks.insert(.omitting)
    if onMiss == .stop { outline.parameters = [.init(name: "on miss", value: "stop")] }
    if children.count == 0 { outline.remarks = [.emptyComposite] }
    outline.withheld = [
      Withheld([.compareAndPut, .compareAndDelete], because: "after a failure it is another child that decides")
    ]
    if children.indices(having: .put).contains(where: { children.outlines[$0].takesOrder }) {
      outline.marks.insert(.ordering)
    }
    self.children = children
    readers = children.indices(having: .get)
    self.onMiss = onMiss
    self.outline = outline
  }

  /// Reads from the first child that has a copy.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try outline.check(.get)
    let asked = try children.asked(readers, context)
    if context.isWide { return try await getWidely(asked, key, context) }
    let inner = try context.deeper()
    return try await children.search(
      asked, continuesOnMiss: onMiss == .continue, bounds: context.bounds, "\(key)"
    ) {
      index throws(DriverError) in
      try await inner.get(key, from: children.drivers[index], at: index, label: children.components[index])
    }
  }

  // Out of line, so that the frame of the usual read stays small.
  @inline(never)
  private func getWidely(_ asked: [Int], _ key: Key, _ context: Context) async throws(DriverError) -> Record? {
    try await children.searchWidely(asked, bounds: context.bounds, on: context.runtime, "\(key)") {
      [children] index throws(DriverError) in try await children.get(key, at: index, context)
    }
  }

  /// Describes the copy that a read would give.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try outline.check(.stat)
    let asked = try children.asked(readers, context)
    if context.isWide {
      return try await children.searchWidely(asked, bounds: context.bounds, on: context.runtime, "\(key)") {
        [children] index throws(DriverError) in try await children.stat(key, at: index, context)
      }
    }
    return try await children.search(
      asked, continuesOnMiss: onMiss == .continue, bounds: context.bounds, "\(key)"
    ) { index throws(DriverError) in
      try await children.stat(key, at: index, context)
    }
  }

  /// Writes to the first child that accepts.
  ///
  /// - Throws: `quorumNotMet` when none does.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.put)
    try Children.checkCancellation("put", key)
    var tally = children.omit(
      WriteTally(
        children.labels, needed: 1, isRequired: Array(repeating: false, count: children.count),
        skipped: children.skipped(notHaving: .put)), context)
    if context.isRepair { tally.superseding = .satisfies }
    var stamp: Stamp?
    for index in try children.asked(children.indices(having: .put), context) {
      do throws(DriverError) {
        let receipt = try await children.put(record, at: key, to: index, context)
        tally.record(.success(receipt), from: index)
        stamp = receipt.stamp ?? stamp
        if receipt.result.isUpToDate {
          tally.skipRest(because: "\(children.labels[index]) accepted the write")
          return Receipt(receipt.result, stamp: receipt.stamp ?? record.stamp, children: tally.outcomes)
        }
      } catch {
        tally.record(.failure(error), from: index)
        if Task.isCancelled { try Children.endCancelled(&tally, "put", key) }
      }
      if tally.isDecided { break }
    }
    guard !tally.outcomes.contains(where: \.result.isQueued) else {
      return Receipt(.queued, stamp: stamp, children: tally.outcomes)
    }
    throw tally.failure("put", key)
  }

  /// Deletes at every child that can be read.
  ///
  /// - Throws: `quorumNotMet` unless each has deleted or had nothing.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.delete)
    return try await children.deleteEverywhere(
      key, proof: proof, remainder: .background, order: .concurrent, in: context)
  }

  /// Merges what the children list.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try outline.check(.list)
    return try await children.list(request, in: context)
  }

  /// Opens every child; fails only when none opens.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try outline.checkComposition()
    return try await children.open(in: context)
  }

  /// Closes every child.
  public func close(in context: Context) async throws(DriverError) { try await children.close(in: context) }

  /// The URL that the first child that can be written makes, which is where a put goes. Where no child can be written,
  /// the first URL that a child makes.
  public func url(for key: Key) -> StorageURL? { children.url(for: key, among: urlMakers) }

  /// Whether a child answers for a URL.
  public func handles(_ url: StorageURL) -> Bool { children.handles(url) }

  /// Asks the children that answer for one of the URLs, in order.
  ///
  /// - Throws: `unroutable` when none does.
  public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    try await children.get(urls, in: context)
  }
}
