/// Writes stamped records to all its children, and reads the newest that enough of them hold.
///
/// ```swift
/// Quorum(read: 2, write: 2) {
///   disk
///   eu
///   us
/// }
/// ```
///
/// - **Writes** hold at `write` acknowledgements; what still runs goes on as `remainder` says. The record gets a
///   ``Stamp`` newer than everything this runtime has seen, unless a node above gave it one.
/// - **Reads** take the newest of the first `read` answers. Absence counts as an answer: `nil` means that `read` children
///   said so. Errors and damaged copies are no answers; too few answers throw `quorumNotMet`, which names each child.
/// - **Deletes** write a tombstone, by the rule of a write. It beats older copies wherever they come back from.
/// - **Equal stamps** with different bytes are resolved by ``Record/ranksAbove(_:)``, never by arrival, and reported to
///   the observer.
/// - **Lists** are complete when `read` children listed in full.
///
/// With `read + write` above the number of children, every read meets every acknowledged write, as long as no late old
/// put can overwrite a newer one: that rests on the leaves' ``PutOrdering``. Reads are regular: while a write is under
/// way a read may give the old value or the new one.
///
/// Latency is that of the k-th fastest child. Cancelling a read cancels its children; a write goes on.
public struct Quorum: Driver {
  private let children: Children
  private let readSize: Int
  private let writeSize: Int
  private let remainder: Remainder
  private let readers: [Int]
  private let writers: [Int]
  private let notReading: [Int: String]
  /// A write of which nothing is known yet.
  private let unwritten: WriteTally
  private let isRequired: [Bool]
  /// The tree below this node.
  public let outline: Outline

  /// Combines drivers.
  ///
  /// - Parameters:
  ///   - read: How many children must answer a read.
  ///   - write: How many children must acknowledge a write.
  ///   - sloppy: Allows sizes with which a read can miss an acknowledged write (`read + write` at most the number of
  ///     children), which are refused otherwise.
  ///   - remainder: What becomes of children that still write when the write is decided.
  ///   - drivers: The children.
  public init(
    read: QuorumSize = .majority, write: QuorumSize = .majority, sloppy: Bool = false,
    remainder: Remainder = .background, @DriverBuilder _ drivers: () -> [any Driver]
  ) {
    let children = Children(drivers(), handoff: remainder.journal)
    readSize = read.count(of: children.count)
    writeSize = write.count(of: children.count)
    readers = children.indices(having: .get)
    writers = children.indices(having: .put)
    notReading = children.skipped(notHaving: .get)
    let isRequired = children.outlines.map { $0.marks.contains(.required) }
    unwritten = WriteTally(
      children.labels, needed: writeSize, isRequired: isRequired, skipped: children.skipped(notHaving: .put))
    var capabilities = children.united.intersection([.list, .stat])
    if readers.count >= readSize { capabilities.insert(.get) }
    if writers.count >= writeSize { capabilities.formUnion([.put, .delete]) }
    if children.indices(having: .list).count < readSize { capabilities.remove(.list) }
    if children.indices(having: .stat).count < readSize { capabilities.remove(.stat) }
    let required = children.indices.filter { isRequired[$0] }.map(Rule.child)
    let writeRule = Rule.atLeast(writeSize, of: children.count)
    var outline = Outline(
      composite: "Quorum", of: children.outlines,
      access: Access(
        read: .atLeast(readSize, of: children.count), write: required.isEmpty ? writeRule : .all(required + [writeRule])
      ),
      capabilities: capabilities)
    outline.parameters = [
      .init(name: "read", value: "\(readSize) of \(children.count)"),
      .init(name: "write", value: "\(writeSize) of \(children.count)"),
    ]
    if sloppy { outline.parameters.append(.init(name: "", value: "sloppy")) }
    if remainder != .background { outline.parameters.append(.init(name: "remainder", value: "\(remainder)")) }
    outline.marks.insert(.stamping)
    outline.remarks = Self.remarks(
      children, read: readSize, write: writeSize, sloppy: sloppy, remainder: remainder)
    self.children = children
    self.isRequired = isRequired
    self.remainder = remainder
    self.outline = outline
  }

  /// Reads the newest of enough answers.
  ///
  /// - Throws: `quorumNotMet` when too few children answer.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try outline.check(.get)
    return try await children.newest(of: readSize, readers, key, context, skipped: notReading) {
      [children] index throws(DriverError) in try await children.get(key, at: index, context)
    }
  }

  /// Describes the newest of enough copies.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try outline.check(.stat)
    let order = children.indices(having: .stat)
    return try await children.newest(
      of: readSize, order, key, context, skipped: children.skipped(notHaving: .stat)
    ) { [children] index throws(DriverError) in try await children.stat(key, at: index, context) }
  }

  /// Writes a stamped record to every child.
  ///
  /// - Throws: `quorumNotMet` when too few acknowledge.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.put)
    var stamped = record
    stamped.stamp = record.stamp ?? context.runtime.nextStamp()
    return try await write(stamped, at: key, stamped.isTombstone ? "delete" : "put", in: context)
  }

  /// Writes a tombstone to every child.
  ///
  /// - Throws: `quorumNotMet` when too few acknowledge.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.put)
    return try await write(
      .tombstone(proof, stamp: context.runtime.nextStamp()), at: key, "delete", in: context)
  }

  private func write(
    _ record: Record, at key: Key, _ operation: String, in context: Context
  ) async throws(DriverError) -> Receipt {
    try await children.checkRequired(isRequired, operation, key, in: context)
    let tally = try await children.putEverywhere(
      record, at: key, to: writers, unwritten, remainder: remainder, operation, in: context)
    // A clock behind the other writer's would lose to it again and again.
    if let newer = tally.newestSuperseding { try? context.runtime.observe(newer) }
    guard tally.verdict == .holds else { throw tally.failure(operation, key) }
    return Receipt(tally.result, stamp: record.stamp, children: tally.outcomes)
  }

  /// Merges what the children list; complete when enough of them answer.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try outline.check(.list)
    return try await children.list(request, needed: readSize, in: context)
  }

  /// Opens every child; fails only when none opens.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try outline.checkComposition()
    return try await children.open(in: context)
  }

  /// Closes every child.
  public func close(in context: Context) async throws(DriverError) { try await children.close(in: context) }

  /// Makes none, because it handles none.
  public func url(for key: Key) -> StorageURL? { nil }

  /// Handles none: a copy read by URL is one copy, and no quorum.
  public func handles(_ url: StorageURL) -> Bool { false }
}
