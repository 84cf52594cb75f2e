import MetaDriver

/// What lies between a caller and a store: real time, or a simulation's.
protocol Network: Sendable {
  /// What becomes of a call; the same answer for the same call.
  func journey(of call: FaultCall, by profile: FaultProfile) -> Journey

  /// Does something later, whether or not anybody waits for it. Not before `after` has returned.
  func after(_ delay: Duration, _ action: @escaping @Sendable () -> Void)

  /// Lets a call through: at once, unless there have been so many that there seems to be no end.
  func pass() async

  /// Whether a message gets through between a process, known by its runtime, and a store. Asked when the request
  /// arrives and when the reply does.
  func connects(_ process: Runtime, to leaf: String) -> Bool

  /// Whether a process still runs. One that does not sends no request and takes no reply; what it had sent before
  /// arrives.
  func runs(_ process: Runtime) -> Bool

  /// Takes note of a caller that waits.
  ///
  /// - Parameter abandon: Answers it that it was cancelled, which happens when there is nothing left to wait for. Not before
  ///   `beginWait` has returned.
  /// - Returns: The number to call ``endWait(_:)`` with.
  func beginWait(_ call: FaultCall, abandon: @escaping @Sendable () -> Void) -> Int

  /// Takes note of a caller that waits no longer.
  func endWait(_ number: Int)

  /// Takes note of what happened at a store, for the trace.
  func note(_ call: FaultCall, _ journey: Journey, _ what: @autoclosure () -> String)
}

/// A network whose processes run for as long as anybody calls from them.
extension Network {
  func pass() async {}
  func runs(_ process: Runtime) -> Bool { true }
  func beginWait(_ call: FaultCall, abandon: @escaping @Sendable () -> Void) -> Int { 0 }
  func endWait(_ number: Int) {}
}
