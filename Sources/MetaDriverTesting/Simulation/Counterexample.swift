/// A run that violates what a scenario had to guarantee, as small as it could be made.
public struct Counterexample: Sendable {
  /// What the scenario is called.
  public let scenario: String
  /// The seed with which it was found.
  public let seed: UInt64
  /// What was done before anything was left out.
  public let original: Script
  /// The small run: its script, its history, and what is wrong with it.
  public let trial: Trial
}

extension Counterexample: CustomStringConvertible {
  /// What is wrong, how it was found and made smaller, and all of the small run.
  public var description: String {
    """
    \(scenario), seed \(seed): \(original.size) made into \(trial.script.size)
    \(trial)
    """
  }
}
