/// What leaves that rank say of a write, so that every leaf says it in the same words.
extension Receipt {
  /// The receipt of a put that changed nothing, because what is stored ranks at least as high; `nil` when the record is
  /// to be written.
  ///
  /// Records without a stamp are always written, except over a stamped one: bytes that cannot be ranked never replace
  /// bytes that can.
  public static func keeping(_ stored: Record?, over record: Record) -> Receipt? {
    guard let stored, let stamp = stored.stamp else { return nil }
    if stored == record { return Receipt(record.isTombstone ? .alreadyAbsent : .stored, stamp: stamp) }
    return record.ranksAbove(stored) ? nil : Receipt(.superseded(by: stamp), stamp: stamp)
  }

  /// The receipt of a put that was carried out.
  public init(storing record: Record, over stored: Record?) {
    guard record.isTombstone else {
      self.init(.stored, stamp: record.stamp)
      return
    }
    self.init(stored.map(\.isTombstone) ?? true ? .alreadyAbsent : .deleted, stamp: record.stamp)
  }
}
