extension Simulation {
  /// Why a simulation failed, with all that is needed to find out.
  public struct Failure: Error, CustomStringConvertible {
    /// What went wrong. New cases may come with any release, so a `switch` needs a `default`.
    public enum Cause: Sendable {
      /// The body threw.
      case thrown(any Error)
      /// Nothing could happen any more, and the body had not ended.
      case deadlock
      /// Another thread reached into the simulation, so many times.
      case escaped(count: Int)
      /// So many steps were made, and there was no end.
      case stepLimit(Int)
    }

    /// What went wrong.
    public let cause: Cause
    /// What had happened until then.
    public let report: Report
    /// Who waited for what.
    public let waiting: [String]

    init(_ cause: Cause, report: Report, waiting: [String]) {
      self.cause = cause
      self.report = report
      self.waiting = waiting
    }

    /// The seed and the cause, who waited for what, and the last lines of the trace.
    public var description: String {
      let reason =
        switch cause {
        case .thrown(let error): "\(error)"
        case .deadlock: "deadlock: nothing can happen any more, and the body has not ended"
        case .escaped(let count):
          "\(count) calls came from other threads: something was started, or slept, outside the simulation's runtimes"
        case .stepLimit(let limit): "there was no end after \(limit) steps"
        }
      var lines = [
        "seed \(report.seed) failed after \(report.steps) steps and \(report.elapsed) of virtual time: \(reason)"
      ]
      if !waiting.isEmpty { lines += ["who waits for what:"] + waiting.map { "  \($0)" } }
      if !report.trace.isEmpty { lines += ["the last of the trace:"] + report.trace.suffix(50).map { "  \($0)" } }
      return lines.joined(separator: "\n")
    }
  }
}
