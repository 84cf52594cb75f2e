extension Simulation {
  /// What happened in a simulation.
  public struct Report: Sendable, CustomStringConvertible {
    /// What everything random followed from.
    public let seed: UInt64
    /// The virtual time it took.
    public let elapsed: Duration
    /// How many jobs and events ran.
    public let steps: Int
    /// The whole course of events as one number: equal for equal courses.
    public let traceHash: UInt64
    /// The last 1,000 lines of the trace; empty when it was not kept.
    public let trace: [String]

    /// A line for each of the trace, and a summary.
    public var description: String {
      (trace + ["seed \(seed): \(steps) steps in \(elapsed) of virtual time"]).joined(separator: "\n")
    }
  }
}
