/// Marks a child that must accept every write of the `Replicated` or `Quorum` node above it.
///
/// ```swift
/// Replicated(writes: .atLeast(1)) {
///   Required { disk }
///   cloud                       // may fail: the receipt says so
/// }
/// ```
///
/// It changes nothing at run time; the node above reads it when it is made, through other modifiers too.
public struct Required<Base: Driver>: Modifier {
  /// The child.
  public let base: Base

  /// Marks a child.
  public init(@ModifierBuilder _ base: () -> Base) { self.base = base() }

  /// `Required`, above the child.
  public var outline: Outline {
    var outline = Outline(modifier: "Required", of: base.outline)
    outline.marks.insert(.required)
    return outline
  }
}

extension Driver {
  /// Makes this driver one that must accept every write: see ``Required``.
  public func required() -> Required<Self> { Required { self } }
}
