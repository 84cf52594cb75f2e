extension Context {
  /// Whether the caller leaves a child out of the call: see ``CallOptions/omitting``.
  ///
  /// A node with several children asks before it calls one, and says so with ``Outline/Marks/omitting``. The guide
  /// about nodes of your own has an example.
  ///
  /// - Parameter child: The name of the child, as ``Outline/labelsOfChildren`` has it.
  public func leavesOut(_ child: String) -> Bool { omitting?.contains(child) ?? false }

  /// Refuses to call a child that the caller leaves out, where no strategy has looked whether the tree can do without.
  ///
  /// - Throws: `unsupported`; the child is not touched.
  @inline(__always)
  func checkOmission(of child: some Driver) throws(DriverError) {
    if let unchecked = uncheckedOmissions { try check(child.outline.label, unchecked) }
  }

  /// Refuses to call a child that the caller leaves out: its node cannot do without.
  ///
  /// - Throws: `unsupported`; the child is not touched.
  func checkOmission(of label: String) throws(DriverError) {
    if let omitting { try check(label, omitting) }
  }

  private func check(_ label: String, _ omitting: Set<String>) throws(DriverError) {
    guard omitting.contains(label) else { return }
    throw DriverError(
      .unsupported, "the caller left \(label) out, and the node above it cannot do without it: it was not asked",
      effect: .unchanged)
  }
}

/// The children that a caller leaves out of one call.
extension Children {
  /// The children to ask, of those in `order`.
  ///
  /// - Throws: `unsupported` when the caller left out all of them.
  @inline(__always)
  func asked(_ order: [Int], _ context: Context) throws(DriverError) -> [Int] {
    guard let omitting = context.omitting else { return order }
    return try asked(order, without: omitting)
  }

  private func asked(_ order: [Int], without omitting: Set<String>) throws(DriverError) -> [Int] {
    let asked = order.filter { !omitting.contains(labels[$0]) }
    guard !asked.isEmpty || order.isEmpty else {
      let names = order.map { labels[$0] }.joined(separator: ", ")
      throw DriverError(.unsupported, "the caller left out every driver that could be asked: \(names)")
    }
    return asked
  }

  /// Why children are not asked, those that the caller left out included.
  func skipped(_ skipped: [Int: String], _ context: Context) -> [Int: String] {
    guard let omitting = context.omitting else { return skipped }
    var skipped = skipped
    for index in indices where omitting.contains(labels[index]) { skipped[index] = Omissions.leftOut }
    return skipped
  }

  /// A write without the children that the caller left out. When it cannot hold without them, nobody is asked.
  func omit(_ tally: WriteTally, _ context: Context) -> WriteTally {
    guard let omitting = context.omitting else { return tally }
    var tally = tally
    for index in indices where omitting.contains(labels[index]) { tally.skip(index, because: Omissions.leftOut) }
    if tally.verdict == .impossible { tally.skipRest(because: Omissions.inVain) }
    return tally
  }
}
