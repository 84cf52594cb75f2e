import MetaDriver

/// The clock of a simulated process: it stands still while anything can happen, and jumps to the next event.
struct SimulatedClock: Clock {
  /// A moment of the simulation.
  struct Instant: InstantProtocol {
    var nanoseconds: Int64
    func advanced(by duration: Swift.Duration) -> Instant {
      let (sum, overflows) = nanoseconds.addingReportingOverflow(duration.nanoseconds)
      return Instant(nanoseconds: overflows ? (duration < .zero ? .min : .max) : sum)
    }
    func duration(to other: Instant) -> Swift.Duration { .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds) }
    static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
  }

  let scheduler: Scheduler
  /// Whether the process that sleeps has crashed, and will never wake.
  let isForgotten: @Sendable () -> Bool

  var now: Instant { Instant(nanoseconds: scheduler.now) }
  var minimumResolution: Swift.Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
    guard await scheduler.sleep(until: deadline.nanoseconds, isForgotten: isForgotten) else {
      throw CancellationError()
    }
  }
}
