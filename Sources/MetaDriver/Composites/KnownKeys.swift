private import Synchronization

/// The keys whose newest copy this process has asked for, the last ones.
///
/// From then on its clock is above everything that was acknowledged of them, as long as no other process writes.
final class KnownKeys: Sendable {
  /// How many keys are remembered; one that was forgotten is asked for again.
  static let capacity = 16_384

  private struct State {
    var keys: Set<Key> = []
    var order: [Key] = []
    var next = 0
  }
  private let state = Mutex(State())

  func contains(_ key: Key) -> Bool { state.withLock { $0.keys.contains(key) } }

  func insert(_ key: Key) {
    state.withLock { state in
      guard state.keys.insert(key).inserted else { return }
      guard state.order.count == Self.capacity else { return state.order.append(key) }
      state.keys.remove(state.order[state.next])
      state.order[state.next] = key
      state.next = (state.next + 1) % Self.capacity
    }
  }
}
