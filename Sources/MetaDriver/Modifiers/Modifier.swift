/// A node with one child, which forwards whatever it does not change.
///
/// ```swift
/// struct Slow<Base: Driver>: Modifier {
///   let base: Base
///   let delay: Duration
///   var outline: Outline { Outline(modifier: "Slow", of: base.outline, parameters: ["by": "\(delay)"]) }
///   func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
///     try await context.runtime.sleep(for: delay)
///     return try await context.get(key, from: base)
///   }
/// }
/// ```
///
/// A modifier is generic over its child, so that a chain of them is one type that the compiler sees through. It must
/// change *every* operation that its purpose concerns: what it does not write itself goes to the child unchanged. A node
/// whose purpose concerns all of them is better a plain ``Driver``, in which what it does not write is refused.
public protocol Modifier: Driver {
  /// What the modifier is put around.
  associatedtype Base: Driver
  /// The child.
  var base: Base { get }
}

extension Modifier {
  /// Forwards to the child.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await context.get(key, from: base, at: 0, label: base.outline.component)
  }

  /// Forwards to the child.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await context.put(record, at: key, to: base, at: 0, label: base.outline.component)
  }

  /// Forwards to the child.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await context.delete(key, proof: proof, from: base, at: 0, label: base.outline.component)
  }

  /// Forwards to the child.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try await context.put(record, at: key, if: condition, to: base, at: 0, label: base.outline.component)
  }

  /// Forwards to the child.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    try await context.delete(key, if: condition, from: base, at: 0, label: base.outline.component)
  }

  /// Forwards to the child.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try await context.list(request, from: base, at: 0, label: base.outline.component)
  }

  /// Forwards to the child.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try await context.stat(key, from: base, at: 0, label: base.outline.component)
  }

  /// Forwards to the child.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try await context.open(base, at: 0, label: base.outline.component)
  }

  /// Forwards to the child.
  public func close(in context: Context) async throws(DriverError) {
    try await context.close(base, at: 0, label: base.outline.component)
  }

  /// Forwards to the child.
  public func url(for key: Key) -> StorageURL? { base.url(for: key) }

  /// Forwards to the child.
  public func handles(_ url: StorageURL) -> Bool { base.handles(url) }

  /// Forwards to the child.
  public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    try await context.get(urls, from: base, at: 0, label: base.outline.component)
  }
}
