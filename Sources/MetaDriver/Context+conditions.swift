/// Conditional puts of nodes that stamp, whose records can be told apart from everybody else's.
extension Context {
  /// Writes a record to a child if a condition holds there, under a stamp above the floor and above what the condition
  /// speaks of, and looks once when the reply was lost: what the child then holds may be the record itself.
  ///
  /// Another copy proves nothing: the put may land yet, or may have landed and been overwritten since. A record that a node
  /// above has stamped keeps its stamp.
  ///
  /// - Throws: `conflict` when the condition does not hold. An error whose effect is `unknown` when not even the look can
  ///   tell; the put may have been made, or may be made later.
  func putRecognizably(
    _ record: Record, at key: Key, if condition: Precondition, to child: some Driver, at index: Int,
    label: @autoclosure () -> String
  ) async throws(DriverError) -> Receipt {
    guard record.stamp == nil else {
      return try await decide(record, at: key, if: condition, to: child, at: index, label: label())
    }
    if let floor { try runtime.observe(floor) }
    if let stamp = condition.stamp { try runtime.observe(stamp) }
    var record = record
    for attempt in 1... {
      record.stamp = runtime.nextStamp()
      do throws(DriverError) {
        return try await stamped(isAbove: false).decide(
          record, at: key, if: condition, to: child, at: index, label: label())
      } catch {
        // It may be the stamp alone that the child refuses: a tombstone, or a copy of somebody else's clock, ranks above.
        guard error.code == .conflict, attempt < Self.stampLimit, !Task.isCancelled,
          let found = try await get(key, from: child, at: index, label: label()), condition.holds(for: found),
          let newer = found.stamp
        else { throw error }
        try runtime.observe(newer)
      }
    }
    preconditionFailure("attempts have no end")
  }

  private func decide(
    _ record: Record, at key: Key, if condition: Precondition, to child: some Driver, at index: Int,
    label: @autoclosure () -> String
  ) async throws(DriverError) -> Receipt {
    do throws(DriverError) {
      var receipt = try await put(record, at: key, if: condition, to: child, at: index, label: label())
      receipt.stamp = record.stamp
      return receipt
    } catch {
      guard error.effect == .unknown, !Task.isCancelled,
        let found = try? await get(key, from: child, at: index, label: label()), found == record
      else { throw error }
      return Receipt(record.isTombstone ? .alreadyAbsent : .stored, stamp: record.stamp)
    }
  }
}

extension Precondition {
  /// The stamp of the copy that is expected.
  fileprivate var stamp: Stamp? {
    switch self {
    case .absent: nil
    case .unchanged(let record): record.stamp
    case .stamped(let stamp): stamp
    }
  }
}
