private import Synchronization

extension Scenario {
  /// Runs the scenario once, on the calling thread.
  ///
  /// - Parameters:
  ///   - seed: What happens follows from it.
  ///   - keepsTrace: Whether the trial has its trace as text, which takes time.
  /// - Returns: What happened, and what of it violates the guarantees.
  /// - Throws: `CompositionError`, or what the tree's closure throws, when there is no tree to run.
  public func run(seed: UInt64, keepsTrace: Bool = true) throws -> Trial {
    try run(script(seed: seed), keepsTrace: keepsTrace)
  }

  /// Runs a script, on the calling thread. Stores that the scenario does not name keep the newest.
  ///
  /// - Parameters:
  ///   - script: What happens.
  ///   - keepsTrace: Whether the trial has its trace as text, which takes time.
  /// - Returns: What happened, and what of it violates the guarantees.
  /// - Throws: `CompositionError`, or what the tree's closure throws, when there is no tree to run.
  public func run(_ script: Script, keepsTrace: Bool = true) throws -> Trial {
    let faults = ScriptedFaults(script)
    let recorder = ScenarioRecorder(guarantees, script)
    let problem = Mutex<(any Error)?>(nil)
    let simulation = Simulation(seed: script.seed, stepLimit: stepLimit, keepsTrace: keepsTrace, plan: faults) {
      world in
      do {
        let course = ScenarioCourse(scenario: self, script: script, world: world, recorder: recorder)
        try await course.run()
        faults.calm()
        try await ScenarioAudit(scenario: self, script: script, world: world, recorder: recorder).run()
      } catch let error as ScenarioClient.NoTree {
        problem.withLock { $0 = error.cause }
      }
    }
    var trial = Trial(script: script)
    do throws(Simulation.Failure) { trial.report = try simulation.run() } catch {
      trial.failure = error
      trial.report = error.report
    }
    if let problem = problem.withLock({ $0 }) { throw problem }
    trial.script.calls = faults.calls
    trial.history = recorder.history
    trial.violations = try trial.history.violations(of: guarantees) + recorder.violations
    return trial
  }
}
