private import Synchronization

/// What the plans of a purge have found, on the clock of the runtime that they were made with.
final class PurgeMemory: Sendable {
  private struct State {
    var settled: SettledTombstones
    var runtime: Runtime?
  }

  private let limit: Int
  private let seen: [PurgePlan.Tombstone]
  private let interval: Duration
  private let state: Mutex<State>

  init(limit: Int, seen: [PurgePlan.Tombstone], ago interval: Duration) {
    // Those of a plan that failed, and those of the next one.
    self.limit = limit.multipliedReportingOverflow(by: 2).overflow ? limit : 2 * limit
    (self.seen, self.interval) = (seen, interval)
    state = Mutex(State(settled: SettledTombstones(limit: self.limit)))
  }

  /// Two runtimes have two clocks, and what one says means nothing to the other: only what was seen before counts then.
  func begin(on runtime: Runtime) {
    let now = runtime.now
    state.withLock { state in
      guard state.runtime !== runtime else { return }
      state = State(settled: SettledTombstones(limit: limit), runtime: runtime)
      state.settled.take(over: seen, at: now - interval)
    }
  }

  func age(of key: Key, _ stamp: Stamp, now: Duration) -> Duration {
    state.withLock { $0.settled.age(of: key, stamp, now: now) }
  }

  func forget(_ key: Key) { state.withLock { $0.settled.forget(key) } }
  func forgetAll(but keys: Set<Key>) { state.withLock { $0.settled.forgetAll(but: keys) } }
}
