/// Sends every write to all its children.
///
/// ```swift
/// Replicated(writes: .atLeast(2)) {
///   Required { DiskDriver(at: folder, name: "disk") }
///   eu
///   us
/// }
/// ```
///
/// - **Writes** go to every child at once. A write holds when each `Required` child and at least as many in all as
///   `writes` says have acknowledged, and fails as soon as that is impossible; `remainder` says what becomes of the
///   children that still write. The receipt, or the error, names each child. Nothing is undone after a failure.
/// - **Reads** go to one child after the other (`.ordered`), or to all at once (`.race`). The first copy wins; `nil`
///   only when every child says so. With `.newest` every child is asked and waited for, the newest copy wins, and children
///   that lag are brought up to date as `repair` says; enough must answer that an acknowledged write cannot be missed.
/// - **Deletes** must reach every child that can be read: without stamps nothing would tell a copy left behind from the
///   datum. With `.newest`, a handoff, or a child that stamps, records are stamped once for all children, and a delete is a
///   tombstone, written by the rule of any write.
/// - **Lists** merge what all children list; a page says who did not answer.
///
/// A child that hangs costs a write nothing beyond its own deadline once the write holds, and an ordered read all of it:
/// give it a `Timeout`.
///
/// - Note: Without `.newest` replicas are blind: a read sees the first copy, which is the newest only if every write
///   reached that child. Where that is not so, `.newest` or `Quorum` ranks copies; a quorum waits for fewer children.
public struct Replicated: Driver {
  private let children: Children
  private let isRequired: [Bool]
  private let writers: [Int]
  /// A write of which nothing is known yet.
  private let unwritten: WriteTally
  private let remainder: Remainder
  private let isStamping: Bool
  private let order: WriteOrder
  private let reads: ReadRule
  private let readOrder: [Int]
  /// How copies are ranked; `nil` for the reads that take the first.
  private let ranking: Ranking?
  /// How records are stamped, where they are.
  private let stamps: Ranking
  /// Who makes the URLs: those written to, the required ones first, or anybody where nobody is.
  private let urlMakers: [Int]
  /// The tree below this node.
  public let outline: Outline

  /// Combines drivers.
  ///
  /// - Parameters:
  ///   - writes: How many children must accept a write.
  ///   - reads: How a read asks the children.
  ///   - repair: What becomes of children that a read finds lagging; only `.newest` compares copies.
  ///   - remainder: What becomes of children that still write when the write is decided.
  ///   - order: Whether a write asks the children at once or in turn.
  ///   - drivers: The children, first choice for reads first.
  public init(
    writes: WriteRule = .all, reads: ReadRule = .ordered, repair: ReadRepair = .background,
    remainder: Remainder = .background, order: WriteOrder = .concurrent, @DriverBuilder _ drivers: () -> [any Driver]
  ) {
    let children = Children(drivers(), handoff: remainder.journal)
    let needed = writes.needed(of: children.count)
    isRequired = children.outlines.map { $0.marks.contains(.required) || writes == .all }
    let writers = children.indices(having: .put)
    urlMakers =
      writers.isEmpty
      ? Array(children.indices)
      : writers.filter { [isRequired] in isRequired[$0] } + writers.filter { [isRequired] in !isRequired[$0] }
    let readers = children.indices(having: .get)
    readOrder =
      reads == .localFirst
      ? readers.filter { children.outlines[$0].marks.contains(.localOnly) }
        + readers.filter { !children.outlines[$0].marks.contains(.localOnly) } : readers
    // What is handed off is sent later, must not replace anything newer, and bare bytes cannot be ranked. Children that
    // stamp would each give a stamp of their own, and differ for ever.
    isStamping = reads == .newest || remainder.journal != nil || children.outlines.contains(where: \.stampsSomewhere)
    // A read misses no acknowledged write when so many answer that one of them must have it.
    let readVotes = min(readers.count, max(1, children.count - max(needed, isRequired.count { $0 }) + 1))
    // Also where nothing is ranked when it is read: a node above may want its writes in order.
    stamps = Ranking(
      children, readVotes: readVotes, writeVotes: needed, isRequired: isRequired, reads: .regular, writers: .many,
      repair: repair, isPatient: reads == .newest, asksBlindOnly: reads != .newest)
    let ranking = reads == .newest ? stamps : nil
    var outline = Outline(
      composite: "Replicated", of: children.outlines,
      access: Access(
        read: ranking == nil ? .any(readOrder.map(Rule.child)) : .atLeast(readVotes, readers.map(Rule.child)),
        write: .all(
          children.indices.filter { [isRequired] in isRequired[$0] }.map(Rule.child)
            + [.atLeast(needed, of: children.count)]),
        readCourse: reads.course, writeCourse: order == .sequential ? .sequential.awaitingAll : remainder.course),
      capabilities: Self.capabilities(
        children, needed: needed, isRequired: isRequired, ranking, isStamping: isStamping))
    outline.parameters = [.init(name: "writes", value: "\(writes)"), .init(name: "reads", value: "\(reads)")]
    if let ranking, ranking.repair != .background {
      outline.parameters.append(.init(name: "repair", value: "\(repair)"))
    }
    if remainder != .background { outline.parameters.append(.init(name: "remainder", value: "\(remainder)")) }
    if order == .sequential { outline.parameters.append(.init(name: "", value: "in turn")) }
    outline.mutable?.readsBeforeWriting = isStamping && stamps.asksBeforeWriting(.mutable)
    outline.immutable?.readsBeforeWriting = isStamping && stamps.asksBeforeWriting(.immutable)
    outline.marks.formUnion([.ordering, .replicating, .omitting])
    if isStamping { outline.marks.insert(.stamping) }
    if ranking != nil { outline.marks.formUnion([.ranking, .counting]) }
    outline.withheld = [.noArbiter]
    outline.queueStores = remainder.journal?.stores ?? []
    outline.remarks = Self.remarks(children, writes: writes, remainder: remainder, order: order)
    self.children = children
    self.writers = writers
    unwritten = WriteTally(
      children.labels, needed: needed, isRequired: isRequired, skipped: children.skipped(notHaving: .put))
    self.remainder = remainder
    self.order = order
    self.reads = reads
    self.ranking = ranking
    self.outline = outline
  }

