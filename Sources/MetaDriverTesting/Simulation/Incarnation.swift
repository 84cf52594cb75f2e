import MetaDriver
private import Synchronization

/// One life of a process.
final class Incarnation: Sendable {
  let name: String
  let number: Int
  private let running = Atomic(true)

  private init(_ name: String, _ number: Int) {
    self.name = name
    self.number = number
  }

  var isRunning: Bool { running.load(ordering: .relaxed) }

  func stop() { running.store(false, ordering: .relaxed) }

  /// A new life, and the runtime of what runs in it.
  static func make(
    _ name: String, _ number: Int, clock: RunningClock, observer: (any Observer)?, in world: Simulation.World
  ) -> (Incarnation, Runtime) {
    let incarnation = Incarnation(name, number)
    let scheduler = world.scheduler
    var mixed = SimulationTrace(keepsLines: false)
    mixed.mix(world.seed, UInt64(number))
    mixed.mix(name)
    let runtime = Runtime(
      clock: SimulatedClock(scheduler: scheduler) { !incarnation.isRunning }, wallClock: { clock.time },
      random: SeededGenerator(seed: mixed.hash), executor: scheduler, observer: observer)
    world.register(incarnation, runtime: runtime)
    return (incarnation, runtime)
  }
}
