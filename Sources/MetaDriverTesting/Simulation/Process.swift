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
      /// The stores as the present life sees them.
      var leaves: [(name: String, leaf: Faulty)] = []
      /// What runs in the process for somebody outside.
      var errands: [Int: Errand] = [:]
      var lastErrand = 0
    }

    /// Something that runs in the process, and somebody who waits for it.
    private struct Errand {
      /// Tells whoever waits that the process crashed; `nil` when it did.
      var fail: (@Sendable () -> Void)?
      /// `nil` until the task is made.
      var task: Task<Void, Never>?
    }

    /// What it is called in reports.
    public let name: String
    unowned let world: World
    private let observer: (any Observer)?
    private let clock: RunningClock
    private let state: Mutex<State>

    init(_ name: String, clock: WallClock, observer: (any Observer)?, in world: World) {
      self.name = name
      self.observer = observer
      self.world = world
      self.clock = RunningClock(clock, world.scheduler)
      let (incarnation, runtime) = Incarnation.make(name, 1, clock: self.clock, observer: observer, in: world)
      state = Mutex(State(incarnation: incarnation, runtime: runtime))
    }

    /// The runtime of what runs in the process now; another one after each restart.
    public var runtime: Runtime { state.withLock(\.runtime) }
    /// Whether it runs.
    public var isRunning: Bool { state.withLock(\.incarnation).isRunning }
    /// How many times it was started.
    public var incarnation: Int { state.withLock(\.incarnation).number }

    /// What its wall clock is now. It goes on while the process does not run, and nothing but what is told the wall time
    /// sees it: time passes in the process as it does in the world.
    public var wallClock: WallClock {
      get { clock.clock }
      set {
        clock.clock = newValue
        world.note("the clock of \(name) is \(newValue)")
      }
    }

    /// Sets its wall clock forward, or back, as somebody does who finds it wrong.
    public func setClock(by change: Duration) {
      clock.clock.ahead += change
      world.note("the clock of \(name) is set by \(change.signedText)")
    }

    /// One of the world's stores, as this process sees it: in each of its lives one value, so that all trees of the
    /// process take turns there.
    public func leaf(_ name: String) -> Faulty {
      if let known = state.withLock({ state in state.leaves.first { $0.name == name }?.leaf }) { return known }
      let made = world.leaf(name).handle()
      state.withLock { $0.leaves.append((name, made)) }
      return made
    }

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
      let wait = world.beginTask("\(self.name): \(name)")
      defer { world.endTask(wait) }
      // Nothing is the answer of a process that crashed.
      let promise = Promise<Result<Answer, any Error>?>()
      let number = state.withLock { state in
        state.lastErrand += 1
        state.errands[state.lastErrand] = Errand { promise.fulfil(nil) }
        return state.lastErrand
      }
      let task = Task(executorPreference: world.scheduler) { [self] in
        // The process may have crashed, and even started again, before the task had its turn.
        var result: Result<Answer, any Error>?
        if state.withLock({ $0.errands[number]?.fail != nil }) {
          do { result = .success(try await body()) } catch { result = .failure(error) }
        }
        if state.withLock({ $0.errands.removeValue(forKey: number)?.fail != nil }) { promise.fulfil(result) }
      }
      state.withLock { $0.errands[number]?.task = task }
      return try await promise.value?.get()
    }

    /// Stops everything that runs in the process, at once and for ever. Messages that it has sent still arrive.
    public func crash() {
      world.note("\(name) crashes")
      stop()
    }

    /// Starts the process again, with an empty memory. A process that runs crashes first.
    ///
    /// - Parameter clock: What its wall clock is from now on; `nil` when it went on meanwhile as it does.
    public func restart(clock: WallClock? = nil) {
      if isRunning { crash() }
      world.note("\(name) starts again")
      if let clock { wallClock = clock }
      let number = incarnation + 1
      let (incarnation, runtime) = Incarnation.make(name, number, clock: self.clock, observer: observer, in: world)
      state.withLock { state in
        state.incarnation = incarnation
        state.runtime = runtime
        state.leaves = []
      }
    }

    /// Cancels whatever runs in the process, in all of its lives, because the simulation ends.
    func end() {
      stop()
      let tasks = state.withLock { $0.errands.sorted { $0.key < $1.key }.compactMap(\.value.task) }
      for task in tasks { task.cancel() }
    }

    private func stop() {
      let failures = state.withLock { state in
        state.incarnation.stop()
        let numbers = state.errands.keys.sorted()
        defer { for number in numbers { state.errands[number]?.fail = nil } }
        return numbers.compactMap { state.errands[$0]?.fail }
      }
      for fail in failures { fail() }
    }
  }
}
