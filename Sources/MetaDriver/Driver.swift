/// A value that stores data: a leaf that talks to a store, or a node that combines other drivers.
///
/// ```swift
/// struct DictionaryDriver: Driver {
///   let leaf: Leaf? = Leaf("dictionary")
///   …
///   var outline: Outline { Outline(leaf: leaf!, kind: "DictionaryDriver", capabilities: .basic) }
///   func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { … }
///   func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt { … }
///   func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt { … }
/// }
/// ```
///
/// ## The law
///
/// - `get` answers `nil` only when the store says that nothing is there. An outage, a timeout or a damaged copy throws.
/// - What a `put` acknowledged, a `get` finds, byte for byte, with its stamp and its tombstone mark: a store without
///   room for them keeps ``Record/encoded(for:)``.
/// - A write that fails says in ``DriverError/effect-swift.property`` whether it may have happened all the same.
/// - Nothing blocks the calling thread: blocking calls belong on threads of the driver's own.
/// - Clock, randomness and tasks come from ``Context/runtime``.
/// - `handles(_:)`, `url(for:)` and `outline` are pure: they touch no store and never fail.
///
/// Operations that `outline.capabilities` does not name throw `unsupported`, which is what the defaults do.
public protocol Driver: Sendable {
  /// The tree below this node, as data.
  var outline: Outline { get }

  /// Which store this is; `nil` for a node with children.
  var leaf: Leaf? { get }

  /// Reads one datum.
  ///
  /// - Returns: The stored copy, which may be a tombstone; `nil` when authoritatively nothing is stored.
  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record?

  /// Writes one datum, whatever is stored already. A leaf whose ordering is `newestWins` keeps a newer copy.
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt

  /// Removes one datum. Deleting what is absent succeeds, and says so in the receipt.
  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt

  /// Writes one datum if a condition holds; the check and the write are one step. A leaf that compares them never lets a
  /// stamped record replace one that ranks above it, however it orders other puts (``Receipt/keeping(_:over:if:)``), and
  /// takes the very record that is stored already for a put whose reply was lost (``Precondition/check(_:at:writing:)``).
  ///
  /// - Throws: `conflict` when the condition does not hold.
  func put(_ record: Record, at key: Key, if condition: Precondition, in context: Context) async throws(DriverError)
    -> Receipt

  /// Removes one datum if a condition holds; the check and the removal are one step. What purges tombstones uses it, so
  /// that no newer copy is ever removed with them.
  ///
  /// - Throws: `conflict` when the condition does not hold.
  func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt

  /// Lists one page of keys, sorted, tombstones included.
  func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page

  /// Describes one copy without reading all of it.
  func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat?

  /// Makes the node ready. Idempotent; a driver that was never opened opens itself when it is first used.
  ///
  /// - Returns: What became of each child. A node with several throws only when none could be opened.
  func open(in context: Context) async throws(DriverError) -> Receipt

  /// Lets go of what the node holds. Idempotent; later calls throw `closed` where there is something to let go of.
  func close(in context: Context) async throws(DriverError)

  /// The URL under which a datum is, or would be, stored here; `nil` when this driver makes none.
  func url(for key: Key) -> StorageURL?

  /// Whether this driver answers for a URL.
  func handles(_ url: StorageURL) -> Bool

  /// Reads from the first of the URLs that has a copy, asking only for those that this driver handles.
  func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record?
}

extension Driver {
  /// No leaf: a node with children.
  public var leaf: Leaf? { nil }

  /// Not supported.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt { throw outline.lacks(.compareAndPut) }

  /// Not supported.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    throw outline.lacks(.compareAndDelete)
  }

  /// Not supported.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    throw unsupported("list")
  }

  /// Not supported.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? { throw unsupported("stat") }

  /// Nothing to open.
  public func open(in context: Context) async throws(DriverError) -> Receipt { Receipt(.opened) }

  /// Nothing to close.
  public func close(in context: Context) async throws(DriverError) {}

  /// Makes no URLs.
  public func url(for key: Key) -> StorageURL? { nil }

  /// Handles no URLs.
  public func handles(_ url: StorageURL) -> Bool { false }

  /// Not supported.
  public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    throw unsupported("get by URL")
  }

  func unsupported(_ operation: String) -> DriverError {
    DriverError(.unsupported, "\(outline.component) has no \(operation)")
  }
}

/// Calls that need no context: they run in one of their own, on the shared runtime.
extension Driver {
  /// Reads one datum.
  public func get(_ key: Key) async throws(DriverError) -> Record? { try await Context().get(key, from: self) }

  /// Writes one datum.
  @discardableResult
  public func put(_ bytes: [UInt8], at key: Key) async throws(DriverError) -> Receipt {
    try await Context().put(Record(bytes), at: key, to: self)
  }

  /// Removes one datum.
  @discardableResult
  public func delete(_ key: Key, proof: DeletionProof? = nil) async throws(DriverError) -> Receipt {
    try await Context().delete(key, proof: proof, from: self)
  }
}
