private import Synchronization

/// Which stores have stopped answering while one piece of work goes through all keys, so that a store that hangs costs its
/// time limit a few times, and not once for each key.
final class Patience: Sendable {
  /// How many requests in a row may end with no answer in time, before a store is asked no more.
  static let limit = 3

  private let counts: Mutex<[Int: Int]> = Mutex([:])

  /// Whether a store is asked at all.
  func isExhausted(with store: Int) -> Bool { counts.withLock { $0[store, default: 0] >= Self.limit } }

  /// Takes note of how a request ended.
  func record(_ error: DriverError?, from store: Int) {
    counts.withLock { counts in
      // Later answers to earlier requests do not make up for what was missed.
      guard counts[store, default: 0] < Self.limit else { return }
      counts[store] = error?.code == .timedOut ? counts[store, default: 0] + 1 : 0
    }
  }

  /// What is said of a store that is asked no more.
  static func refusal(of operation: String) -> DriverError {
    DriverError(
      .unavailable,
      "\(operation) was not sent: \(limit) requests in a row had no answer in time, so the store is asked no more. Look after "
        + "it, then begin anew", effect: .unchanged)
  }
}
