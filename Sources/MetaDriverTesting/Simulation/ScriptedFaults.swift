private import Synchronization

/// What becomes of each call as a script says, or as it is drawn, and a record of it.
final class ScriptedFaults: FaultPlan {
  private struct State {
    var journeys: [FaultCall: Journey]?
    var calls: [Script.Call] = []
    var isCalm = false
  }
  private let seed: UInt64
  /// The stores that the script knows: nothing goes wrong with a client's own.
  private let stores: Set<String>
  private let state: Mutex<State>

  init(_ script: Script) {
    seed = script.seed
    stores = Set(script.stores)
    state = Mutex(
      State(
        journeys: script.calls.map { calls in
          Dictionary(calls.map { ($0.call, $0.journey) }) { first, _ in first }
        }))
  }

  /// What became of every call, in their order.
  var calls: [Script.Call] { state.withLock(\.calls) }

  /// From now on nothing goes wrong.
  func calm() { state.withLock { $0.isCalm = true } }

  func journey(of call: FaultCall, by profile: FaultProfile) -> Journey {
    guard stores.contains(call.leaf) else { return .base }
    return state.withLock { state in
      guard !state.isCalm else { return .base }
      guard let journeys = state.journeys else {
        var journey = profile.journey(of: call, seed: seed)
        // Two writes of one client are never at one moment, as they are never on a real network.
        journey.request = max(journey.request, Script.baseDelay)
        journey.reply = max(journey.reply, Script.baseDelay)
        state.calls.append(Script.Call(call: call, journey: journey))
        return journey
      }
      let journey = journeys[call] ?? .base
      state.calls.append(Script.Call(call: call, journey: journey))
      return journey
    }
  }
}

extension Journey {
  /// Nothing goes wrong, and a message takes as long as it takes at least.
  static let base = Journey(request: Script.baseDelay, reply: Script.baseDelay)
}
