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
/// signatures, and deletions to `deletions`, which knows who may delete. A bad copy throws `corrupt`: it is never a value
/// and never an absence. Put the node around each child rather than around the composite, so that one bad copy does not
/// end the search.
///
/// ## Deletions
///
/// A weakly consistent store lets anybody who can write there leave a tombstone, and a tombstone beats every older copy
/// for ever. With `deletions`, a tombstone counts only with a proof:
///
/// ```swift
/// let secrets: [Key: ContentHash] = ["alice/profile": ContentHash(of: Array("a secret of Alice's".utf8))]
/// let guarded = disk.verified(deletions: { key, proof, _ in secrets[key] == ContentHash(of: proof.bytes) })
/// ```
///
/// A delete, or a tombstone to write, whose proof fails is `denied` before the child sees it: its caller lacks the right.
/// A stored tombstone whose proof fails is `corrupt`: that child's failure, as any other bad copy, so it deletes nothing.
/// A delete without a proof shows an empty one. Without `deletions`, tombstones pass unseen.
///
/// Costs one SHA-256 of the bytes for each get and put of immutable data, and what the closures cost. Listings and `stat`
/// show nothing to check, and a copy read by URL comes without the key to check it against: they pass.
public struct Verified<Base: Driver>: Modifier {
  /// Whether a record is what its owner wrote under this key. Pure, and quick: it runs on the caller's thread.
  public typealias Verifier = @Sendable (Key, Record, Context) -> Bool

  /// Whether a proof allows the deletion of a key. Pure, and quick: it runs on the caller's thread.
  public typealias DeletionVerifier = @Sendable (Key, DeletionProof, Context) -> Bool

  /// The child.
  public let base: Base
  private let verifier: Verifier?
  private let deletions: DeletionVerifier?

  /// Checks a child.
  ///
  /// - Parameters:
  ///   - verifier: Checks mutable records; none are checked when it is not given.
  ///   - deletions: Checks the proofs of deletions of either kind of data; none are checked when it is not given.
  ///   - base: The child.
  public init(
    verifier: Verifier? = nil, deletions: DeletionVerifier? = nil, @ModifierBuilder _ base: () -> Base
  ) {
    self.base = base()
    self.verifier = verifier
    self.deletions = deletions
  }

  /// `Verified`, above the child, with what it checks beside hashes.
  public var outline: Outline {
    var outline = Outline(modifier: "Verified", of: base.outline)
    outline.marks.insert(.verifying)
    switch (verifier == nil, deletions == nil) {
    case (true, true): break
    case (false, true): outline.parameters = [.init(name: "", value: "hashes and signatures")]
    case (true, false): outline.parameters = [.init(name: "", value: "hashes and deletions")]
    case (false, false): outline.parameters = [.init(name: "", value: "hashes, signatures and deletions")]
    }
    return outline
  }

  /// Reads a copy and checks it.
  ///
  /// - Throws: `corrupt` when it is a bad one.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    guard let record = try await context.get(key, from: base, at: 0, label: base.outline.component) else { return nil }
    if record.isTombstone {
      guard allows(proof(of: record), key, context) else {
        throw DriverError(.corrupt, "the stored tombstone of \(key) has a proof that fails its verification")
      }
    } else {
      try check(record, key, context, "the stored copy")
    }
    return record
  }

  /// Checks a record and writes it.
  ///
  /// - Throws: `corrupt` when it is a bad one, `denied` when it is a tombstone whose proof fails; the child is not touched
  ///   then.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try checkWrite(record, key, context)
    return try await context.put(record, at: key, to: base, at: 0, label: base.outline.component)
  }

  /// Checks a record and writes it if a condition holds.
  ///
  /// - Throws: `corrupt` when it is a bad one, `denied` when it is a tombstone whose proof fails; the child is not touched
  ///   then.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try checkWrite(record, key, context)
    return try await context.put(record, at: key, if: condition, to: base, at: 0, label: base.outline.component)
  }

  /// Checks the proof and deletes.
  ///
  /// - Throws: `denied` when the proof fails; the child is not touched then.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try checkDeletion(proof, key, context)
    return try await context.delete(key, proof: proof, from: base, at: 0, label: base.outline.component)
  }

  /// Deletes if a condition holds. The proof is that of the tombstone to remove, if the condition names one: who purges
  /// it removes no datum.
  ///
  /// - Throws: `denied` when there is no such proof, or it fails; the child is not touched then.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    if case .unchanged(let tombstone) = condition, tombstone.isTombstone {
      try checkDeletion(proof(of: tombstone), key, context)
    } else {
      try checkDeletion(nil, key, context)
    }
    return try await context.delete(key, if: condition, from: base, at: 0, label: base.outline.component)
  }

  private func proof(of tombstone: Record) -> DeletionProof { DeletionProof(tombstone.bytes) }

  private func allows(_ proof: DeletionProof, _ key: Key, _ context: Context) -> Bool {
    deletions?(key, proof, context) ?? true
  }

  private func checkDeletion(_ proof: DeletionProof?, _ key: Key, _ context: Context) throws(DriverError) {
    guard !allows(proof ?? DeletionProof([]), key, context) else { return }
    throw DriverError(.denied, "the proof that \(key) may be deleted fails its verification", effect: .unchanged)
  }

  private func checkWrite(_ record: Record, _ key: Key, _ context: Context) throws(DriverError) {
    if record.isTombstone {
      try checkDeletion(proof(of: record), key, context)
    } else {
      try check(record, key, context, "the record to write")
    }
  }

  private func check(_ record: Record, _ key: Key, _ context: Context, _ subject: String) throws(DriverError) {
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
  public func verified(
    by verifier: Verified<Self>.Verifier? = nil, deletions: Verified<Self>.DeletionVerifier? = nil
  ) -> Verified<Self> { Verified(verifier: verifier, deletions: deletions) { self } }
}
