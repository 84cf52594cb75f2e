import MetaDriver
private import Synchronization

/// The store of a ``Faulty``, which all its handles share: what is stored, what goes wrong, and which calls were made.
final class FaultySite: Sendable {
  private struct State {
    var store: FaultyStore
    var faults: FaultProfile
    var isDown = false
    /// Counts crashes: what began in another life is lost.
    var life = 0
    var counts = FaultCall.Counts()
  }

  let name: String
  let domain: String?
  private let seed: UInt64
  private let network: (any Network)?
  private let state: Mutex<State>

  init(
    _ name: String, ordering: PutOrdering, domain: String?, seed: UInt64, faults: FaultProfile,
    network: (any Network)?
  ) {
    self.name = name
    self.domain = domain
    self.seed = seed
    self.network = network
    state = Mutex(State(store: FaultyStore(ordering), faults: faults))
  }

  var faults: FaultProfile {
    get { state.withLock(\.faults) }
    set { state.withLock { $0.faults = newValue } }
  }

  var isDown: Bool {
    get { state.withLock(\.isDown) }
    set { state.withLock { $0.isDown = newValue } }
  }

  var contents: [Key: Record] { state.withLock(\.store.contents) }

  func crash() {
    state.withLock { state in
      state.life += 1
      state.store.crash()
    }
  }

  func wipe() {
    state.withLock { state in
      state.life += 1
      state.store.wipe()
    }
  }

  // MARK: Calls

  /// What a call does at the store.
  typealias Action<Answer> = @Sendable (inout FaultyStore, inout FaultyStore.Mishap) throws(DriverError) -> Answer

  /// Takes note of a call, and draws what becomes of it.
  func passage(_ operation: Event.Operation, _ context: Context) -> Passage {
    let (call, faults, life) = state.withLock { state in
      (
        state.counts.next(leaf: name, step: context.hints[StepHint.self], operation: operation), state.faults,
        state.life
      )
    }
    let network = network ?? RuntimeNetwork(runtime: context.runtime, seed: seed)
    return Passage(
      site: self, network: network, runtime: context.runtime, call: call,
      journey: network.journey(of: call, by: faults), life: life)
  }

  /// Whether the store is the one to which a call of this life was made, and not one that crashed since.
  func lives(_ life: Int) -> Bool { state.withLock { $0.life == life } }

  /// Carries out a call whose request has arrived.
  ///
  /// - Returns: What to answer; `nil` when the call is never answered.
  func perform<Answer>(_ passage: Passage, _ action: Action<Answer>) -> Result<Answer, DriverError>? {
    let call = passage.call
    let fault = passage.journey.fault.flatMap { $0.kind.applies(to: call.operation) ? $0 : nil }
    let (reply, later) = state.withLock { state -> (Result<Answer, DriverError>?, [(id: Int, delay: Duration)]) in
      guard state.life == passage.life else { return (nil, []) }
      state.store.durability = state.faults.durability
      let effect: DriverError.Effect = call.operation.isWrite ? .unknown : .unchanged
      func failure(_ code: DriverError.Code, _ reason: String, _ effect: DriverError.Effect) -> DriverError {
        DriverError(
          code, "injected: \(name) \(reason)", effect: effect, retryAfter: code == .throttled ? .seconds(1) : nil)
      }
      func take() -> Result<Answer, DriverError> {
        var mishap = FaultyStore.Mishap(fault: fault, random: call.generator(seed: ~seed))
        do throws(DriverError) { return .success(try action(&state.store, &mishap)) } catch { return .failure(error) }
      }
      guard !state.isDown else { return (.failure(failure(.unavailable, "is down", .unchanged)), []) }
      let reply: Result<Answer, DriverError>?
      switch fault {
      case .refused: reply = .failure(failure(.unavailable, "refuses the call", .unchanged))
      case .throttled: reply = .failure(failure(.throttled, "asks to be left alone for a second", .unchanged))
      case .full: reply = .failure(failure(.noSpace, "is full", .unchanged))
      case .hang: reply = nil
      case .lostReply:
        _ = take()
        reply = nil
      case .failedAfterEffect:
        _ = take()
        reply = .failure(failure(.unavailable, "failed after it had done what was asked", effect))
      default: reply = take()
      }
      return (reply, state.store.takeLater())
    }
    carryOut(later, for: passage)
    return reply
  }

  private func carryOut(_ later: [(id: Int, delay: Duration)], for passage: Passage) {
    for (id, delay) in later {
      passage.network.after(delay) { [self] in
        let (event, later) = state.withLock { state in
          let event = state.store.carryOut(id)
          return (event, state.store.takeLater())
        }
        if let event { passage.network.note(passage.call, passage.journey, event) }
        carryOut(later, for: passage)
      }
    }
  }
}
