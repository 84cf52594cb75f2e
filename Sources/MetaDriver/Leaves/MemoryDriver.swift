private import Synchronization

/// A store in this process's memory: for caches, journals, tests, and the first lines of a prototype.
///
/// ```swift
/// let memory = MemoryDriver("memory", capacity: 64 << 20)
/// ```
///
/// Every copy of the value is the same store. An older stamp never replaces a newer one. Reads and writes take a lock for
/// a few dozen nanoseconds and never suspend; the data lives as long as the value does.
public struct MemoryDriver: Driver {
  fileprivate struct State {
    var records: [Key: Record] = [:]
    var byteCount = 0
    /// The keys in order; not before somebody lists them.
    var order: SortedKeys?
    var isClosed = false
  }

  private final class Storage: Sendable {
    let state = Mutex(State())
    let leaf: Leaf
    let capacity: Int?
    init(_ name: String?, _ capacity: Int?) {
      leaf = Leaf(name, ordering: .newestWins)
      self.capacity = capacity
    }
  }

  private let storage: Storage

  /// Makes an empty store.
  ///
  /// - Parameters:
  ///   - name: What to call it in reports.
  ///   - capacity: How many bytes of data and key names it holds at most; a put that would exceed it fails with
  ///     `noSpace` and changes nothing. `nil` leaves it to the machine.
  public init(_ name: String? = nil, capacity: Int? = nil) { storage = Storage(name, capacity) }

  /// Which store this is.
  public var leaf: Leaf? { storage.leaf }

  /// `MemoryDriver`, with its capacity.
  public var outline: Outline {
    let capabilities: Capabilities = [.get, .put, .delete, .list, .stat, .compareAndPut, .compareAndDelete]
    guard let capacity = storage.capacity else {
      return Outline(leaf: storage.leaf, kind: "MemoryDriver", capabilities: capabilities)
    }
    return Outline(
      leaf: storage.leaf, kind: "MemoryDriver", capabilities: capabilities,
      parameters: ["capacity": "\(capacity) bytes"])
  }

  /// Reads one datum.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try storage.state.withLock { state throws(DriverError) in
      try state.checkOpen()
      return state.records[key]
    }
  }

  /// Writes one datum, unless a newer one is there.
  ///
  /// - Throws: `noSpace` when the capacity would be exceeded.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try write(record, at: key, if: nil)
  }

  /// Writes one datum if a condition holds.
  ///
  /// - Throws: `conflict` when it does not; `noSpace` when the capacity would be exceeded.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt { try write(record, at: key, if: condition) }

  // Out of line, so that it uses the thread's stack and not the task's: see `Context.carefulPut`.
  @inline(never)
  private func write(_ record: Record, at key: Key, if condition: Precondition?) throws(DriverError) -> Receipt {
    let capacity = storage.capacity
    return try storage.state.withLock { state throws(DriverError) in
      try state.checkOpen()
      let stored = state.records[key]
      if let condition { try condition.check(stored, at: key, writing: record) }
      if let receipt = try Receipt.keeping(stored, over: record, if: condition) { return receipt }
      let byteCount = state.byteCount + record.bytes.count - (stored?.bytes.count ?? -key.name.utf8.count)
      if let capacity, byteCount > capacity {
        throw DriverError(
          .noSpace,
          "\(key) needs \(byteCount - state.byteCount) bytes more, \(capacity - state.byteCount) of \(capacity) are free"
        )
      }
      state.byteCount = byteCount
      state.records[key] = record
      if stored == nil { state.order?.insert(key) }
      return Receipt(storing: record, over: stored)
    }
  }

  /// Removes one datum.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try remove(key, if: nil)
  }

  /// Removes one datum if a condition holds.
  ///
  /// - Throws: `conflict` when it does not.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    try remove(key, if: condition)
  }

  private func remove(_ key: Key, if condition: Precondition?) throws(DriverError) -> Receipt {
    try storage.state.withLock { state throws(DriverError) in
      try state.checkOpen()
      if let condition { try condition.check(state.records[key], at: key) }
      guard let stored = state.records.removeValue(forKey: key) else { return Receipt(.alreadyAbsent) }
      state.byteCount -= stored.bytes.count + key.name.utf8.count
      state.order?.remove(key)
      return Receipt(stored.isTombstone ? .alreadyAbsent : .deleted)
    }
  }

  /// Lists one page of keys.
  ///
  /// - Complexity: O(m + log n) for a page of m keys of n; O(n log n) for the first page of the store's life, which holds
  ///   other calls up. From then on, a new key costs O(log n).
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try storage.state.withLock { state throws(DriverError) in
      try state.checkOpen()
      let order = state.order ?? SortedKeys(state.records.keys)
      state.order = order
      let keys = order.page(request)
      let entries = keys.prefix(request.limit).compactMap { key in
        state.records[key].map { Page.Entry(key, Stat(of: $0)) }
      }
      return Page(entries, next: keys.count > request.limit ? entries.last.map { Cursor(after: $0.key) } : nil)
    }
  }

  /// Describes one copy.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try await get(key, in: context).map(Stat.init(of:))
  }

  /// Lets go of the data: later calls throw `closed`.
  public func close(in context: Context) async throws(DriverError) {
    storage.state.withLock { state in
      state.isClosed = true
      state.records = [:]
      state.order = nil
      state.byteCount = 0
    }
  }
}

extension MemoryDriver.State {
  fileprivate func checkOpen() throws(DriverError) {
    if isClosed { throw DriverError(.closed, "this MemoryDriver was closed") }
  }
}
