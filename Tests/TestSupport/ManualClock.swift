import MetaDriverTesting
private import Synchronization

/// A clock that moves only when it is told to.
///
/// ```swift
/// let clock = ManualClock()
/// let task = Task { try await clock.sleep(for: .seconds(5)) }
/// await clock.waitForSleepers()                    // the task is asleep for certain
/// clock.advance(by: .seconds(5))                   // and is woken
/// ```
public final class ManualClock: Clock {
  /// A moment of a manual clock.
  public struct Instant: InstantProtocol {
    /// The time since the clock was made.
    public var elapsed: Swift.Duration

    /// Moves the moment.
    public func advanced(by duration: Swift.Duration) -> Instant { Instant(elapsed: elapsed + duration) }
    /// The time between two moments.
    public func duration(to other: Instant) -> Swift.Duration { other.elapsed - elapsed }
    /// Whether this moment is the earlier one.
    public static func < (left: Instant, right: Instant) -> Bool { left.elapsed < right.elapsed }
  }

  private struct State {
    var now = Swift.Duration.zero
    var sleepers: [Int: (until: Swift.Duration, continuation: CheckedContinuation<Bool, Never>)] = [:]
    var lastSleeper = 0
  }
  private let state = Mutex(State())
  private let asleep = Counter()

  /// Makes a clock that stands at zero.
  public init() {}

  /// The time since the clock was made.
  public var elapsed: Swift.Duration { state.withLock(\.now) }
  /// The moment at which the clock stands.
  public var now: Instant { Instant(elapsed: elapsed) }
  /// A manual clock is exact.
  public var minimumResolution: Swift.Duration { .zero }
  /// How many tasks sleep on the clock.
  public var sleeperCount: Int { asleep.value }

  /// Sleeps until the clock was moved far enough.
  public func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
    let id = state.withLock { state in
      state.lastSleeper += 1
      return state.lastSleeper
    }
    let isWoken = await withTaskCancellationHandler {
      await withCheckedContinuation { sleeper in
        let answer: Bool? = state.withLock { state in
          if Task.isCancelled { return false }
          if state.now >= deadline.elapsed { return true }
          state.sleepers[id] = (deadline.elapsed, sleeper)
          return nil
        }
        if let answer { sleeper.resume(returning: answer) } else { asleep.add(1) }
      }
    } onCancel: {
      guard let sleeper = state.withLock({ $0.sleepers.removeValue(forKey: id) }) else { return }
      asleep.add(-1)
      sleeper.continuation.resume(returning: false)
    }
    if !isWoken { throw CancellationError() }
  }

  /// Moves the clock, and wakes whoever slept long enough, the earliest first.
  public func advance(by duration: Swift.Duration) { advance(to: elapsed + duration) }

  /// Moves the clock to the moment at which the first sleeper wakes. Does nothing when nobody sleeps.
  public func advanceToNextSleeper() {
    if let next = state.withLock({ $0.sleepers.values.map(\.until).min() }) { advance(to: next) }
  }

  /// Moves the clock to a time since it was made. It never moves back.
  public func advance(to moment: Swift.Duration) {
    let woken = state.withLock { state in
      state.now = max(state.now, moment)
      let due = state.sleepers.filter { $0.value.until <= state.now }
      for id in due.keys { state.sleepers[id] = nil }
      return due.sorted { ($0.value.until, $0.key) < ($1.value.until, $1.key) }.map(\.value.continuation)
    }
    asleep.add(-woken.count)
    for sleeper in woken { sleeper.resume(returning: true) }
  }

  /// Waits until at least so many tasks sleep on the clock.
  public func waitForSleepers(_ count: Int = 1) async { await asleep.wait(for: count) }
}
