private import Synchronization

/// Counts, for each child of a node, the operations that outlived their callers, so that a child that hangs is left
/// alone before it has collected too many.
final class Stragglers: Sendable {
  private let counts: Mutex<[Int]>
  /// The sum, so that a node without stragglers takes no lock.
  private let total = Atomic(0)

  init(children: Int) { counts = Mutex(Array(repeating: 0, count: children)) }

  /// Why a child is not asked, if it is not.
  func refusal(at index: Int, limit: Int) -> DriverError? {
    guard total.load(ordering: .relaxed) >= limit else { return nil }
    let count = counts.withLock { $0[index] }
    guard count >= limit else { return nil }
    return DriverError(
      .throttled,
      "\(count) earlier operations still run here after their callers were answered, the limit is \(limit); "
        + "this one was not begun")
  }

  func add(_ indices: [Int]) {
    counts.withLock { for index in indices { $0[index] += 1 } }
    total.add(indices.count, ordering: .relaxed)
  }

  func remove(_ index: Int) {
    counts.withLock { $0[index] -= 1 }
    total.subtract(1, ordering: .relaxed)
  }
}
