/// A typed key of a hint.
///
/// ```swift
/// enum OwnerKey: HintKey { typealias Value = String }
/// var options = CallOptions()
/// options.hints[OwnerKey.self] = "alice"
/// ```
public protocol HintKey {
  /// What the hint says.
  associatedtype Value: Sendable
}

/// What a caller tells the drivers about a datum, beside its key: who owns it, which public key signs it, where a copy
/// was seen. A driver may use a hint or ignore it; no driver may need one.
public struct Hints: Sendable {
  private var values: [ObjectIdentifier: any Sendable] = [:]

  /// Makes an empty set of hints.
  public init() {}

  /// The hint of a key; `nil` where the caller gave none.
  public subscript<Hint: HintKey>(_ key: Hint.Type) -> Hint.Value? {
    get { values[ObjectIdentifier(key)] as? Hint.Value }
    set { values[ObjectIdentifier(key)] = newValue }
  }
}

/// URLs at which a copy of the datum was seen: `Strategy.getImmutable` asks them first.
public enum LocationsHint: HintKey {
  /// The URLs, in the order in which they are asked.
  public typealias Value = [StorageURL]
}

/// The id of the transaction that a put or delete of immutable data belongs to.
public enum TransactionHint: HintKey {
  /// The id, as its chain prints it.
  public typealias Value = String
}
