import MetaDriver
import Synchronization

@testable import MetaDriverTesting

/// A network in which messages arrive when the test says so, and calls have the journeys that it gives.
final class ManualNetwork: Network {
  private struct State {
    var now = Duration.zero
    var messages: [(due: Duration, action: @Sendable () -> Void)] = []
    var isConnected = true
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

  func note(_ call: FaultCall, _ journey: Journey, _ what: @autoclosure () -> String) {
    let text = "\(call.operation) \(call.number): \(what())"
    state.withLock { $0.notes.append(text) }
  }
}
