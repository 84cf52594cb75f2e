import MetaDriver

/// The network of leaves that are given none: the clock and the tasks of the caller's runtime, always connected.
struct RuntimeNetwork: Network {
  let runtime: Runtime
  let seed: UInt64

  func journey(of call: FaultCall, by profile: FaultProfile) -> Journey { profile.journey(of: call, seed: seed) }

  func after(_ delay: Duration, _ action: @escaping @Sendable () -> Void) {
    let moment = runtime.now + delay
    runtime.start { [runtime] in
      // Nobody cancels the task, and a clock that fails to wake it at its time is no reason to lose a message.
      do throws(DriverError) { try await runtime.sleep(until: moment) } catch {}
      action()
    }
  }

  func connects(_ process: Runtime, to leaf: String) -> Bool { true }

  func note(_ call: FaultCall, _ journey: Journey, _ what: @autoclosure () -> String) {}
}
