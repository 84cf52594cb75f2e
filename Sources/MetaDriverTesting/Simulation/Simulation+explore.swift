extension Simulation {
  /// Runs a scenario once for each seed, until one run violates a guarantee; makes that one as small as it can be.
  ///
  /// ```swift
  /// let counterexample = try Simulation.explore(seeds: 0..<300, scenario)
  /// if let counterexample { print(counterexample) }
  /// ```
  ///
  /// - Parameters:
  ///   - seeds: The seeds, in the order in which they are tried.
  ///   - scenario: What runs.
  ///   - shrinks: Whether the first failure is made smaller, which takes up to a few thousand runs.
  /// - Returns: The smallest failure found; `nil` when every run held what it had to.
  /// - Throws: `CompositionError`, or what the tree's closure throws, when there is no tree to run.
  public static func explore(
    seeds: some Sequence<UInt64>, _ scenario: Scenario, shrinks: Bool = true
  ) throws -> Counterexample? {
    for seed in seeds {
      let trial = try scenario.run(seed: seed, keepsTrace: false)
      guard !trial.isPassed else { continue }
      let small = shrinks ? scenario.shrink(trial) : trial.script
      return Counterexample(
        scenario: scenario.name, seed: seed, original: trial.script, trial: try scenario.run(small))
    }
    return nil
  }

  /// Runs a body once for each seed, until one run fails; that one is run again with its trace.
  ///
  /// Nothing is left out of a body: what it does is its own. A ``Scenario`` can be reduced.
  ///
  /// - Parameters:
  ///   - seeds: The seeds, in the order in which they are tried.
  ///   - body: What runs.
  /// - Returns: The first failure; `nil` when there is none.
  public static func explore(
    seeds: some Sequence<UInt64>, _ body: @escaping @Sendable (World) async throws -> Void
  ) -> Failure? {
    for seed in seeds {
      do throws(Failure) { try Simulation(seed: seed, keepsTrace: false, body).run() } catch {
        // The same seed fails again, with what is needed to see why.
        do throws(Failure) { try Simulation(seed: seed, body).run() } catch { return error }
        return error
      }
    }
    return nil
  }
}
