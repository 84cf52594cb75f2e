extension Remark {
  static let emptyComposite = Remark(
    .error, "it has no child, so it can neither read nor write",
    mend: "Put at least one driver into its block; look at the conditions that left all of them out")
}

extension Outline {
  /// Refuses calls to a node that was composed wrongly and is used without a strategy, which would have refused the
  /// whole tree.
  @inline(__always)
  func checkComposition() throws(DriverError) {
    if !remarks.isEmpty { try refuseIfFaulty() }
  }

  private func refuseIfFaulty() throws(DriverError) {
    guard let remark = remarks.first(where: { $0.severity == .error }) else { return }
    throw DriverError(.unsupported, "\(component) was composed wrongly: \(remark.reason). \(remark.mend)")
  }

  /// Refuses an operation before any child is touched.
  @inline(__always)
  func check(_ capability: Capabilities) throws(DriverError) {
    try checkComposition()
    if !capabilities.isSuperset(of: capability) { throw lacks(capability) }
  }

  func lacks(_ capability: Capabilities) -> DriverError {
    let culprits = children.filter { !$0.capabilities.isSuperset(of: capability) }.map(\.label)
    let reason =
      withholds(capability).map { ": \($0.reason)" }
      ?? (culprits.isEmpty ? "" : ", because \(culprits.joined(separator: ", ")) has none")
    return DriverError(.unsupported, "\(component) has no \(capability)" + reason)
  }
}

extension Children {
  /// Why the children without a capability are not asked.
  func skipped(notHaving capability: Capabilities) -> [Int: String] {
    var skipped: [Int: String] = [:]
    for index in indices where !outlines[index].capabilities.isSuperset(of: capability) {
      skipped[index] = "it has no \(capability)"
    }
    return skipped
  }
}
