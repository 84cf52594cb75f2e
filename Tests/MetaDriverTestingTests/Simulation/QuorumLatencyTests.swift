import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct QuorumLatencyTests {
  // A22, R7: the k-th fastest child, to the nanosecond.
  @Test("A quorum takes as long as its k-th fastest child, exactly", arguments: 1...5)
  func orderStatistic(count: Int) async throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    try await apart {
      var generator = SeededGenerator(seed: seed)
      for needed in 1...count {
        for _ in 0..<20 {
          let delays = (0..<count).map { _ in
            Duration.nanoseconds(Int64.random(in: 1...1_000_000_000, using: &generator))
          }
          let expected = delays.sorted()[needed - 1] * 2
          try Simulation(seed: seed) { world in
            let leaves = delays.indices.map { world.leaf("\($0)") }
            for (leaf, delay) in zip(leaves, delays) { leaf.faults.delay = .constant(delay) }
            let tree = Quorum(
              read: .exactly(needed), write: .exactly(needed), repair: .off, sloppy: 2 * needed <= count
            ) { for leaf in leaves { leaf } }
            let process = world.process("client")
            try await process.perform {
              let context = Context(process.runtime)
              var start = world.now
              _ = try await context.put(Record([1]), at: "k", to: tree)
              #expect(world.now - start == expected, "put, \(needed) of \(delays), seed \(seed)")
              await process.runtime.drain()
              start = world.now
              _ = try await context.get("k", from: tree)
              #expect(world.now - start == expected, "get, \(needed) of \(delays), seed \(seed)")
            }
          }.run()
        }
      }
    }
  }
}
