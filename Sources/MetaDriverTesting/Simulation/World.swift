public import MetaDriver
private import Synchronization

extension Simulation {
  /// What exists in a simulation: stores, the processes that use them, and the network between.
  ///
  /// A world is valid while its simulation runs. Everything in it happens on the simulation's one thread.
  public final class World: Sendable {
    private struct State {
      var trace: SimulationTrace
      var leaves: [(name: String, leaf: Faulty)] = []
      var processes: [Process] = []
      /// Which incarnation of which process a runtime belongs to.
      var incarnations: [ObjectIdentifier: Incarnation] = [:]
      var cuts: Set<Cut> = []
      /// Tasks of processes, and calls to stores, that have not ended.
      var tasks: [Int: String] = [:]
      var calls: [Int: Wait] = [:]
      var lastWait = 0
      var isEnding = false
    }

    /// A caller that waits for a store.
    private struct Wait {
      let call: FaultCall
      let since: Int64
      let abandon: @Sendable () -> Void
    }

    /// A process and a store between which no message passes.
    private struct Cut: Hashable {
      let process: String
      let leaf: String
    }

    /// What everything random follows from.
    public let seed: UInt64
    let scheduler: Scheduler
    private let state: Mutex<State>
    private let plan: any FaultPlan

    /// The time on the wall when a simulation begins: 2026-01-01.
    static let epoch: Duration = .seconds(1_767_225_600)

    init(seed: UInt64, isShuffled: Bool, keepsTrace: Bool, plan: (any FaultPlan)? = nil) {
      self.seed = seed
      self.plan = plan ?? DrawnFaults(seed: seed)
      scheduler = Scheduler(seed: seed, isShuffled: isShuffled)
      state = Mutex(State(trace: SimulationTrace(keepsLines: keepsTrace)))
    }

    /// The virtual time since the simulation began.
    public var now: Duration { .nanoseconds(scheduler.now) }

    // MARK: Stores

    /// The store of a name, made when it is first asked for.
    ///
    /// - Parameters:
    ///   - name: What it is called in reports.
    ///   - ordering: How it orders puts; only the first call of a name has a say.
    ///   - faults: How it misbehaves at first; only the first call of a name has a say.
    public func leaf(
      _ name: String, ordering: PutOrdering = .newestWins, faults: FaultProfile = .none
    ) -> Faulty {
      if let known = state.withLock({ state in state.leaves.first { $0.name == name }?.leaf }) { return known }
      let made = Faulty(name, ordering: ordering, seed: seed, faults: faults, network: self)
      state.withLock { $0.leaves.append((name, made)) }
      return made
    }

    /// The store of a name, if anybody has asked for it.
    func knownLeaf(_ name: String) -> Faulty? {
      state.withLock { state in state.leaves.first { $0.name == name }?.leaf }
    }

    // MARK: Processes

    /// The process of a name, started when it is first asked for.
    ///
    /// - Parameters:
    ///   - name: What it is called in reports.
    ///   - skew: How far its wall clock is ahead of the others', or behind; only the first call of a name has a say.
    ///   - observer: Who is told of every operation in the process, in all its lives; only the first call of a name has a
    ///     say.
    public func process(
      _ name: String, skew: Duration = .zero, observer: (any Observer)? = nil
    ) -> Process { process(name, clock: WallClock(ahead: skew), observer: observer) }

    /// The process of a name, started when it is first asked for.
    ///
    /// - Parameters:
    ///   - name: What it is called in reports.
    ///   - clock: What its wall clock is at first; only the first call of a name has a say.
    ///   - observer: Who is told of every operation in the process, in all its lives; only the first call of a name has a
    ///     say.
    public func process(_ name: String, clock: WallClock, observer: (any Observer)? = nil) -> Process {
      if let known = state.withLock({ state in state.processes.first { $0.name == name } }) { return known }
      let made = Process(name, clock: clock, observer: observer, in: self)
      state.withLock { $0.processes.append(made) }
      return made
    }

    /// Lets no message pass between a process and a store, those under way included.
    public func cut(_ process: Process, from leaf: String) {
      note("\(process.name) is cut off from \(leaf)")
      state.withLock { _ = $0.cuts.insert(Cut(process: process.name, leaf: leaf)) }
    }

    /// Lets messages pass again.
    public func reconnect(_ process: Process, to leaf: String) {
      note("\(process.name) is connected to \(leaf)")
      state.withLock { _ = $0.cuts.remove(Cut(process: process.name, leaf: leaf)) }
    }

    /// Sleeps in virtual time.
    ///
    /// - Throws: `cancelled` when the task is cancelled or the simulation ends first.
    public func sleep(until moment: Duration) async throws(DriverError) {
      guard await scheduler.sleep(until: moment.nanoseconds, isForgotten: { false }) else {
        throw DriverError(.cancelled, "cancelled while waiting", effect: .unchanged)
      }
    }

    /// Sleeps in virtual time.
    ///
    /// - Throws: `cancelled` when the task is cancelled or the simulation ends first.
    public func sleep(for duration: Duration) async throws(DriverError) { try await sleep(until: now + duration) }

