import MetaDriver
private import Synchronization

/// A sound store over a dictionary, of which a test breaks one thing.
///
/// ```swift
/// var shelf = ShelfDriver()
/// shelf.onDelete = { _, _, _ in Receipt(.deleted) }          // says so, and does nothing
/// ```
///
/// What is not broken works as it should, so that a finding is about the thing that is.
struct ShelfDriver: Driver {
  typealias Call<Request, Answer> = @Sendable (ShelfDriver, Request, Context) async throws(DriverError) -> Answer

  /// One record that somebody wants to write.
  struct Write: Sendable {
    var record: Record
    var key: Key
    var condition: Precondition?
  }

  private final class Storage: Sendable {
    let records = Mutex<[[UInt8]: (key: Key, record: Record)]>([:])
  }

  private let storage = Storage()
  private let ordering: PutOrdering
  var makeLeaf: @Sendable () -> Leaf
  var capabilities: Capabilities
  var marks: Outline.Marks = []
  /// The name under which a key is stored.
  var storedName: @Sendable (Key) -> [UInt8] = { Array("\($0.kind)/\($0.name)".utf8) }
  var onGet: Call<Key, Record?> = { shelf, key, _ throws(DriverError) in shelf[key] }
  var onPut: Call<Write, Receipt> = { shelf, write, _ throws(DriverError) in try shelf.write(write) }
  var onDelete: Call<Key, Receipt> = { shelf, key, _ throws(DriverError) in shelf.remove(key) }
  var onConditionalDelete: Call<(key: Key, condition: Precondition), Receipt> = {
    shelf, request, _ throws(DriverError) in
    try shelf.remove(request.key, if: request.condition)
  }
  var onStat: Call<Key, Stat?> = { shelf, key, _ throws(DriverError) in shelf[key].map(Stat.init(of:)) }
  var onList: Call<ListRequest, Page> = { shelf, request, _ throws(DriverError) in shelf.page(request) }
  var onOpen: Call<Void, Receipt> = { _, _, _ throws(DriverError) in Receipt(.opened) }
  var onClose: Call<Void, Void> = { _, _, _ throws(DriverError) in }
  var makeURL: @Sendable (Key) -> StorageURL? = { key in try? StorageURL("shelf:\(Cursor(after: key))") }
  var onHandles: @Sendable (StorageURL) -> Bool = { $0.scheme == "shelf" }
  var onGetURL: Call<[StorageURL], Record?> = { shelf, urls, _ throws(DriverError) in
    let keys = urls.compactMap { url in
      url.scheme == "shelf" ? try? Cursor(url.string.dropFirst("shelf:".utf8.count)).key : nil
    }
    guard !keys.isEmpty else { throw DriverError(.unroutable, "none of these URLs is of this shelf") }
    for key in keys { if let record = shelf[key] { return record } }
    return nil
  }

  init(
    ordering: PutOrdering = .newestWins,
    capabilities: Capabilities = [
      .get, .put, .delete, .list, .stat, .compareAndPut, .compareAndDelete, .makeURL, .getURL,
    ]
  ) {
    self.ordering = ordering
    let leaf = Leaf("shelf", ordering: ordering)
    makeLeaf = { leaf }
    self.capabilities = capabilities
  }

  // MARK: The store

  /// What is stored under a key.
  subscript(key: Key) -> Record? {
    get { storage.records.withLock { $0[storedName(key)]?.record } }
    nonmutating set { storage.records.withLock { $0[storedName(key)] = newValue.map { (key, $0) } } }
  }

  /// Forgets everything.
  func removeAll() { storage.records.withLock { $0 = [:] } }

  /// Writes as a leaf of this ordering must: check and write in one step.
  @discardableResult
  func write(_ write: Write) throws(DriverError) -> Receipt {
    let name = storedName(write.key)
    return try storage.records.withLock { records throws(DriverError) in
      let stored = records[name]?.record
      try write.condition?.check(stored, at: write.key, writing: write.record)
      if ordering == .newestWins || write.condition != nil,
        let kept = try Receipt.keeping(stored, over: write.record, if: write.condition)
      {
        return kept
      }
      records[name] = (write.key, write.record)
      return Receipt(storing: write.record, over: stored)
    }
  }

  func remove(_ key: Key) -> Receipt { (try? remove(key, if: nil)) ?? Receipt(.alreadyAbsent) }

  /// Removes as a leaf must: check and removal in one step.
  func remove(_ key: Key, if condition: Precondition?) throws(DriverError) -> Receipt {
    try storage.records.withLock { records throws(DriverError) in
      if let condition { try condition.check(records[storedName(key)]?.record, at: key) }
      guard let removed = records.removeValue(forKey: storedName(key)) else { return Receipt(.alreadyAbsent) }
      return Receipt(removed.record.isTombstone ? .alreadyAbsent : .deleted)
    }
  }

  /// What is on the shelf, in the order of the keys.
  var entries: [Page.Entry] {
    storage.records.withLock { records in
      records.values.map { Page.Entry($0.key, Stat(of: $0.record)) }.sorted { $0.key < $1.key }
    }
  }

  func page(_ request: ListRequest) -> Page { Page(of: entries, for: request) }

  // MARK: Driver

  var leaf: Leaf? { makeLeaf() }

  var outline: Outline {
    var outline = Outline(leaf: makeLeaf(), kind: "ShelfDriver", capabilities: capabilities)
    outline.marks = marks
    return outline
  }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await onGet(self, key, context)
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await onPut(self, Write(record: record, key: key), context)
  }

  func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try await onPut(self, Write(record: record, key: key, condition: condition), context)
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await onDelete(self, key, context)
  }

  func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    try await onConditionalDelete(self, (key, condition), context)
  }

  func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try await onList(self, request, context)
  }

  func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? { try await onStat(self, key, context) }

  func open(in context: Context) async throws(DriverError) -> Receipt { try await onOpen(self, (), context) }

  func close(in context: Context) async throws(DriverError) { try await onClose(self, (), context) }

  func url(for key: Key) -> StorageURL? { makeURL(key) }

  func handles(_ url: StorageURL) -> Bool { onHandles(url) }

  func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    try await onGetURL(self, urls, context)
  }
}
