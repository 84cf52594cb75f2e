import MetaDriver
import Testing

@testable import MetaDriverTesting

@Suite struct SimulatedClockTests {
  private typealias Instant = SimulatedClock.Instant

  @Test("Moments are nanoseconds, and do not run over") func instants() {
    let start = Instant(nanoseconds: 5)
    #expect(start.advanced(by: .microseconds(2)).nanoseconds == 2_005)
    #expect(start.advanced(by: .nanoseconds(-7)).nanoseconds == -2)
    #expect(start.advanced(by: .seconds(10_000_000_000)).nanoseconds == .max)
    #expect(Instant(nanoseconds: .max).advanced(by: .seconds(1)).nanoseconds == .max)
    #expect(Instant(nanoseconds: .min).advanced(by: .seconds(-1)).nanoseconds == .min)
    #expect(start.duration(to: Instant(nanoseconds: 12)) == .nanoseconds(7))
    #expect(
      Instant(nanoseconds: -1).duration(to: Instant(nanoseconds: .max)) == .nanoseconds(Int64.max) + .nanoseconds(1))
    #expect(start < Instant(nanoseconds: 6) && !(start < start))
  }

  @Test("Whoever sleeps for ever does not wake in this simulation") func forEver() throws {
    let error = #expect(throws: Simulation.Failure.self) {
      try Simulation(seed: 1) { world in
        let runtime = world.process("alice").runtime
        try await runtime.sleep(for: .seconds(Int64.max))
        // The last moment that there is: time has an end, and it is reached.
        #expect(world.now == .nanoseconds(Int64.max))
        world.leaf("a").faults.delay = .constant(.seconds(1))
        // Beyond the end of time everything happens at the end of time.
        _ = try await Context(runtime).put(Record([1]), at: .mutable("k"), to: world.leaf("a"))
        throw DriverError(.unavailable, "the end is reached")
      }.run()
    }
    #expect("\(try #require(error))".contains("the end is reached"))
  }
}
