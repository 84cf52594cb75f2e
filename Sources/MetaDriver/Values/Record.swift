/// One stored copy of a datum: its bytes, and what is needed to rank it against another copy.
///
/// ```swift
/// if let record = try await profiles.get("alice/profile") { show(record.bytes) }
/// ```
///
/// Records without a stamp are plain bytes. Nodes that rank copies add a stamp, and store a *tombstone*, a record that
/// says "deleted", where an unstamped tree would remove the bytes.
public struct Record: Hashable, Sendable {
  /// The datum; the ``DeletionProof`` of a tombstone, which may be empty.
  public var bytes: [UInt8]
  /// When it was written and by whom; `nil` ranks below every stamp.
  public var stamp: Stamp?
  /// The stamp its writer had read before it wrote, which tells an overwrite from a concurrent write.
  public var parent: Stamp?
  /// Whether the record says that the datum was deleted.
  public var isTombstone: Bool
  /// What the store says of this copy beside its content; `nil` where it says nothing, and for records that were not read
  /// from one. Never part of what is compared, ranked or stored.
  public var facts: StoreFacts?

  /// Makes a record of bytes.
  public init(_ bytes: [UInt8], stamp: Stamp? = nil, parent: Stamp? = nil) {
    self.bytes = bytes
    self.stamp = stamp
    self.parent = parent
    isTombstone = false
  }

  /// Makes the record that says "deleted".
  public static func tombstone(_ proof: DeletionProof? = nil, stamp: Stamp, parent: Stamp? = nil) -> Record {
    var record = Record(proof?.bytes ?? [], stamp: stamp, parent: parent)
    record.isTombstone = true
    return record
  }

  /// The same, for a node that has yet to stamp it.
  static func unstampedTombstone(_ proof: DeletionProof?) -> Record {
    var record = Record(proof?.bytes ?? [])
    record.isTombstone = true
    return record
  }
}

extension Record {
  /// Whether two records have the same content, whatever their stores say of them.
  public static func == (left: Record, right: Record) -> Bool {
    left.stamp == right.stamp && left.isTombstone == right.isTombstone && left.parent == right.parent
      && left.bytes == right.bytes
  }

  /// Hashes what is compared.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(stamp)
    hasher.combine(isTombstone)
    hasher.combine(parent)
    hasher.combine(bytes)
  }

  /// Whether this copy ranks above another of the same key: by stamp, then tombstone over live, then the larger
  /// SHA-256. A copy without a stamp ranks below every stamp.
  ///
  /// The order is total, so any two nodes that see the same copies choose the same one, whatever arrived first.
  public func ranksAbove(_ other: Record) -> Bool {
    if let isAbove = Stamp.order(stamp, isTombstone, above: other.stamp, other.isTombstone) { return isAbove }
    return bytes != other.bytes && ContentHash(of: bytes) > ContentHash(of: other.bytes)
  }

  /// Whether two copies claim the same stamp for different content, which no correct pair of writers produces.
  public func conflicts(with other: Record) -> Bool {
    stamp != nil && stamp == other.stamp && (isTombstone != other.isTombstone || bytes != other.bytes)
  }
}
