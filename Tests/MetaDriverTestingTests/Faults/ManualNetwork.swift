import MetaDriver
import Synchronization

@testable import MetaDriverTesting

/// A network in which messages arrive when the test says so, and calls have the journeys that it gives.
final class ManualNetwork: Network {
  private struct State {
    var now = Duration.zero
    var messages: [(due: Duration, action: @Sendable () -> Void)] = []
    var isConnected = true
    var isRunning = true
    var waits: [(number: Int, call: FaultCall, abandon: @Sendable () -> Void)] = []
    var lastWait = 0
    var notes: [String] = []
  }
  private let state = Mutex(State())
  private let plan: @Sendable (FaultCall, FaultProfile) -> Journey

  init(_ plan: @escaping @Sendable (FaultCall, FaultProfile) -> Journey = { $1.journey(of: $0, seed: 1) }) {
    self.plan = plan
  }

  /// All calls have this journey.
  convenience init(_ journey: Journey) { self.init { _, _ in journey } }

  var isConnected: Bool {
    get { state.withLock(\.isConnected) }
    set { state.withLock { $0.isConnected = newValue } }
  }

  /// Whether the callers' process runs.
  var isRunning: Bool {
    get { state.withLock(\.isRunning) }
    set { state.withLock { $0.isRunning = newValue } }
  }

  /// Whose callers wait.
  var waiting: [String] { state.withLock { $0.waits.map { "\($0.call)" } } }

  /// Answers every caller that it was cancelled.
  func abandon() { for wait in state.withLock(\.waits) { wait.abandon() } }

  var notes: [String] { state.withLock(\.notes) }
  var messageCount: Int { state.withLock(\.messages.count) }

  /// Lets time pass, and messages arrive in their order.
  func advance(by duration: Duration) {
    let end = state.withLock { $0.now + duration }
    while true {
      let next = state.withLock { state -> (@Sendable () -> Void)? in
        guard let due = state.messages.map(\.due).min(), due <= end,
          let index = state.messages.firstIndex(where: { $0.due == due })
        else { return nil }
        state.now = due
        return state.messages.remove(at: index).action
      }
      guard let next else { break }
      next()
    }
    state.withLock { $0.now = end }
  }

  func journey(of call: FaultCall, by profile: FaultProfile) -> Journey { plan(call, profile) }

  func after(_ delay: Duration, _ action: @escaping @Sendable () -> Void) {
    state.withLock { $0.messages.append(($0.now + delay, action)) }
  }

  func connects(_ process: Runtime, to leaf: String) -> Bool { isConnected }

  func runs(_ process: Runtime) -> Bool { isRunning }

  func beginWait(_ call: FaultCall, abandon: @escaping @Sendable () -> Void) -> Int {
    state.withLock { state in
      state.lastWait += 1
      state.waits.append((state.lastWait, call, abandon))
      return state.lastWait
    }
  }

  func endWait(_ number: Int) { state.withLock { $0.waits.removeAll { $0.number == number } } }

  func note(_ call: FaultCall, _ journey: Journey, _ what: @autoclosure () -> String) {
    let text = "\(call.operation) \(call.number): \(what())"
    state.withLock { $0.notes.append(text) }
  }
}
