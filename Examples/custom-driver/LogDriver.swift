import Foundation
import MetaDriver

/// A store in one text file: every write appends a line of JSON, and the last line of a key counts.
struct LogDriver: Driver {
  let leaf: Leaf?
  private let log: Log

  init(at path: String, name: String) throws {
    leaf = Leaf(name, identity: "log:\(path)", ordering: .fifo)
    log = try Log(path)
  }

  var outline: Outline { Outline(leaf: leaf!, kind: "LogDriver", capabilities: .basic) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { try await log.record(of: key) }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    let stored = try? await log.record(of: key)
    try await log.append(Line(kind: key.kind.rawValue, name: key.name, record: Data(record.encoded(for: key))))
    return Receipt(storing: record, over: stored)
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    guard try await log.record(of: key) != nil else { return Receipt(.alreadyAbsent) }
    try await log.append(Line(kind: key.kind.rawValue, name: key.name))
    return Receipt(.deleted)
  }
}
