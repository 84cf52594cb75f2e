/// One attempt to send one entry.
extension HandoffJournal {
  /// What one attempt came to.
  private enum Attempt: Sendable {
    /// The child took the record, or needs nothing of it.
    case done(Receipt, Record)
    /// The bytes could not be had. The child was not asked.
    case withoutBytes(DriverError)
  }

  /// Sends one entry.
  ///
  /// - Returns: Whether the entry was dealt with, as far as the child is concerned.
  func replay(
    _ slot: HandoffQueue.Slot, to target: HandoffTarget, until deadline: Duration?, in context: Context,
    into report: inout Report
  ) async throws(DriverError) -> Bool {
    let runtime = context.runtime
    guard let write = try await read(slot, in: context), let item = withState({ $0.queue[slot] }) else { return true }
    let entry = Entry(slot, item)
    let start = runtime.now
    guard !expire(slot, for: target, now: start) else { return true }
    let attempt: Attempt
    do throws(DriverError) {
      attempt = try await self.attempt(write, item, to: target, until: deadline, on: runtime)
      switch attempt {
      case .withoutBytes: break
      case .done(let receipt, _):
        switch receipt.result {
        case .superseded(let newer):
          found(newer, at: slot.key, of: slot.child)
          report.superseded.append(entry)
        // A child with a journal of its own has taken it, too.
        case .queued: report.sent.append(entry)
        case let result where result.isAcknowledged: report.sent.append(entry)
        case let result: throw DriverError(.unavailable, "\(slot.child) answered \(result)")
        }
        target.report(slot.key, .acknowledged(receipt), since: start)
      }
    } catch {
      target.report(slot.key, .failed(error), since: start)
      throw error
    }
    switch attempt {
    case .withoutBytes(let error):
      withState { $0.queue.fail(slot, error, isFinal: !error.isRetryable) }
      target.report(slot.key, .failed(error), since: start)
      return false
    case .done(_, let record):
      try await remove(slot, upTo: record, in: context)
      return true
    }
  }

  /// Finds the bytes, and sends them.
  private func attempt(
    _ write: HandedOffWrite, _ item: HandoffQueue.Item, to target: HandoffTarget, until deadline: Duration?,
    on runtime: Runtime
  ) async throws(DriverError) -> Attempt {
    let (key, start) = (write.slot.key, runtime.now)
    let usual = HandoffQueue.attemptLimit(byteCount: item.byteCount, timeouts: item.timeouts)
    let limit = min(usual, deadline.map { $0 - start } ?? usual)
    let inner = target.context.within(start + limit)
    return try await inner.limited(
      "handoff of \(key)", limit: limit, isWrite: true, stragglers: target.stragglers
    ) { context throws(DriverError) in
      if let refusal = target.stragglers.refusal(at: 0, limit: runtime.backgroundLimit) { throw refusal }
      if let held = await self.held(write, at: target, in: context) { return held }
      let record: Record
      do throws(DriverError) { record = try await self.record(of: write, for: target, in: context) } catch {
        guard error.code != .cancelled else { throw error }
        return .withoutBytes(error)
      }
      return .done(try await target.send(record, key, context.repairing), record)
    }
  }

  /// Whether the child needs nothing of a note: it took the write before the process died, or after its reply was lost.
  ///
  /// Only one that cannot give older data later is asked.
  private func held(_ write: HandedOffWrite, at target: HandoffTarget, in context: Context) async -> Attempt? {
    guard case .noted(let rank, _) = write.content, let describe = target.describe else { return nil }
    let stat: Stat?
    do throws(DriverError) { stat = try await describe(write.slot.key, context) } catch { return nil }
    guard let stat, rank.isMet(by: stat.stamp, isTombstone: stat.isTombstone) else { return nil }
    let marker = stat.stamp.map { stat.isTombstone ? .tombstone(stamp: $0) : Record([], stamp: $0) } ?? Record([])
    guard let stamp = stat.stamp, stamp != rank.stamp else { return .done(Receipt(.stored, stamp: rank.stamp), marker) }
    return .done(Receipt(.superseded(by: stamp), stamp: rank.stamp), marker)
  }
}

extension DriverError {
  /// Whether a child that said so will say so again, however often it is sent the same.
  var isFinalRefusal: Bool {
    [.denied, .tooLarge, .invalidKey, .unsupported, .unroutable].contains(code) && !isRetryable
  }
}
