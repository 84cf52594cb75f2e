import MetaDriver
private import MetaDriverTesting
private import Synchronization

extension Benchmark {
  /// That a quorum is as fast as its k-th fastest child, here the second, by the clock on the wall and by a virtual one.
  static let quorums = [
    Benchmark("quorum read, 2 of 3: 5, 10, 20 ms") {
      let (here, child, context) = (quorum, second, Context())
      return try await Comparison().measure { count in
        for _ in 0..<count { _ = try await here.get(datum, in: context) }
      } against: { count in
        for _ in 0..<count { _ = try await child.get(datum, in: context) }
      }
    },
    Benchmark("quorum write, 2 of 3: 5, 10, 20 ms") {
      let (here, child, context) = (quorum, second, Context())
      let measured = try await Comparison().measure { count in
        for _ in 0..<count { _ = try await here.put(value, at: datum, in: context) }
      } against: { count in
        for _ in 0..<count { _ = try await child.put(value, at: datum, in: context) }
      }
      await context.runtime.drain()
      return measured
    },
    Benchmark("the same read in virtual time") {
      try virtually { _ = try await $0.get(datum, in: $1) }
    },
    Benchmark("the same write in virtual time") {
      try virtually { _ = try await $0.put(value, at: datum, in: $1) }
    },
  ]

  private static var quorum: Quorum {
    Quorum(read: 2, write: 2) {
      MemoryDriver("slow").delayed(by: .milliseconds(20))
      MemoryDriver("fast").delayed(by: .milliseconds(5))
      second
    }
  }

  private static var second: Delayed<MemoryDriver> { MemoryDriver("second").delayed(by: .milliseconds(10)) }

  private static func virtually(
    _ operation: @escaping @Sendable (any Driver, Context) async throws -> Void
  ) throws -> Measured {
    let times = try [quorum as any Driver, second].map { driver in
      let taken = Moment()
      try Simulation(seed: 1) { world in
        try await operation(driver, Context(world.process("caller").runtime))
        taken.value = world.now
      }.run()
      return taken.value / .nanoseconds(1)
    }
    return Measured(
      here: Figure(nanoseconds: times[0]), reference: Figure(nanoseconds: times[1]), ratio: times[0] / times[1])
  }
}

/// A moment that a simulation tells.
private final class Moment: Sendable {
  private let moment = Mutex(Duration.zero)
  var value: Duration {
    get { moment.withLock { $0 } }
    set { moment.withLock { $0 = newValue } }
  }
}
