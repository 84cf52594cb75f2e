/// Conditional puts of nodes that stamp, whose records can be told apart from everybody else's.
extension Context {
  /// Writes a stamped record to a child if a condition holds there, and looks once when the reply was lost: what the child
  /// then holds may be the record itself.
  ///
  /// Another copy proves nothing: the put may land yet, or may have landed and been overwritten since.
  ///
  /// - Throws: `conflict` when the condition does not hold. An error whose effect is `unknown` when not even the look can
  ///   tell; the put may have been made, or may be made later.
  func putRecognizably(
    _ record: Record, at key: Key, if condition: Precondition, to child: some Driver, at index: Int,
    label: @autoclosure () -> String
  ) async throws(DriverError) -> Receipt {
    do throws(DriverError) {
      return try await put(record, at: key, if: condition, to: child, at: index, label: label())
    } catch {
      guard error.effect == .unknown, record.stamp != nil, !Task.isCancelled,
        let found = try? await get(key, from: child, at: index, label: label()), found == record
      else { throw error }
      return Receipt(record.isTombstone ? .alreadyAbsent : .stored, stamp: record.stamp)
    }
  }
}
