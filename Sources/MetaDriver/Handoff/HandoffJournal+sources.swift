/// Where the bytes of a queued write come from.
extension HandoffJournal {
  /// What is to be sent of an entry: the record in it, or, of a note, the newest that the stores which took the write have.
  ///
  /// - Throws: `unavailable` when none of them gives it. It is final when all of them answered, and none has it.
  func record(
    of write: HandedOffWrite, for target: HandoffTarget?, in context: Context
  ) async throws(DriverError) -> Record {
    switch write.content {
    case .copied(let record): return record
    case .noted(let rank, _):
      guard let target, let fetch = target.fetch else {
        throw DriverError(
          .unavailable,
          "the write of \(write.slot.key) is noted for \(write.slot.child), and its bytes are in stores that no node which "
            + "was opened in this process has", effect: .unchanged)
      }
      return try await fetch(write.slot.key, rank, context)
    }
  }
}

extension Children {
  /// Reads a record that some of the children have acknowledged, for one that has not.
  ///
  /// The children are asked one after the other, those that can be described first by a description, so that one copy is
  /// in memory at a time.
  ///
  /// - Returns: The first copy that ranks no lower.
  func fetch(
    _ key: Key, _ rank: HandoffQueue.Rank, for index: Int, in context: Context
  ) async throws(DriverError) -> Record {
    var reasons: [String] = []
    var failure: DriverError?
    for source in indices(having: .get) where source != index {
      do throws(DriverError) {
        if outlines[source].capabilities.contains(.stat) {
          guard let stat = try await stat(key, at: source, context),
            rank.isMet(by: stat.stamp, isTombstone: stat.isTombstone)
          else {
            reasons.append("\(labels[source]) has nothing so new")
            continue
          }
        }
        if let record = try await get(key, at: source, context),
          rank.isMet(by: record.stamp, isTombstone: record.isTombstone)
        {
          return record
        }
        reasons.append("\(labels[source]) has nothing so new")
      } catch {
        guard error.code != .cancelled else { throw error }
        reasons.append("\(labels[source]): \(error.message)")
        failure = failure ?? error
      }
    }
    throw DriverError(
      .unavailable,
      "the write of \(key) is noted for \(labels[index]), and no store gives it: \(reasons.joined(separator: "; "))",
      underlying: failure, effect: .unchanged, isRetryable: failure != nil)
  }
}
