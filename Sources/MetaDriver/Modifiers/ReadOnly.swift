/// Withholds every operation that changes the store below it.
///
/// ```swift
/// FirstSuccess {
///   disk
///   ReadOnly { archive }
/// }
/// ```
///
/// Writes throw `unsupported` before the child is touched, and nodes above do not send any.
public struct ReadOnly<Base: Driver>: Modifier {
  /// The child.
  public let base: Base

  /// Withholds writing.
  public init(@ModifierBuilder _ base: () -> Base) { self.base = base() }

  /// `ReadOnly`, above the child.
  public var outline: Outline {
    var outline = Outline(modifier: "ReadOnly", of: base.outline)
    outline.capabilities.subtract(.writes)
    return outline
  }

  /// Refused.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    throw unsupported("put")
  }

  /// Refused.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt { throw unsupported("compare-and-put") }

  /// Refused.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    throw unsupported("delete")
  }

  /// Refused.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    throw unsupported("compare-and-delete")
  }
}

extension Driver {
  /// Withholds every operation that changes this store: see ``ReadOnly``.
  public func readOnly() -> ReadOnly<Self> { ReadOnly { self } }
}
