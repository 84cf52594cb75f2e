public import MetaDriver

/// A leaf with a store of its own that misbehaves on command: for tests of what a tree makes of it.
///
/// ```swift
/// let eu = Faulty("eu", seed: 7)
/// eu.faults[.failedAfterEffect, on: .put] = 0.1           // one put in ten fails after it took effect
/// eu.faults.delay = .exponential(mean: .milliseconds(20))
/// eu.isDown = true                                        // every call is refused
/// eu.crash()                                              // loses what was not synced
/// eu.wipe()                                               // comes back empty
/// ```
///
/// Every copy of the value is the same store, so what goes wrong can be switched while a tree runs. Without faults and
/// delay it is a sound leaf that answers without suspending.
///
/// ## What becomes of a call
///
/// A request travels to the store, which carries it out at the moment it arrives, and a reply travels back; see
/// ``FaultProfile/delay``. Once sent, a request arrives whatever becomes of its caller. A caller that is cancelled gets
/// `cancelled` at once; a write may take effect all the same then. Half of the requests, at random, are called back when
/// their caller is cancelled before they arrive: the error then says that nothing was changed. A caller whose request or
/// reply is lost waits until it is cancelled.
///
/// What goes wrong with a call is drawn from the seed, the name of the leaf, the operation and the number of the call
/// among the calls of that operation: one call more or less changes nothing for calls of other operations. Time passes on
/// the clock of the caller's runtime, and messages are work of that runtime (`Runtime.drain(timeout:)` waits for them).
///
/// The store compares stamps if its ordering is `PutOrdering.newestWins`; else the last put to arrive wins.
public struct Faulty: Driver {
  private let site: FaultySite
  private let ownLeaf: Leaf

  /// Makes an empty store.
  ///
  /// - Parameters:
  ///   - name: What to call it; names tell the draws of two leaves apart.
  ///   - ordering: How puts of one key are ordered.
  ///   - domain: Its failure domain.
  ///   - seed: What everything random about it is drawn from.
  ///   - faults: What goes wrong, from the beginning.
  public init(
    _ name: String, ordering: PutOrdering = .fifo, domain: String? = nil, seed: UInt64 = 0,
    faults: FaultProfile = .none
  ) { self.init(name, ordering: ordering, domain: domain, seed: seed, faults: faults, network: nil) }

  /// Makes an empty store behind a network; `nil` is real time, without partitions.
  init(
    _ name: String, ordering: PutOrdering = .fifo, domain: String? = nil, seed: UInt64 = 0,
    faults: FaultProfile = .none, network: (any Network)?
  ) {
    site = FaultySite(name, ordering: ordering, domain: domain, seed: seed, faults: faults, network: network)
    ownLeaf = Leaf(name, ordering: ordering)
  }

  private init(_ site: FaultySite, _ leaf: Leaf) {
    self.site = site
    ownLeaf = leaf
  }

  /// The same store as another process sees it: only what the package keeps in order within one process is its own.
  func handle() -> Faulty {
    Faulty(site, Leaf(sameAs: ownLeaf))
  }

  // MARK: On command

  /// What goes wrong, for calls made from now on. Copies of the driver share it.
  public var faults: FaultProfile {
    get { site.faults }
    nonmutating set { site.faults = newValue }
  }

  /// Whether the store refuses every call that arrives: `unavailable`, unchanged.
  public var isDown: Bool {
    get { site.isDown }
    nonmutating set { site.isDown = newValue }
  }

  /// What is stored, whether or not it can be seen yet. Damaged copies that cannot be read are left out. It is no call.
  public var contents: [Key: Record] { site.contents }

  /// Crashes and comes back: writes that were not synced are lost (``FaultProfile/durability-swift.property``), and calls
  /// under way are never answered. Requests that have not arrived never do.
  public func crash() { site.crash() }

  /// Crashes and comes back empty: a disk was replaced.
  public func wipe() { site.wipe() }

  // MARK: Driver

  /// Which store this is.
  public var leaf: Leaf? { ownLeaf }

  /// `Faulty`, with its name.
  public var outline: Outline {
    Outline(
      leaf: ownLeaf, kind: "Faulty",
      capabilities: [.get, .put, .delete, .list, .stat, .compareAndPut, .compareAndDelete], domain: site.domain)
  }

  /// Reads one datum.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await site.passage(.get, context).run { store, mishap throws(DriverError) in try store.get(key, &mishap) }
  }

  /// Writes one datum.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await site.passage(.put, context).run { store, mishap throws(DriverError) in
      try store.put(record, at: key, &mishap)
    }
  }

  /// Writes one datum if a condition holds.
  ///
  /// - Throws: `conflict` when it does not; `corrupt` when the stored copy is damaged, so that nobody can say.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try await site.passage(.compareAndPut, context).run { store, mishap throws(DriverError) in
      try store.put(record, at: key, if: condition, &mishap)
    }
  }

  /// Removes one datum.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await site.passage(.delete, context).run { store, _ throws(DriverError) in try store.delete(key) }
  }

  /// Removes one datum if a condition holds.
  ///
  /// - Throws: `conflict` when it does not; `corrupt` when the stored copy is damaged, so that nobody can say.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    try await site.passage(.delete, context).run { store, _ throws(DriverError) in
      try store.delete(key, if: condition)
    }
  }

  /// Lists one page of keys, damaged copies included.
  ///
  /// - Complexity: O(n log n) for n keys that were ever stored.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try await site.passage(.list, context).run { store, mishap in store.list(request, mishap) }
  }

  /// Describes one copy.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try await site.passage(.stat, context).run { store, mishap throws(DriverError) in
      try store.get(key, &mishap).map(Stat.init(of:))
    }
  }

  /// Asks whether the store is there.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try await site.passage(.open, context).run { _, _ in Receipt(.opened) }
  }

  /// Tells the store that this process needs it no longer. It stays usable, for other processes use it too.
  public func close(in context: Context) async throws(DriverError) {
    _ = try await site.passage(.close, context).run { _, _ in true }
  }
}
