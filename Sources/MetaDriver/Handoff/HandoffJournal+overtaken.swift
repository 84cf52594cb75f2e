private import Synchronization

/// The end of an entry whose child has something newer.
extension HandoffJournal {
  /// A child has taken a record, by its own rule for writes: an older entry for it is not needed any more.
  ///
  /// An entry that cannot be removed gives its place to the record, so that the next process does not answer with it.
  ///
  /// - Returns: The removal, which runs; `nil` when nothing older was queued.
  @discardableResult
  func acknowledged(_ record: Record, at key: Key, by child: String, in context: Context) -> Removal? {
    let slot = HandoffQueue.Slot(child: child, key: key)
    let noted = HandoffQueue.Rank(noting: record)
    if withState({ $0.queue.admit(child) }) { startLoop(for: child) }
    let queued = withState { state -> HandoffQueue.Item? in
      guard let item = state.queue[slot] else { return nil }
      if let stamp = record.stamp { state.queue.find(stamp, at: slot) }
      return item.rank.stamp == record.stamp || noted.isAbove(item.rank) ? item : nil
    }
    guard let queued else { return nil }
    // Where the older entry is a note, the bytes are elsewhere too.
    let content: HandedOffWrite.Content =
      queued.isNote && !record.isTombstone ? .noted(noted, byteCount: record.bytes.count) : .copied(record)
    let (inner, failure) = (context.apart(traced: false), Removal.Failure())
    let task = context.runtime.start {
      do throws(DriverError) { try await self.remove(slot, upTo: record, in: inner) } catch {
        do throws(DriverError) { try await self.enqueue(content, at: key, for: child, in: inner) } catch {
          failure.error.withLock { $0 = error }
        }
      }
    }
    return Removal(task: task, failure: failure)
  }

  /// A record was found at a child. An older entry is no answer any more, and stays until it is known that what is newer
  /// cannot vanish.
  func found(_ stamp: Stamp, at key: Key, of child: String) {
    withState { $0.queue.find(stamp, at: HandoffQueue.Slot(child: child, key: key)) }
  }

  /// Whether an entry is older than what its child is known to have had.
  func isOvertaken(_ key: Key, for child: String) -> Bool {
    withState { $0.queue[HandoffQueue.Slot(child: child, key: key)]?.isOvertaken ?? false }
  }

  /// The stamp of what is queued for a child, which later writes must rank above.
  ///
  /// - Throws: Why the journal cannot be read.
  func queuedStamp(at key: Key, for child: String, in context: Context) async throws(DriverError) -> Stamp? {
    do throws(DriverError) { try await load(in: context.apart(traced: false)) } catch {
      throw DriverError(
        error.code, "nothing was written: an older write of \(key) may be queued, and \(error.message)",
        underlying: error.underlying, effect: .unchanged, isRetryable: error.isRetryable, retryAfter: error.retryAfter)
    }
    return withState { $0.queue[HandoffQueue.Slot(child: child, key: key)]?.rank.stamp }
  }
}

extension HandoffJournal {
  /// An entry on its way out of a journal.
  struct Removal: Sendable {
    fileprivate final class Failure: Sendable { let error = Mutex<DriverError?>(nil) }
    fileprivate let task: Task<Void, Never>
    fileprivate let failure: Failure

    /// Waits until the entry is gone, or the newer record has its place.
    func finish() async throws(DriverError) {
      await task.value
      if let error = failure.error.withLock(\.self) { throw error }
    }
  }
}
