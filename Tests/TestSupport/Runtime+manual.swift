public import MetaDriver
import MetaDriverTesting

extension Runtime {
  /// A runtime in which nothing happens by itself: a manual clock, a seeded source, and a wall clock that stood at
  /// `wallStart` when the manual clock stood at zero.
  public static func manual(
    _ clock: ManualClock = ManualClock(), wallStart: Duration = .seconds(1_700_000_000), seed: UInt64 = 1,
    executor: (any TaskExecutor)? = nil, observer: (any Observer)? = nil, backgroundLimit: Int = 1_024
  ) -> Runtime {
    Runtime(
      clock: clock, wallClock: { wallStart + clock.elapsed }, random: SeededGenerator(seed: seed), executor: executor,
      observer: observer, backgroundLimit: backgroundLimit)
  }
}
