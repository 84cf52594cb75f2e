/// Copy on write above a store that is never written: a factory default with local changes, a snapshot to try something
/// on, an archive that goes on living.
///
/// ```swift
/// Overlay { disk } over: { archive }
/// ```
///
/// - **Reads** ask the upper tree first. A record there answers, a tombstone as well, and the lower tree is not asked;
///   only where nothing is there the lower one answers. A failure above throws: what the upper tree may say is deleted
///   never shines through from below. A copy below that fails is a failure too, never an absence.
/// - **Writes** go to the upper tree only, stamped above what a read would find, so that what is above is newer than what
///   it hides for every node that compares the two. The lower one is never written, deleted from or repaired.
/// - **Deletes** write a tombstone above, and hold when the upper tree holds it. The receipt says `alreadyAbsent` only
///   when both trees said so; where the lower one cannot be asked it says `deleted`, with the failure beside it.
/// - **Order**: below a session, or a node that ranks copies, nothing is written while the lower tree cannot be asked and
///   nothing is above: the copy there might be newer by its stamp, and would come back. Where nobody above compares, a
///   write does not wait for the lower tree.
/// - **Conditional puts** compare with what a read would find. One that expects a copy from below brings that copy up
///   first, so that the comparison and the write are one step in the upper tree.
/// - **Lists** merge both; what is above wins. A lower tree that does not answer is flagged, an upper one that does not
///   answer in full throws, because a deleted key could be listed.
///
/// It makes and handles no URLs, because a copy read by URL from below may be one that was deleted above; and it deletes
/// nothing on a condition, because a tombstone that is removed above brings back what is below. For that reason never
/// purge the upper tree.
///
/// A write costs one operation above, and the first one of a key in a process a read besides, of both trees where nothing
/// is above. A read of what is not above costs one more below, a delete up to two reads.
public struct Overlay<Upper: Driver, Lower: Driver>: Driver {
  private let upper: Upper
  private let lower: Lower
  private let both: Children
  /// The keys of which something newer than what is below is above, the last ones: what is below never changes.
  private let known = KnownKeys()
  /// The tree below this node.
  public let outline: Outline

  /// Puts a tree that is written above one that is not.
  public init(@ModifierBuilder upper: () -> Upper, @ModifierBuilder over lower: () -> Lower) {
    self.upper = upper()
    self.lower = lower()
    both = Children([self.upper, self.lower])
    let (above, below) = (both.outlines[0].capabilities, both.outlines[1].capabilities)
    var capabilities = above.intersection(below).intersection([.get, .list, .stat])
    if capabilities.contains(.get), above.contains(.put) {
      capabilities.formUnion([.put, .delete])
      if above.contains(.compareAndPut) { capabilities.insert(.compareAndPut) }
    }
    // The lower tree answers nothing that the upper one was not asked before.
    var outline = Outline(
      composite: "Overlay", of: both.outlines, access: Access(read: .all(2), write: .child(0), readCourse: .sequential),
      capabilities: capabilities)
    outline.parameters = [.init(name: "", value: "upper, lower")]
    // What is above is newer than anything below, which nobody writes.
    outline.marks.formUnion([.stamping, .ordering, .ranking])
    for (index, needed, mend) in [
      (0, [.get, .put] as Capabilities, "Put a tree above that can be read and written"),
      (1, .get, "Put a tree below that can be read"),
    ] {
      let missing = needed.subtracting(both.outlines[index].capabilities)
      guard !missing.isEmpty else { continue }
      let use = index == 0 ? "changes and tombstones are kept there" : "what was not changed is read there"
      outline.remarks.append(Remark(.error, "\(both.labels[index]) has no \(missing), and \(use)", mend: mend))
    }
    self.outline = outline
  }

  // MARK: Reads

