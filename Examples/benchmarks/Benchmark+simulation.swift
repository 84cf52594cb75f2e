private import MetaDriver
private import MetaDriverTesting

extension Benchmark {
  /// How fast simulations run.
  static let simulations = [
    Benchmark("simulator, a step of sleeping tasks") {
      try perStep(repetitions: 9) {
        Simulation(seed: 1, keepsTrace: false) { world in
          try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 1...100 {
              let runtime = world.process("\(task)").runtime
              group.addTask { for _ in 0..<1_000 { try await runtime.sleep(for: .microseconds(task)) } }
            }
            try await group.waitForAll()
          }
        }
      }
    },
    Benchmark("simulator, a step of a quorum's calls") {
      try perStep(repetitions: 9) {
        Simulation(seed: 1, keepsTrace: false) { world in
          let process = world.process("caller")
          let quorum = Quorum(read: 2, write: 2) { for name in ["a", "b", "c"] { process.leaf(name) } }
          for name in ["a", "b", "c"] { world.leaf(name).faults.delay = .exponential(mean: .milliseconds(5)) }
          let context = Context(process.runtime)
          for _ in 0..<2_000 {
            _ = try await quorum.put(value, at: datum, in: context)
            _ = try await quorum.get(datum, in: context)
          }
        }
      }
    },
    Benchmark("simulator, 24 h of back-off") {
      let simulation = Simulation(seed: 1, keepsTrace: false) { world in
        let runtime = world.process("caller").runtime
        var pause: Duration = .milliseconds(100)
        while world.now < .seconds(24 * 3_600) {
          try await runtime.sleep(for: pause)
          pause = min(pause * 2, .seconds(30))
        }
      }
      return Measured(here: Figure(nanoseconds: try fastest(of: 9) { try simulation.run() }.0))
    },
  ]

  /// The nanoseconds of a step, where nothing else disturbed it.
  private static func perStep(repetitions: Int, _ make: () -> Simulation) throws -> Measured {
    let simulation = make()
    let (nanoseconds, report) = try fastest(of: repetitions) { try simulation.run() }
    return Measured(here: Figure(nanoseconds: nanoseconds / Double(report.steps)))
  }

  /// The shortest of several runs: one thread does all the work, so that what is longer was disturbed.
  private static func fastest<Answer>(of repetitions: Int, _ run: () throws -> Answer) throws -> (Double, Answer) {
    var best: (Double, Answer)?
    for _ in 0..<repetitions {
      let start = ContinuousClock.now
      let answer = try run()
      let nanoseconds = (ContinuousClock.now - start) / .nanoseconds(1)
      if best.map({ nanoseconds < $0.0 }) ?? true { best = (nanoseconds, answer) }
    }
    guard let best else { preconditionFailure("nothing was run") }
    return best
  }
}
