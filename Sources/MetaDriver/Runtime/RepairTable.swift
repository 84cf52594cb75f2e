private import Synchronization

/// The keys that are under repair at one node: each once, and not too many at a time.
final class RepairTable: Sendable {
  static let capacity = 256
  private let keys = Mutex<Set<Key>>([])

  enum Entry { case go, underWay, full }

  /// Takes note of a repair that begins, if it may.
  func begin(_ key: Key) -> Entry {
    keys.withLock { keys in
      if keys.contains(key) { return .underWay }
      guard keys.count < Self.capacity else { return .full }
      keys.insert(key)
      return .go
    }
  }

  func end(_ key: Key) { keys.withLock { _ = $0.remove(key) } }
}
