private import Synchronization

/// A clock for calls to real servers: it stands still unless it is moved, and a pause on it takes real time.
///
/// ```swift
/// let clock = PatientClock()
/// let context = Context(Runtime(clock: clock), options: CallOptions(timeout: .seconds(60)))
/// clock.advance(by: .seconds(60))                  // only now is the call too late
/// ```
///
/// So no deadline passes because a machine is busy, and what a driver waits for has the time to happen.
public final class PatientClock: Clock {
  /// A moment of the clock.
  public typealias Instant = ManualClock.Instant

  private let state = Mutex(Duration.zero)

  /// Makes a clock that stands at zero.
  public init() {}

  /// The moment at which the clock stands.
  public var now: Instant { Instant(elapsed: state.withLock { $0 }) }
  /// A patient clock is exact.
  public var minimumResolution: Swift.Duration { .zero }

  /// Moves the clock.
  public func advance(by duration: Swift.Duration) { state.withLock { $0 += duration } }

  /// Waits as long as it is to the moment, which does not move the clock.
  public func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
    try await Task.sleep(for: now.duration(to: deadline))
  }
}
