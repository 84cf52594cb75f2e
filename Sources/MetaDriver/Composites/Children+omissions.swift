extension Context {
  /// Refuses to call a child that the caller leaves out: its node cannot do without, or does not know how.
  ///
  /// - Throws: `unsupported`; the child is not touched.
  @inline(__always)
  func checkOmission(of child: some Driver) throws(DriverError) {
    if omitting != nil { try checkOmitted(child.outline.label) }
  }

  private func checkOmitted(_ label: String) throws(DriverError) {
    guard omitting?.contains(label) == true else { return }
    throw DriverError(
      .unsupported, "the caller left \(label) out, and the node above it cannot do without it: it was not asked",
      effect: .unchanged)
  }
}

/// The children that a caller leaves out of one call.
extension Children {
  private static let reason = "the caller left it out"

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
    for index in indices where omitting.contains(labels[index]) { skipped[index] = Self.reason }
    return skipped
  }

  /// A write without the children that the caller left out. When it cannot hold without them, nobody is asked.
  func omit(_ tally: WriteTally, _ context: Context) -> WriteTally {
    guard let omitting = context.omitting else { return tally }
    var tally = tally
    for index in indices where omitting.contains(labels[index]) { tally.skip(index, because: Self.reason) }
    if tally.verdict == .impossible { tally.skipRest(because: "the write could not hold without those left out") }
    return tally
  }
}
