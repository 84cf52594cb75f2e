import MetaDriver
import Synchronization

/// A leaf that keeps everything it is handed, answers everything, and can be told to fail.
struct RecordingDriver: Driver {
  /// Every operation that a driver can be asked for.
  enum Operation: CaseIterable, Sendable {
    case get, put, compareAndPut, delete, list, stat, open, close, getURL
  }

  /// All that one call brought along.
  struct Call: Sendable {
    var operation: Operation
    var key: Key?
    var record: Record?
    var condition: Precondition?
    var proof: DeletionProof?
    var request: ListRequest?
    var urls: [StorageURL] = []
    var context: Context
  }

  static let answer = Record([7, 7, 7])
  static let page = Page([Page.Entry(.mutable("listed"), Stat(byteCount: 9))], next: nil, unanswered: ["far"])

  private final class Storage: Sendable {
    let calls = Mutex<[Call]>([])
    let leaf = Leaf("recording", ordering: .newestWins)
  }
  private let storage = Storage()
  var error: DriverError?

  init(error: DriverError? = nil) { self.error = error }

  var calls: [Call] { storage.calls.withLock { $0 } }
  var leaf: Leaf? { storage.leaf }
  var outline: Outline {
    Outline(
      leaf: storage.leaf, kind: "RecordingDriver",
      capabilities: [.get, .put, .delete, .list, .stat, .compareAndPut, .makeURL, .getURL])
  }

  private func keep(_ call: Call) throws(DriverError) {
    storage.calls.withLock { $0.append(call) }
    if let error { throw error }
  }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try keep(Call(operation: .get, key: key, context: context))
    return Self.answer
  }
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try keep(Call(operation: .put, key: key, record: record, context: context))
    return Receipt(.stored, stamp: record.stamp, children: [Outcome("inner", .stored)])
  }
  func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try keep(Call(operation: .compareAndPut, key: key, record: record, condition: condition, context: context))
    return Receipt(.stored, stamp: record.stamp, children: [Outcome("inner", .stored)])
  }
  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try keep(Call(operation: .delete, key: key, proof: proof, context: context))
    return Receipt(.deleted, children: [Outcome("inner", .deleted)])
  }
  func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try keep(Call(operation: .list, request: request, context: context))
    return Self.page
  }
  func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try keep(Call(operation: .stat, key: key, context: context))
    return Stat(byteCount: 3)
  }
  func open(in context: Context) async throws(DriverError) -> Receipt {
    try keep(Call(operation: .open, context: context))
    return Receipt(.opened, children: [Outcome("inner", .opened)])
  }
  func close(in context: Context) async throws(DriverError) {
    try keep(Call(operation: .close, context: context))
  }
  func url(for key: Key) -> StorageURL? { try? StorageURL("recording:\(Cursor(after: key))") }
  func handles(_ url: StorageURL) -> Bool { url.scheme == "recording" }
  func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    try keep(Call(operation: .getURL, urls: urls, context: context))
    return Self.answer
  }
}
