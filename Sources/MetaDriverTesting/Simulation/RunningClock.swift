import MetaDriver
private import Synchronization

/// A wall clock that goes, and can be set: the same one in all lives of a process.
final class RunningClock: Sendable {
  private struct State {
    /// What it was when it was last set.
    var clock: Simulation.WallClock
    /// When it was last set, in virtual time.
    var moment: Duration
  }

  private let scheduler: Scheduler
  private let state: Mutex<State>

  init(_ clock: Simulation.WallClock, _ scheduler: Scheduler) {
    self.scheduler = scheduler
    state = Mutex(State(clock: clock, moment: .nanoseconds(scheduler.now)))
  }

  /// What it is now.
  var clock: Simulation.WallClock {
    get {
      let (state, now) = (state.withLock(\.self), Duration.nanoseconds(scheduler.now))
      // Nothing is rounded where it goes right.
      let gained = state.clock.rate == 1 ? .zero : (now - state.moment) * (state.clock.rate - 1)
      return Simulation.WallClock(ahead: state.clock.ahead + gained, rate: state.clock.rate)
    }
    set { state.withLock { $0 = State(clock: newValue, moment: .nanoseconds(scheduler.now)) } }
  }

  /// The time since 1970 that it shows now.
  var time: Duration { Simulation.World.epoch + .nanoseconds(scheduler.now) + clock.ahead }
}
