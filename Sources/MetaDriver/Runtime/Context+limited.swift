/// The one answer of an operation under a time limit. Pure.
private struct SingleTally<Answer: Sendable>: Tally {
  private(set) var result: Result<Answer, DriverError>?
  var isDecided: Bool { result != nil }
  mutating func record(_ result: Result<Answer, DriverError>, from index: Int) { self.result = result }
}

extension Context {
  /// Runs an operation, and answers no later than this context's deadline, even if the operation ignores cancellation.
  func limited<Answer: Sendable>(
    _ operation: @autoclosure () -> String, limit: Duration, isWrite: Bool, stragglers: Stragglers,
    _ body: @escaping @Sendable (Context) async throws(DriverError) -> Answer
  ) async throws(DriverError) -> Answer {
    let caller = isWrite ? Caller(of: self.caller) : nil
    let inner = caller.map(called) ?? self
    let (tally, ending) = await FanOut.run(
      SingleTally<Answer>(), over: [0], on: runtime, stragglers: stragglers,
      losers: isWrite ? .continued : .cancelled, isWrite: isWrite, deadline: deadline
    ) { _ throws(DriverError) in try await body(inner) }
    if let result = tally.result { return try result.get() }
    caller?.leave()
    let effect: DriverError.Effect = isWrite ? .unknown : .unchanged
    switch ending {
    case .timedOut:
      throw DriverError(
        .timedOut,
        "\(operation()) had no answer within \(limit)"
          + (isWrite ? "; it may take effect all the same" : ""), effect: effect)
    default:
      throw DriverError(
        .cancelled, "the caller of \(operation()) was cancelled" + (isWrite ? "; the write under way goes on" : ""),
        effect: effect)
    }
  }
}
