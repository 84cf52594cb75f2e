/// What a store knows of a copy without reading all of it.
public struct Stat: Hashable, Sendable {
  /// The size of the datum in bytes, envelope not counted.
  public var byteCount: Int
  /// The stamp of the copy, where it has one.
  public var stamp: Stamp?
  /// Whether the copy says that the datum was deleted.
  public var isTombstone: Bool

  /// Makes the description of a copy.
  public init(byteCount: Int, stamp: Stamp? = nil, isTombstone: Bool = false) {
    self.byteCount = byteCount
    self.stamp = stamp
    self.isTombstone = isTombstone
  }

  /// Describes a record.
  public init(of record: Record) {
    self.init(byteCount: record.bytes.count, stamp: record.stamp, isTombstone: record.isTombstone)
  }
}
