import MetaDriver

/// What lies between a caller and a store: real time, or a simulation's.
protocol Network: Sendable {
  /// What becomes of a call; the same answer for the same call.
  func journey(of call: FaultCall, by profile: FaultProfile) -> Journey

  /// Does something later, whether or not anybody waits for it. Not before `after` has returned.
  func after(_ delay: Duration, _ action: @escaping @Sendable () -> Void)

  /// Whether a message gets through between a process, known by its runtime, and a store. Asked when the request
  /// arrives and when the reply does.
  func connects(_ process: Runtime, to leaf: String) -> Bool

  /// Takes note of what happened at a store, for the trace.
  func note(_ call: FaultCall, _ journey: Journey, _ what: @autoclosure () -> String)
}
