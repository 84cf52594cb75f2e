/// What must be true of the stored copy for a conditional put or delete to take effect.
///
/// ```swift
/// try await profiles.put(bytes, at: "alice/profile", if: .absent)                       // create, never overwrite
/// if let read = try await profiles.get("alice/profile") {
///   try await profiles.put(bytes, at: "alice/profile", if: .unchanged(since: read))     // overwrite what was read
/// }
/// ```
public enum Precondition: Hashable, Sendable {
  /// Nothing is stored, or only a tombstone: create, do not overwrite.
  case absent
  /// The stored copy is still this one: same stamp, or same bytes where there is no stamp.
  case unchanged(since: Record)
  /// The stored copy still has this stamp: what ``unchanged(since:)-swift.type.method`` of a stamp makes.
  case stamped(Stamp)

  /// The stored copy still has the stamp that was read, or that the receipt of a write gave. In trees that stamp it says
  /// as much as the record, and is smaller to keep.
  public static func unchanged(since stamp: Stamp) -> Precondition { .stamped(stamp) }

  /// Whether a stored copy satisfies the condition.
  public func holds(for stored: Record?) -> Bool {
    switch self {
    case .absent: stored.map(\.isTombstone) ?? true
    case .unchanged(let expected):
      stored.map { $0.stamp == expected.stamp && $0.isTombstone == expected.isTombstone && $0.bytes == expected.bytes }
        ?? false
    case .stamped(let stamp): stored?.stamp == stamp
    }
  }

  /// Refuses what a stored copy does not satisfy. Leaves call this in the same step that writes.
  ///
  /// A put that is repeated because its reply was lost does not conflict with itself: when the stored copy is the very
  /// record to write, with the same stamp, the put was carried out, whatever it expected. Two records without a stamp
  /// cannot be told apart like that: whoever wrote the same bytes may have been somebody else.
  ///
  /// - Parameters:
  ///   - stored: What is stored now.
  ///   - key: Of which datum.
  ///   - record: What is to be written; `nil` for a delete.
  /// - Throws: `conflict`; nothing was changed.
  public func check(_ stored: Record?, at key: Key, writing record: Record? = nil) throws(DriverError) {
    guard !holds(for: stored), !isLanded(record, in: stored) else { return }
    throw DriverError(.conflict, "\(key) is not what the condition expects: nothing was changed")
  }

  private func isLanded(_ record: Record?, in stored: Record?) -> Bool {
    guard let record, record.stamp != nil else { return false }
    return record == stored
  }
}
