/// Checks every copy that comes from the child, and every record before it goes there.
///
/// ```swift
/// FirstSuccess {
///   Verified { disk }
///   Verified { cdn }              // a bad copy on the disk is the disk's failure: the CDN is asked next
/// }
/// ```
///
/// Immutable data must hash to its key. Mutable data is shown to `verifier`, if there is one, which knows about
/// signatures. A bad copy throws `corrupt`: it is never a value and never an absence. Put the node around each child
/// rather than around the composite, so that one bad copy does not end the search.
///
/// Costs one SHA-256 of the bytes for each get and put of immutable data. Listings and `stat` show nothing to check.
public struct Verified<Base: Driver>: Modifier {
  /// Whether a record is what its owner wrote under this key. Pure, and quick: it runs on the caller's thread.
  public typealias Verifier = @Sendable (Key, Record, Context) -> Bool

  /// The child.
  public let base: Base
  private let verifier: Verifier?

  /// Checks a child.
  ///
  /// - Parameters:
  ///   - verifier: Checks mutable records; none are checked when it is not given.
  ///   - base: The child.
  public init(verifier: Verifier? = nil, @ModifierBuilder _ base: () -> Base) {
    self.base = base()
    self.verifier = verifier
  }

  /// `Verified`, above the child.
  public var outline: Outline {
    var outline = Outline(modifier: "Verified", of: base.outline)
    outline.marks.insert(.verifying)
    if verifier != nil { outline.parameters = [.init(name: "", value: "hashes and signatures")] }
    return outline
  }

  /// Reads a copy and checks it.
  ///
  /// - Throws: `corrupt` when it is a bad one.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    guard let record = try await context.get(key, from: base, at: 0, label: base.outline.component) else { return nil }
    try check(record, key, context, "the stored copy")
    return record
  }

  /// Checks a record and writes it.
  ///
  /// - Throws: `corrupt` when it is a bad one; the child is not touched then.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try check(record, key, context, "the record to write")
    return try await context.put(record, at: key, to: base, at: 0, label: base.outline.component)
  }

  /// Checks a record and writes it if a condition holds.
  ///
  /// - Throws: `corrupt` when it is a bad one; the child is not touched then.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try check(record, key, context, "the record to write")
    return try await context.put(record, at: key, if: condition, to: base, at: 0, label: base.outline.component)
  }

  private func check(_ record: Record, _ key: Key, _ context: Context, _ subject: String) throws(DriverError) {
    guard !record.isTombstone else { return }
    try record.checkHash(of: key, subject)
    if case .mutable = key, let verifier, !verifier(key, record, context) {
      throw DriverError(.corrupt, "\(subject) of \(key) fails its verification")
    }
  }
}

extension Record {
  /// Checks that the bytes of immutable data hash to their key.
  func checkHash(of key: Key, _ subject: String) throws(DriverError) {
    guard case .immutable(let hash) = key, !isTombstone else { return }
    let found = ContentHash(of: bytes)
    guard found == hash else {
      throw DriverError(.corrupt, "\(subject) of \(key) hashes to sha256:\(found): \(bytes.count) other bytes")
    }
  }
}

extension Driver {
  /// Checks every copy that comes from this driver: see ``Verified``.
  public func verified(by verifier: Verified<Self>.Verifier? = nil) -> Verified<Self> {
    Verified(verifier: verifier) { self }
  }
}