  private static func capabilities(
    _ children: Children, needed: Int, isRequired: [Bool], _ ranking: Ranking?, isStamping: Bool
  ) -> Capabilities {
    var capabilities = children.united.subtracting(.writes)
    let writers = children.indices(having: .put)
    if writers.count >= needed, children.indices.allSatisfy({ !isRequired[$0] || writers.contains($0) }) {
      capabilities.insert(.put)
    }
    if isStamping ? capabilities.contains(.put) : children.canDeleteAll { capabilities.insert(.delete) }
    // A copy read by URL is one copy, which may be a tombstone or older than one, and nothing is known of the others.
    if isStamping { capabilities.subtract([.makeURL, .getURL]) }
    if !children.canDescribeAll { capabilities.remove(.stat) }
    if !writers.isEmpty, !writers.contains(where: { children.outlines[$0].capabilities.contains(.makeURL) }) {
      capabilities.remove(.makeURL)
    }
    return capabilities
  }

  /// Reads from the children as `reads` says.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try outline.check(.get)
    if let ranking { return try await ranking.get(key, in: context) }
    let asked = try children.asked(readOrder, context)
    if reads == .race || context.isWide {
      let ask = { @Sendable [children] (index: Int) async throws(DriverError) -> Record? in
        try await children.get(key, at: index, context)
      }
      return context.isWide
        ? try await children.searchWidely(asked, bounds: context.bounds, on: context.runtime, "\(key)", ask)
        : try await children.race(asked, bounds: context.bounds, on: context.runtime, "\(key)", ask)
    }
    return try await children.search(asked, bounds: context.bounds, "\(key)") { index throws(DriverError) in
      try await children.get(key, at: index, context)
    }
  }

  /// Describes the copy that an ordered read would give.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try outline.check(.stat)
    if let ranking { return try await ranking.stat(key, in: context) }
    let asked = try children.asked(readOrder, context)
    if context.isWide {
      return try await children.searchWidely(asked, bounds: context.bounds, on: context.runtime, "\(key)") {
        [children] index throws(DriverError) in try await children.stat(key, at: index, context)
      }
    }
    return try await children.search(asked, bounds: context.bounds, "\(key)") {
      index throws(DriverError) in try await children.stat(key, at: index, context)
    }
  }

  /// Writes to every child.
  ///
  /// - Throws: `quorumNotMet`, with what became of each child, when the write does not hold; `unavailable` before any
  ///   child is touched when a required one could not be opened.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.put)
    guard !isStamping, record.stamp == nil, !context.isOrdered else {
      return try await putStamped(record, at: key, record.isTombstone ? "delete" : "put", in: context)
    }
    try await children.checkRequired(isRequired, "put", key, in: context)
    let tally = try await children.putEverywhere(
      record, at: key, to: writers, unwritten, remainder: remainder, order: order, "put", in: context)
    guard tally.verdict == .holds else { throw tally.failure("put", key) }
    return tally.receipt(of: record)
  }

  /// Deletes at every child that can be read; with `reads: .newest`, writes a tombstone by the rule of a write.
  ///
  /// - Throws: `quorumNotMet`, with what became of each child, unless each has deleted or had nothing, or enough have
  ///   taken the tombstone.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.delete)
    if isStamping { return try await putStamped(.unstampedTombstone(proof), at: key, "delete", in: context) }
    try await children.checkRequired(isRequired, "delete", key, in: context)
    return try await children.deleteEverywhere(key, proof: proof, remainder: remainder, order: order, in: context)
  }

  // Out of line, so that the frame of a put without stamps stays small.
  @inline(never)
  private func putStamped(
    _ record: Record, at key: Key, _ operation: String, in context: Context
  ) async throws(DriverError) -> Receipt {
    try await children.checkRequired(isRequired, operation, key, in: context)
    return try await stamps.write(record, at: key, operation, remainder: remainder, order: order, in: context)
  }

  /// Merges what the children list.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try outline.check(.list)
    if let ranking { return try await ranking.list(request, in: context) }
    return try await children.list(request, in: context)
  }

  /// Opens every child; fails only when none opens.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try outline.checkComposition()
    return try await children.open(in: context)
  }

  /// Closes every child.
  public func close(in context: Context) async throws(DriverError) { try await children.close(in: context) }

  /// The first URL that a child makes which is written to, the required ones first. Where no child can be written, the
  /// first URL that a child makes.
  ///
  /// None with `reads: .newest`, or a handoff: a copy read by URL is one copy.
  public func url(for key: Key) -> StorageURL? {
    isStamping ? nil : children.url(for: key, among: urlMakers)
  }

  /// Whether a child answers for a URL.
  public func handles(_ url: StorageURL) -> Bool { !isStamping && children.handles(url) }

  /// Asks the children that answer for one of the URLs, in order.
  ///
  /// - Throws: `unroutable` when none does.
  public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    guard !isStamping else { throw unsupported("get by URL") }
    return try await children.get(urls, in: context)
  }
}
