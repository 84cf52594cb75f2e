/// How fast a ``Scrub`` or a ``Purge`` goes about its work, so that those who use the stores do not notice.
///
/// ```swift
/// let limits = RepairLimits(concurrency: 2, bytesPerSecond: 10 << 20)
/// ```
public struct RepairLimits: Hashable, Sendable {
  /// How many keys are worked on at once, at least 1.
  public let concurrency: Int
  /// How many keys are begun in a second at most; `nil` for no limit.
  public let itemsPerSecond: Int?
  /// How many bytes are copied in a second at most, each copy counted once; `nil` for no limit.
  public let bytesPerSecond: Int?

  /// Makes limits.
  ///
  /// - Precondition: Every number that is given is at least 1.
  public init(concurrency: Int = 4, itemsPerSecond: Int? = nil, bytesPerSecond: Int? = nil) {
    for (name, number) in [
      ("concurrency", concurrency), ("items", itemsPerSecond ?? 1), ("bytes", bytesPerSecond ?? 1),
    ] { precondition(number >= 1, "with a limit of \(number) \(name) nothing would be done") }
    self.concurrency = concurrency
    self.itemsPerSecond = itemsPerSecond
    self.bytesPerSecond = bytesPerSecond
  }
}
