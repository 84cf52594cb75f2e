private import Synchronization

/// How far the writes of one record to the children of a node are: what a journal must know of those that still run when
/// the record is noted for them.
final class ChildWrites: Sendable {
  /// The write to one child.
  struct Write: Sendable {
    fileprivate let writes: ChildWrites
    fileprivate let index: Int

    /// Whether the child has the record.
    var hasArrived: Bool {
      if case .success = writes.ended.withLock({ $0[index] }) { true } else { false }
    }
    /// Why the write failed, when it has.
    var failure: DriverError? {
      if case .failure(let error) = writes.ended.withLock({ $0[index] }) { error } else { nil }
    }
  }

  private let ended = Mutex<[Int: Result<Void, DriverError>]>([:])

  func end(_ index: Int, _ result: Result<Void, DriverError>) { ended.withLock { $0[index] = result } }

  func write(to index: Int) -> Write { Write(writes: self, index: index) }
}
