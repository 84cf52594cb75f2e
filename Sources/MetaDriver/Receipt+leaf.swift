/// What leaves that rank say of a write, so that every leaf says it in the same words.
extension Receipt {
  /// The receipt of a put that changed nothing, because what is stored ranks at least as high; `nil` when the record is
  /// to be written.
  ///
  /// - Parameters:
  ///   - stored: What is stored now.
  ///   - record: What is to be written.
  ///   - condition: The condition of a conditional put, which holds.
  /// - Throws: `conflict` when the record has no stamp and what is stored has one: bytes that cannot be ranked never
  ///   replace bytes that can, and the writer is told. Also when a conditional put would change nothing, although its
  ///   condition holds.
  public static func keeping(
    _ stored: Record?, over record: Record, if condition: Precondition? = nil
  ) throws(DriverError) -> Receipt? {
    guard let stored, let stamp = stored.stamp else { return nil }
    guard record.stamp != nil else {
      throw DriverError(
        .conflict,
        "the stored record has the stamp \(stamp), the one to write has none and would rank below it: "
          + "write through a node that stamps, as the writer before did")
    }
    if stored == record { return Receipt(record.isTombstone ? .alreadyAbsent : .stored, stamp: stamp) }
    if record.ranksAbove(stored) { return nil }
    guard condition == nil else {
      throw DriverError(
        .conflict, "the stored record has the stamp \(stamp) and ranks above the one to write: nothing was written")
    }
    return Receipt(.superseded(by: stamp), stamp: record.stamp)
  }

  /// The receipt of a put that was carried out.
  ///
  /// - Parameters:
  ///   - record: What was written.
  ///   - stored: What was stored before, as far as it could be read.
  ///   - isDamaged: Whether something was stored before that could not be read. The stamp that it had is lost then, and
  ///     other stores have to say whether it was newer: see ``Outcome/Result/replacedDamaged``.
  public init(storing record: Record, over stored: Record?, isDamaged: Bool = false) {
    guard !isDamaged || record.stamp == nil else {
      self.init(.replacedDamaged, stamp: record.stamp)
      return
    }
    guard record.isTombstone else {
      self.init(.stored, stamp: record.stamp)
      return
    }
    self.init(stored.map(\.isTombstone) ?? true ? .alreadyAbsent : .deleted, stamp: record.stamp)
  }
}