    // MARK: The trace

    /// Takes a note into the trace.
    public func note(_ text: String) {
      let now = scheduler.now
      state.withLock { state in
        state.trace.mix(UInt64(bitPattern: now))
        state.trace.mix(text)
        state.trace.append("\(Self.moment(now)) \(text)")
      }
    }

    /// A moment as it stands in a trace.
    static func moment(_ nanoseconds: Int64) -> String {
      let digits = "\(nanoseconds / 1_000 % 1_000_000)"
      return "\(nanoseconds / 1_000_000_000).\(String(repeating: "0", count: 6 - digits.count))\(digits)"
    }

    /// What has happened so far.
    func report() -> Report {
      let (hash, lines) = state.withLock { ($0.trace.hash, $0.trace.lines) }
      return Report(seed: seed, elapsed: now, steps: scheduler.steps, traceHash: hash, trace: lines)
    }

    /// Takes note of a task of a process, until the number is given back.
    func beginTask(_ text: @autoclosure () -> String) -> Int {
      let now = scheduler.now
      let (number, isEnding) = state.withLock { state in
        state.lastWait += 1
        if state.trace.keepsLines { state.tasks[state.lastWait] = "\(text()), since \(Self.moment(now)) s" }
        return (state.lastWait, state.isEnding)
      }
      if isEnding { cancelCallingTask() }
      return number
    }

    func endTask(_ task: Int) { state.withLock { _ = $0.tasks.removeValue(forKey: task) } }

    func endWait(_ wait: Int) { state.withLock { _ = $0.calls.removeValue(forKey: wait) } }

    /// Who waits for what.
    var waiting: [String] {
      let (tasks, calls) = state.withLock { state in
        (state.tasks.sorted { $0.key < $1.key }.map(\.value), state.calls.sorted { $0.key < $1.key }.map(\.value))
      }
      let sleepers = scheduler.sleeperCount
      return tasks + calls.map { "\($0.call), since \(Self.moment($0.since)) s" }
        + (sleepers > 0 ? ["\(sleepers) tasks sleep"] : [])
    }

    // MARK: The end

    /// Ends every task there is, as if cancelled.
    ///
    /// - Returns: Whether they came to their end.
    func end(limit: Int) -> Bool {
      let (processes, calls) = state.withLock { state in
        state.isEnding = true
        return (state.processes, state.calls.sorted { $0.key < $1.key }.map(\.value))
      }
      for process in processes { process.end() }
      for call in calls { call.abandon() }
      scheduler.end()
      let (last, isTooMany) = scheduler.spent.addingReportingOverflow(limit)
      let ending = scheduler.run(limit: isTooMany ? .max : last, isPatient: false) { false }
      // The stores know the world, and the world the stores.
      state.withLock { state in
        state.leaves = []
        state.processes = []
        state.incarnations = [:]
      }
      return ending != .stepLimit
    }

    func register(_ incarnation: Incarnation, runtime: Runtime) {
      state.withLock { $0.incarnations[ObjectIdentifier(runtime)] = incarnation }
    }
  }
}

/// What a world is to its stores.
extension Simulation.World: Network {
  func journey(of call: FaultCall, by profile: FaultProfile) -> Journey { plan.journey(of: call, by: profile) }

  func after(_ delay: Duration, _ action: @escaping @Sendable () -> Void) {
    let (moment, isTooLate) = scheduler.now.addingReportingOverflow(delay.nanoseconds)
    scheduler.run(at: isTooLate ? .max : moment, action)
  }

  func pass() async { await scheduler.pass() }

  func connects(_ process: Runtime, to leaf: String) -> Bool {
    state.withLock { state in
      // What runs in no process is everywhere.
      guard let incarnation = state.incarnations[ObjectIdentifier(process)] else { return true }
      return state.cuts.isEmpty || !state.cuts.contains(Cut(process: incarnation.name, leaf: leaf))
    }
  }

  func runs(_ process: Runtime) -> Bool {
    state.withLock { !$0.isEnding && $0.incarnations[ObjectIdentifier(process)]?.isRunning ?? true }
  }

  func beginWait(_ call: FaultCall, abandon: @escaping @Sendable () -> Void) -> Int {
    let now = scheduler.now
    let (number, isEnding) = state.withLock { state in
      state.lastWait += 1
      state.calls[state.lastWait] = Wait(call: call, since: now, abandon: abandon)
      return (state.lastWait, state.isEnding)
    }
    if isEnding {
      cancelCallingTask()
      scheduler.run(at: now, abandon)
    }
    return number
  }

  func note(_ call: FaultCall, _ journey: Journey, _ what: @autoclosure () -> String) {
    let now = scheduler.now
    let text = what()
    state.withLock { state in
      state.trace.mix(
        UInt64(bitPattern: now), UInt64(bitPattern: Int64(call.step ?? -1)), UInt64(call.number))
      state.trace.mix(call.leaf)
      state.trace.mix(call.operation.rawValue)
      state.trace.mix(text)
      state.trace.append("\(Self.moment(now)) \(call): \(text)")
    }
  }
}
