import MetaDriver
import MetaDriverTesting
private import Synchronization

/// A store that counts the requests of one process, also those of repairs and of what leaves that do not compare are asked
/// before they are written.
struct CountedStore: Driver {
  /// How many there were.
  final class Counter: Sendable {
    private let number = Mutex(0)
    var count: Int { number.withLock(\.self) }
    func reset() { number.withLock { $0 = 0 } }
    fileprivate func add() { number.withLock { $0 += 1 } }
  }

  let base: Faulty
  let counter: Counter

  var leaf: Leaf? { base.leaf }
  var outline: Outline { base.outline }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    counter.add()
    return try await base.get(key, in: context)
  }

  func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    counter.add()
    return try await base.stat(key, in: context)
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    counter.add()
    return try await base.put(record, at: key, in: context)
  }

  func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    counter.add()
    return try await base.put(record, at: key, if: condition, in: context)
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    counter.add()
    return try await base.delete(key, proof: proof, in: context)
  }
}
