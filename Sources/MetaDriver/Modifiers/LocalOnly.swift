/// Marks a subtree whose data no other client sees: a cache, a device's own disk.
///
/// ```swift
/// Replicated(writes: .atLeast(1)) {
///   LocalOnly { DiskDriver(at: folder, name: "disk") }
///   Required { cloud }
/// }
/// ```
///
/// It changes nothing at run time. The checks weigh it: a tree that takes mutable writes must not be able to
/// acknowledge one that is stored under local-only nodes alone, because no other client would ever see it.
public struct LocalOnly<Base: Driver>: Modifier {
  /// The child.
  public let base: Base

  /// Marks a subtree.
  public init(@ModifierBuilder _ base: () -> Base) { self.base = base() }

  /// `LocalOnly`, above the child.
  public var outline: Outline {
    var outline = Outline(modifier: "LocalOnly", of: base.outline)
    outline.marks.insert(.localOnly)
    return outline
  }
}

extension Driver {
  /// Marks this driver's data as seen by no other client: see ``LocalOnly``.
  public func localOnly() -> LocalOnly<Self> { LocalOnly { self } }
}