  /// Reads from the upper tree, and from the lower one where nothing is above.
  ///
  /// - Throws: What the upper tree throws; what the lower one throws where it has to answer.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try outline.check(.get)
    try checkOmissions(context)
    if let record = try await getAbove(key, context) { return record }
    return try await getBelow(key, context)
  }

  private func getAbove(_ key: Key, _ context: Context) async throws(DriverError) -> Record? {
    try await context.get(key, from: upper, at: 0, label: both.components[0])
  }

  private func getBelow(_ key: Key, _ context: Context) async throws(DriverError) -> Record? {
    try await context.get(key, from: lower, at: 1, label: both.components[1])
  }

  /// Refuses to leave out one of the trees: without either, what is there would be told wrongly.
  private func checkOmissions(_ context: Context) throws(DriverError) {
    guard context.omitting != nil else { return }
    for label in both.labels { try context.checkOmission(of: label) }
  }

  /// Describes the copy that a read would find.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try outline.check(.stat)
    try checkOmissions(context)
    if let stat = try await context.stat(key, from: upper, at: 0, label: both.components[0]) { return stat }
    return try await context.stat(key, from: lower, at: 1, label: both.components[1])
  }

  /// Merges what both trees list; complete when both answered in full.
  ///
  /// - Throws: What the upper tree throws, and `unavailable` when its listing is incomplete.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try outline.check(.list)
    try checkOmissions(context)
    let above = try await context.list(request, from: upper, at: 0, label: both.components[0])
    guard above.isComplete else {
      throw DriverError(
        .unavailable,
        "\(both.labels[0]) cannot list in full, and what it does not list may be deleted: "
          + "\(above.unanswered.joined(separator: ", ")) did not answer", effect: .unchanged)
    }
    var merge = ListMerge(request)
    merge.add(above, from: both.labels[0])
    do throws(DriverError) {
      merge.addBelow(
        try await context.list(request, from: lower, at: 1, label: both.components[1]), from: both.labels[1])
    } catch {
      if Task.isCancelled { throw error }
      merge.addFailure(of: both.labels[1])
    }
    return merge.page()
  }

  // MARK: Writes

  /// Writes a stamped record to the upper tree.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.put)
    try checkOmissions(context)
    var isAbove = known.contains(key)
    if !isAbove {
      if record.stamp != nil || context.isRepair {
        if !context.isAbove, let kept = try await newerBelow(record, key, context) { return kept }
        isAbove = true
      } else {
        isAbove = try await look(key, context).isSure
      }
    }
    let receipt = try await putAbove(record, key, isAbove: isAbove, context)
    return Receipt(receipt.result, stamp: receipt.stamp, children: outcomes(receipt, below: nil))
  }

  /// Deletes by a tombstone in the upper tree, which hides what is below.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try outline.check(.put)
    try checkOmissions(context)
    let found = try await look(key, context)
    if Task.isCancelled {
      throw DriverError(.cancelled, "the caller was cancelled before the delete of \(key) began", effect: .unchanged)
    }
    let receipt = try await putAbove(.unstampedTombstone(proof), key, isAbove: found.isSure, context)
    var result = receipt.result
    if case .alreadyAbsent = result, found.wasThere { result = .deleted }
    return Receipt(result, stamp: receipt.stamp, children: outcomes(receipt, below: found.below))
  }

  /// Writes a stamped record to the upper tree, if a condition holds of what a read would find.
  ///
  /// - Throws: `conflict` when it does not.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try outline.check(.compareAndPut)
    try checkOmissions(context)
    var isCopied = false
    if try await getAbove(key, context) == nil {
      let below = try await getBelow(key, context)
      try condition.check(below, at: key)
      // Whoever deletes meanwhile leaves a tombstone that ranks above the copy, which is refused then. That nothing is
      // there could not be told from a tombstone.
      if condition != .absent, let below {
        _ = try await context.put(below, at: key, if: .absent, to: upper, at: 0, label: both.components[0])
        isCopied = true
      }
    }
    let receipt: Receipt
    do throws(DriverError) {
      receipt = try await context.putRecognizably(
        record, at: key, if: condition, to: upper, at: 0, label: both.components[0])
    } catch {
      // The upper tree has the copy from below by now. Whoever made the condition fail has replaced it.
      throw isCopied && error.code != .conflict && error.effect == .unchanged ? error.with(effect: .unknown) : error
    }
    return Receipt(receipt.result, stamp: receipt.stamp, children: outcomes(receipt, below: nil))
  }

  /// The finding of a look before a write.
  private struct Found {
    /// Whether a read would find something. In doubt something is there: a tombstone hides it all the same.
    var wasThere = true
    /// Whether the clock has seen all that a read could find, so that what is written next ranks above it.
    var isSure = false
    /// The answer of the lower tree, if it was asked.
    var below: Outcome?
  }

  /// Looks for what a read would find, so that the clock sees its stamp.
  ///
  /// - Throws: What keeps it from being known, if a node above compares what this one answers.
  private func look(_ key: Key, _ context: Context) async throws(DriverError) -> Found {
    var found = Found()
    do throws(DriverError) {
      if let record = try await getAbove(key, context) {
        return Found(wasThere: !record.isTombstone, isSure: true)
      }
    } catch {
      // A damaged copy above says nothing of the lower tree.
      try checkOrder(error, of: both.labels[0], key, context)
      guard error.code == .corrupt else { return found }
    }
    do throws(DriverError) {
      let record = try await getBelow(key, context)
      // A node between that does not go through its context has shown it to nobody.
      if let stamp = record?.stamp { try context.runtime.observe(stamp) }
      found.isSure = true
      found.wasThere = record.map { !$0.isTombstone } ?? false
      found.below = Outcome(both.labels[1], found.wasThere ? .found : .absent)
    } catch {
      try checkOrder(error, of: both.labels[1], key, context)
      // A damaged copy below is answered to nobody.
      found.isSure = error.code == .corrupt
      found.below = Outcome(both.labels[1], .failed(error))
    }
    return found
  }

  private func checkOrder(
    _ error: DriverError, of label: String, _ key: Key, _ context: Context
  ) throws(DriverError) {
    guard context.isOrdered, error.code != .corrupt else { return }
    throw error.beforeWriting("\(label) did not say what the write of \(key) must rank above")
  }

  /// - Parameter isAbove: Whether the record is known to rank above what is below.
  private func putAbove(
    _ record: Record, _ key: Key, isAbove: Bool, _ context: Context
  ) async throws(DriverError) -> Receipt {
    let receipt = try await context.putInOrder(
      record, at: key, to: upper, both.outlines[0], at: 0, label: both.components[0])
    if isAbove, receipt.result.isAcknowledged { known.insert(key) }
    return receipt
  }

  /// The receipt of a repair that changes nothing, because the copy below ranks at least as high.
  private func newerBelow(_ record: Record, _ key: Key, _ context: Context) async throws(DriverError) -> Receipt? {
    do throws(DriverError) {
      guard try await getAbove(key, context) == nil, let below = try await getBelow(key, context) else { return nil }
      return try Receipt.keeping(below, over: record)
    } catch {
      // What is damaged above beats nothing, and is what the repair is for.
      guard error.code == .corrupt else { throw error.with(effect: .unchanged) }
      return nil
    }
  }

  private func outcomes(_ receipt: Receipt, below: Outcome?) -> [Outcome] {
    [
      Outcome(both.labels[0], receipt.result, children: receipt.children),
      below ?? Outcome(both.labels[1], .skipped("it is never written")),
    ]
  }

  // MARK: Life

  /// Opens both trees; fails only when neither opens.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try outline.checkComposition()
    return try await both.open(in: context)
  }

  /// Closes both trees.
  public func close(in context: Context) async throws(DriverError) { try await both.close(in: context) }
}
