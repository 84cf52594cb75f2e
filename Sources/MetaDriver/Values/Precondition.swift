/// What must be true of the stored copy for a conditional put or delete to take effect.
public enum Precondition: Hashable, Sendable {
  /// Nothing is stored, or only a tombstone: create, do not overwrite.
  case absent
  /// The stored copy is still this one: same stamp, or same bytes where there is no stamp.
  case unchanged(since: Record)

  /// Whether a stored copy satisfies the condition. Leaves call this in the same step that writes.
  public func holds(for stored: Record?) -> Bool {
    switch self {
    case .absent: stored.map(\.isTombstone) ?? true
    case .unchanged(let expected):
      stored.map { $0.stamp == expected.stamp && $0.isTombstone == expected.isTombstone && $0.bytes == expected.bytes }
        ?? false
    }
  }

  /// Refuses what a stored copy does not satisfy. Leaves call this in the same step that writes.
  ///
  /// - Throws: `conflict`; nothing was changed.
  public func check(_ stored: Record?, at key: Key) throws(DriverError) {
    guard !holds(for: stored) else { return }
    throw DriverError(.conflict, "\(key) is not what the condition expects: nothing was changed")
  }
}
