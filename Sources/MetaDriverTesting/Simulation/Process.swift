public import MetaDriver
private import Synchronization

extension Simulation {
  /// A process that uses the stores of a world: it has a runtime of its own, can crash, and can start again.
  ///
  /// ```swift
  /// let alice = world.process("alice")
  /// let found = try await alice.perform { try await alice.leaf("eu").get("alice/profile") }
  /// show(found as Any)
  /// alice.crash()                                   // whatever runs there never goes on
  /// alice.restart()                                 // a new runtime, and an empty memory
  /// ```
  public final class Process: Sendable {
    private struct State {
      var incarnation: Incarnation
      var runtime: Runtime
      /// Tells those who wait for something in the process that it crashed.
      var promises: [Int: @Sendable () -> Void] = [:]
      var lastPromise = 0
    }

    /// What it is called in reports.
    public let name: String
    /// How far its wall clock is ahead of the others', or behind.
    public let skew: Duration
    unowned let world: World
    private let state: Mutex<State>

    init(_ name: String, skew: Duration, in world: World) {
      self.name = name
      self.skew = skew
      self.world = world
      let (incarnation, runtime) = Incarnation.make(name, 1, skew: skew, in: world)
      state = Mutex(State(incarnation: incarnation, runtime: runtime))
    }

    /// The runtime of what runs in the process now; another one after each restart.
    public var runtime: Runtime { state.withLock(\.runtime) }
    /// Whether it runs.
    public var isRunning: Bool { state.withLock(\.incarnation).isRunning }
    /// How many times it was started.
    public var incarnation: Int { state.withLock(\.incarnation).number }

    /// One of the world's stores, as this process sees it.
    public func leaf(_ name: String) -> Faulty { world.leaf(name).handle() }

    /// Runs something in the process.
    ///
    /// - Parameters:
    ///   - name: What it is called when a report says who waits.
    ///   - body: What runs.
    /// - Returns: Its answer; `nil` when the process crashed, or was not running.
    /// - Throws: What it throws.
    public func perform<Answer: Sendable>(
      _ name: String = "a task", _ body: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer? {
      guard isRunning else { return nil }
      let task = world.beginTask("\(self.name): \(name)")
      defer { world.endTask(task) }
      let promise = Promise<Answer>()
      let number = state.withLock { state in
        state.lastPromise += 1
        state.promises[state.lastPromise] = { promise.fulfil(nil) }
        return state.lastPromise
      }
      Task(executorPreference: world.scheduler) { [self] in
        let result: Result<Answer, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        guard state.withLock({ $0.promises.removeValue(forKey: number) }) != nil else { return }
        promise.fulfil(result)
      }
      return try await promise.result?.get()
    }

    /// Stops everything that runs in the process, at once and for ever. Messages that it has sent still arrive.
    public func crash() {
      world.note("\(name) crashes")
      stop()
    }

    /// Starts the process again, with an empty memory. A process that runs crashes first.
    public func restart() {
      if isRunning { crash() }
      world.note("\(name) starts again")
      let number = incarnation + 1
      let (incarnation, runtime) = Incarnation.make(name, number, skew: skew, in: world)
      state.withLock { state in
        state.incarnation = incarnation
        state.runtime = runtime
      }
    }

    /// Lets go of whoever waits, because the simulation ends.
    func end() { stop() }

    private func stop() {
      let promises = state.withLock { state in
        state.incarnation.stop()
        defer { state.promises = [:] }
        return state.promises.sorted { $0.key < $1.key }.map(\.value)
      }
      for promise in promises { promise() }
    }
  }
}

/// The answer of something that runs in a process.
private final class Promise<Answer: Sendable>: Sendable {
  private struct State {
    var isFulfilled = false
    var result: Result<Answer, any Error>?
    var caller: CheckedContinuation<Void, Never>?
  }
  private let state = Mutex(State())

  /// Gives the answer: `nil` when the process crashed.
  func fulfil(_ result: Result<Answer, any Error>?) {
    let caller = state.withLock { state in
      state.isFulfilled = true
      state.result = result
      defer { state.caller = nil }
      return state.caller
    }
    caller?.resume()
  }

  /// The answer, when it is there.
  var result: Result<Answer, any Error>? {
    get async {
      await withCheckedContinuation { caller in
        let isThere = state.withLock { state in
          if !state.isFulfilled { state.caller = caller }
          return state.isFulfilled
        }
        if isThere { caller.resume() }
      }
      return state.withLock(\.result)
    }
  }
}

/// One life of a process.
final class Incarnation: Sendable {
  let name: String
  let number: Int
  private let running = Atomic(true)

  private init(_ name: String, _ number: Int) {
    self.name = name
    self.number = number
  }

  var isRunning: Bool { running.load(ordering: .relaxed) }

  func stop() { running.store(false, ordering: .relaxed) }

  /// A new life, and the runtime of what runs in it.
  static func make(
    _ name: String, _ number: Int, skew: Duration, in world: Simulation.World
  ) -> (Incarnation, Runtime) {
    let incarnation = Incarnation(name, number)
    let scheduler = world.scheduler
    var mixed = SimulationTrace(keepsLines: false)
    mixed.mix(world.seed, UInt64(number))
    mixed.mix(name)
    let clock = SimulatedClock(scheduler: scheduler) { !incarnation.isRunning }
    let runtime = Runtime(
      clock: clock, wallClock: { Simulation.World.epoch + skew + .nanoseconds(scheduler.now) },
      random: SeededGenerator(seed: mixed.hash), executor: scheduler)
    world.register(incarnation, runtime: runtime)
    return (incarnation, runtime)
  }
}
