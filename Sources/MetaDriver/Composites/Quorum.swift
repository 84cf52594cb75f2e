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
///   ``Stamp`` above everything that was acknowledged before, whatever the clocks say, unless a node above gave it one. A
///   write that meets a newer copy is stamped above it and sent again; one that meets newer ones each time throws `conflict`.
/// - **Reads** take the newest of the first `read` answers. Absence counts as an answer: `nil` means that `read` children
///   said so. Errors and damaged copies are no answers; too few answers throw `quorumNotMet`, which names each child.
/// - **Deletes** write a tombstone, by the rule of a write. It beats older copies wherever they come back from.
/// - **Equal stamps** with different bytes are resolved by ``Record/ranksAbove(_:)``, never by arrival, and reported to
///   the observer.
/// - **Lists** are complete when `read` children listed in full.
///
/// - **Lagging children** that a read finds are brought up to date, as `repair` says.
/// - **Weights**: with `weighted: true` a child that stands in the block twice has two votes, and is asked once.
/// - **Quorums in a quorum** keep the stamp of the outermost one.
///
/// With `read + write` above the number of votes, every read meets every acknowledged write, as long as no late old
/// put can overwrite a newer one: that rests on the leaves' ``PutOrdering``. Reads are regular: while a write is under
/// way a read may give the old value or the new one. With `reads: .atomic` nobody reads the old value after anybody has
/// read the new one, and the quorum is one linearizable register for each key:
///
/// ```swift
/// Quorum(reads: .atomic) { a; b; c }
/// ```
///
/// Latency is that of the k-th fastest child. `atomic` adds a round to reads that find children in disagreement, and one to
/// every write; so does a quorum whose writes need not meet, or whose leaves do not compare stamps, to writes
/// (``QuorumWriters``). Cancelling a read cancels its children; a write goes on.
///
/// A read asks every child at once, and holds in memory what has come: up to one copy for each. Where values are large,
/// `reads: .digestFirst` holds one. A write shares the record's bytes between its children.
public struct Quorum: Driver {
  private let ranking: Ranking
  private let remainder: Remainder
  /// The tree below this node.
  public let outline: Outline

  /// Combines drivers.
  ///
  /// - Parameters:
  ///   - read: How many votes must answer a read; a child has one vote unless the node is weighted.
  ///   - write: How many votes must acknowledge a write.
  ///   - reads: What reads promise, and how they ask.
  ///   - writers: Whether several write one key, which may cost a round.
  ///   - repair: What becomes of children that a read finds lagging.
  ///   - sloppy: Allows sizes with which a read can miss an acknowledged write (`read + write` at most the number of
  ///     votes), which are refused otherwise.
  ///   - weighted: Gives a child that stands in the block several times as many votes. One store that stands there twice is
  ///     refused otherwise.
  ///   - remainder: What becomes of children that still write when the write is decided.
  ///   - drivers: The children.
  public init(
    read: QuorumSize = .majority, write: QuorumSize = .majority, reads: QuorumReads = .regular,
    writers: QuorumWriters = .many, repair: ReadRepair = .background, sloppy: Bool = false,
    weighted: Bool = false, remainder: Remainder = .background, @DriverBuilder _ drivers: () -> [any Driver]
  ) {
    let (children, votes) = Self.counted(drivers(), isWeighted: weighted, handoff: remainder.journal)
    let count = votes.reduce(0, +)
    let ranking = Ranking(
      children, votes: votes, readVotes: read.count(of: count), writeVotes: write.count(of: count),
      isRequired: children.outlines.map { $0.marks.contains(.required) }, reads: reads, writers: writers,
      repair: repair, isPatient: false, isSloppy: sloppy)
    let each = children.indices.flatMap { Array(repeating: Rule.child($0), count: votes[$0]) }
    let access = Access(
      read: .atLeast(ranking.readVotes, each), write: ranking.writeRule, writeCourse: remainder.course)
    var outline = Outline(
      composite: "Quorum", of: children.outlines, access: access, capabilities: Self.capabilities(ranking))
    outline.mutable?.readsBeforeWriting = ranking.asksBeforeWriting(.mutable)
    outline.immutable?.readsBeforeWriting = ranking.asksBeforeWriting(.immutable)
    outline.parameters = Self.parameters(ranking, sloppy: sloppy, remainder: remainder)
    outline.marks.formUnion(
      ranking.writers == .one
        ? [.replicating, .counting, .omitting, .oneWriter] : [.replicating, .counting, .omitting])
    outline.marks.formUnion(
      ranking.reads == .atomic ? [.stamping, .ordering, .ranking, .writingBack] : [.stamping, .ordering, .ranking])
    outline.withheld = [.noArbiter]
    outline.queueStores = remainder.journal?.stores ?? []
    outline.remarks = Self.remarks(ranking, sloppy: sloppy, remainder: remainder)
    self.ranking = ranking
    self.remainder = remainder
    self.outline = outline
  }

  /// The children, each once, and how often each stands in the block.
  private static func counted(
    _ drivers: [any Driver], isWeighted: Bool, handoff journal: HandoffJournal?
  ) -> (children: Children, votes: [Int]) {
    var (distinct, outlines, votes): ([any Driver], [Outline], [Int]) = ([], [], [])
    for driver in drivers {
      let outline = driver.outline
      if isWeighted, let place = outlines.firstIndex(of: outline) {
        votes[place] += 1
      } else {
        distinct.append(driver)
        outlines.append(outline)
        votes.append(1)
      }
    }
    return (Children(distinct, handoff: journal), votes)
  }

  /// Reads the newest of enough answers.
  ///
  /// - Throws: `quorumNotMet` when too few children answer, or, with atomic reads, when the answer cannot be written back
  ///   to enough of them.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try outline.check(.get)
    return try await ranking.get(key, in: context)
  }

  /// Describes the newest of enough copies. With atomic reads, the copy is read.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try outline.check(.stat)
    return try await ranking.stat(key, in: context)
  }

  /// Writes a stamped record to every child.
  ///
  /// - Throws: `quorumNotMet` when too few acknowledge, and when too few could be asked where a write asks first: nothing
  ///   was written then. `conflict` when others write the key all the time.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.put)
    return try await write(record, at: key, record.isTombstone ? "delete" : "put", in: context)
  }

  /// Writes a tombstone to every child.
  ///
  /// - Throws: What a put throws.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.put)
    return try await write(.unstampedTombstone(proof), at: key, "delete", in: context)
  }

  private func write(
    _ record: Record, at key: Key, _ operation: String, in context: Context
  ) async throws(DriverError) -> Receipt {
    try await ranking.children.checkRequired(ranking.isRequired, operation, key, in: context)
    return try await ranking.write(record, at: key, operation, remainder: remainder, in: context)
  }

  /// Merges what the children list; complete when enough of them answer.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try outline.check(.list)
    return try await ranking.list(request, in: context)
  }

  /// Opens every child; fails only when none opens.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try outline.checkComposition()
    return try await ranking.children.open(in: context)
  }

  /// Closes every child.
  public func close(in context: Context) async throws(DriverError) {
    try await ranking.children.close(in: context)
  }

  /// Makes none, because it handles none.
  public func url(for key: Key) -> StorageURL? { nil }

  /// Handles none: a copy read by URL is one copy, and no quorum.
  public func handles(_ url: StorageURL) -> Bool { false }
}
