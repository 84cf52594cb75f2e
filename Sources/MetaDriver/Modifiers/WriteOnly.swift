/// Withholds every operation that reads the store below it: a copy that is kept and never asked.
///
/// ```swift
/// Replicated(writes: .atLeast(1)) {
///   disk.required()
///   WriteOnly { archive }
/// }
/// ```
///
/// Reads throw `unsupported` before the child is touched, and nodes above do not send any.
public struct WriteOnly<Base: Driver>: Modifier {
  /// The child.
  public let base: Base

  /// Withholds reading.
  public init(@ModifierBuilder _ base: () -> Base) { self.base = base() }

  /// `WriteOnly`, above the child.
  public var outline: Outline {
    var outline = Outline(modifier: "WriteOnly", of: base.outline)
    outline.capabilities.subtract(.reads.union([.compareAndPut, .compareAndDelete]))
    return outline
  }

  /// Refused.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { throw unsupported("get") }

  /// Refused: a condition is a question.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt { throw unsupported("compare-and-put") }

  /// Refused: a condition is a question.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    throw unsupported("compare-and-delete")
  }

  /// Refused.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    throw unsupported("list")
  }

  /// Refused.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? { throw unsupported("stat") }

  /// Makes no URLs.
  public func url(for key: Key) -> StorageURL? { nil }

  /// Handles no URLs.
  public func handles(_ url: StorageURL) -> Bool { false }

  /// Refused.
  public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    throw unsupported("get by URL")
  }
}

extension Driver {
  /// Withholds every operation that reads this store: see ``WriteOnly``.
  public func writeOnly() -> WriteOnly<Self> { WriteOnly { self } }
}
