/// What a write did: the stamp it wrote, and what became of it at each child, on success too.
///
/// ```swift
/// let receipt = try await profiles.put(bytes, at: "alice/profile")
/// print(receipt)
/// // stored
/// // ├─ disk: stored
/// // ├─ eu: stored
/// // └─ us: pending
/// ```
///
/// A receipt is a photograph of the moment at which the write held. What is `pending` then goes on in the background,
/// and is reported to the runtime's observer when it ends.
public struct Receipt: Sendable {
  /// What became of the write as a whole.
  public var result: Outcome.Result
  /// The stamp under which the record was written, in trees that stamp. That of a record which stands above it, and for
  /// which it was not stored, is in the result.
  public var stamp: Stamp?
  /// What became of it at each child, in the order of the children; empty for a leaf.
  public var children: [Outcome]

  /// Makes a receipt.
  public init(_ result: Outcome.Result, stamp: Stamp? = nil, children: [Outcome] = []) {
    self.result = result
    self.stamp = stamp
    self.children = children
  }
}

extension Receipt: CustomStringConvertible {
  /// A tree, a line for each node.
  public var description: String {
    TextTree.draw(self) { receipt in
      "\(receipt.result)"
    } children: {
      $0.children
    } inner: { outcome in
      "\(outcome.node): \(outcome.result)"
    }
  }
}
