public import MetaDriver
import MetaDriverTesting
private import Synchronization

/// A clock on which nobody waits: a task that sleeps moves the clock to where it would wake, and goes on.
///
/// ```swift
/// let clock = LeapingClock()
/// try await driver.get("k", in: Context(.leaping(clock)))
/// clock.elapsed                                    // how long all of its pauses would have taken
/// ```
///
/// It is for code that only pauses. Where a sleeper races with something else, as a limit does, the sleeper always wins.
public final class LeapingClock: Clock {
  /// A moment of the clock.
  public typealias Instant = ManualClock.Instant

  private let state = Mutex(Duration.zero)

  /// Makes a clock that stands at zero.
  public init() {}

  /// The time since the clock was made.
  public var elapsed: Swift.Duration { state.withLock { $0 } }
  /// The moment at which the clock stands.
  public var now: Instant { Instant(elapsed: elapsed) }
  /// A leaping clock is exact.
  public var minimumResolution: Swift.Duration { .zero }

  /// Moves the clock.
  public func advance(by duration: Swift.Duration) { state.withLock { $0 += duration } }

  /// Moves the clock to a moment, unless the task is cancelled.
  public func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
    try Task.checkCancellation()
    state.withLock { $0 = max($0, deadline.elapsed) }
  }
}

extension Runtime {
  /// A runtime in which pauses take no time: a leaping clock, a seeded source, and a wall clock that goes with the clock.
  public static func leaping(
    _ clock: LeapingClock = LeapingClock(), seed: UInt64 = 1, observer: (any Observer)? = nil
  ) -> Runtime {
    Runtime(
      clock: clock, wallClock: { .seconds(1_700_000_000) + clock.elapsed }, random: SeededGenerator(seed: seed),
      observer: observer)
  }
}
