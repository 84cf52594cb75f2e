private import Synchronization

/// What a fan-out asks after each answer: take note of it, and is the matter decided? Pure.
protocol Tally: Sendable {
  associatedtype Answer: Sendable
  /// Whether no further answer can change the result.
  var isDecided: Bool { get }
  mutating func record(_ result: Result<Answer, DriverError>, from index: Int)
}

/// What a fan-out asks of one child.
///
/// A type of its own rather than a closure where speed matters: a closure passed through generic code is wrapped twice,
/// and every write pays for it.
protocol ChildOperation<Answer>: Sendable {
  associatedtype Answer: Sendable
  func run(at index: Int) async throws(DriverError) -> Answer
}

/// A closure as an operation.
private struct ClosureOperation<Answer: Sendable>: ChildOperation {
  let body: @Sendable (Int) async throws(DriverError) -> Answer
  func run(at index: Int) async throws(DriverError) -> Answer { try await body(index) }
}

/// One operation on several children at once, answered as soon as its tally has decided.
///
/// The children run in tasks of the runtime's own, because a caller must be able to leave while they run: a task group
/// would wait for all of them, even for one that ignores cancellation. All of it is begun before the caller waits, and
/// the caller waits once, or not at all when every child answers without suspending.
///
/// A task asks one child after the other for as long as they answer without suspending. At the first that does not, the
/// caller goes on and starts another task for the rest: children that take time run at once, and children that take
/// none share one task.
final class FanOut<T: Tally>: Sendable {
  /// What becomes of the children that still run when the matter is decided.
  enum Losers {
    /// Their tasks are cancelled, and they belong to the runtime until they end: for reads.
    case cancelled
    /// They go on: for writes.
    case continued
    /// The caller waits for them.
    case awaited
  }

  /// Why the caller was answered.
  enum Ending {
    case decided
    case cancelled
    case timedOut
  }

  /// A caller that waits; behind a reference, because most never do.
  fileprivate final class Caller: Sendable {
    private let continuation: CheckedContinuation<Void, Never>
    init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = continuation }
    func resume() { continuation.resume() }
  }

  fileprivate struct State {
    var tally: T
    /// How many of the children were begun, in their order.
    var begun = 0
    /// The children that have not answered, and which task asks each.
    var running: [(index: Int, task: Int)] = []
    /// The tasks, where they may have to be cancelled.
    var tasks: [Task<Void, Never>] = []
    var ending: Ending?
    var caller: Caller?
    /// What interrupted the caller before it began to wait.
    var interruption: Ending?
  }

  private let state: Mutex<State>
  private let indices: [Int]
  private let stragglers: Stragglers
  private let losers: Losers
  private let isWrite: Bool

  private init(_ tally: T, over indices: [Int], stragglers: Stragglers, losers: Losers, isWrite: Bool) {
    state = Mutex(State(tally: tally))
    self.indices = indices
    self.stragglers = stragglers
    self.losers = losers
    self.isWrite = isWrite
  }

  /// Runs an operation on the children at `indices`.
  ///
  /// - Parameters:
  ///   - tally: Decides.
  ///   - indices: The children to ask.
  ///   - runtime: Owns the tasks.
  ///   - stragglers: Counts what outlives the caller.
  ///   - losers: What becomes of children that still run when the matter is decided.
  ///   - isWrite: Whether a cancelled or late caller leaves the children running.
  ///   - deadline: When the caller is answered at the latest.
  ///   - operation: Asks one child.
  /// - Returns: The tally as it was when the caller was answered, and why it was answered.
  static func run(
    _ tally: T, over indices: [Int], on runtime: Runtime, stragglers: Stragglers, losers: Losers,
    isWrite: Bool, deadline: Duration? = nil,
    _ operation: @escaping @Sendable (Int) async throws(DriverError) -> T.Answer
  ) async -> (tally: T, ending: Ending) {
    await run(
      tally, over: indices, on: runtime, stragglers: stragglers, losers: losers, isWrite: isWrite, deadline: deadline,
      operation: ClosureOperation(body: operation))
  }

  /// The same for an operation that is no closure.
  static func run(
    _ tally: T, over indices: [Int], on runtime: Runtime, stragglers: Stragglers, losers: Losers, isWrite: Bool,
    deadline: Duration? = nil, operation: some ChildOperation<T.Answer>
  ) async -> (tally: T, ending: Ending) {
    let fanOut = FanOut(tally, over: indices, stragglers: stragglers, losers: losers, isWrite: isWrite)
    for number in indices.indices {
      guard !fanOut.allBegun else { break }
      let task = runtime.startUnfinished {
        while let index = fanOut.begin(in: number) {
          let result: Result<T.Answer, DriverError>
          if let refusal = stragglers.refusal(at: index, limit: runtime.backgroundLimit) {
            result = .failure(refusal)
          } else {
            do throws(DriverError) { result = .success(try await operation.run(at: index)) } catch {
              result = .failure(error)
            }
          }
          fanOut.finish(index, result)
        }
        runtime.finishTask()
      }
      // A write that goes on, or is waited for, is never cancelled.
      if losers == .cancelled || !isWrite { fanOut.state.withLock { $0.tasks.append(task) } }
    }
    return await fanOut.wait(until: deadline, on: runtime)
  }

  private var allBegun: Bool { state.withLock { $0.begun == indices.count } }

  /// The next child to ask, by the task of this number; `nil` when there is none, or a read needs none any more.
  private func begin(in task: Int) -> Int? {
    let (index, caller) = state.withLock { state -> (Int?, Caller?) in
      if !isWrite, state.ending != nil || (state.begun > 0 && state.tally.isDecided) { state.begun = indices.count }
      guard state.begun < indices.count else { return (nil, nil) }
      let index = indices[state.begun]
      state.begun += 1
      state.running.append((index, task))
      if state.ending != nil { stragglers.add([index]) }
      return (index, isOver(state) ? end(&state, .decided) : nil)
    }
    caller?.resume()
    return index
  }

  private func finish(_ index: Int, _ result: Result<T.Answer, DriverError>) {
    let (caller, isLate) = state.withLock { state -> (Caller?, Bool) in
      if let place = state.running.firstIndex(where: { $0.index == index }) {
        state.running.swapAt(place, state.running.count - 1)
        state.running.removeLast()
      }
      if state.ending != nil { return (nil, true) }
      state.tally.record(result, from: index)
      return (isOver(state) ? end(&state, .decided) : nil, false)
    }
    if isLate { stragglers.remove(index) }
    caller?.resume()
  }

  private func isOver(_ state: State) -> Bool {
    let allBegun = state.begun == indices.count
    if losers != .awaited, state.tally.isDecided { return allBegun || !isWrite }
    return allBegun && state.running.isEmpty
  }

  /// Answers the caller: what still runs is a straggler from now on.
  private func end(_ state: inout State, _ ending: Ending) -> Caller? {
    guard state.ending == nil, let caller = state.caller else { return nil }
    state.ending = ending
    state.caller = nil
    if !state.running.isEmpty { stragglers.add(state.running.map(\.index)) }
    return caller
  }

  private func interrupt(_ ending: Ending) {
    let caller = state.withLock { state -> Caller? in
      guard state.ending == nil else { return nil }
      if state.caller == nil { state.interruption = ending }
      return end(&state, ending)
    }
    caller?.resume()
  }

  private func wait(until deadline: Duration?, on runtime: Runtime) async -> (tally: T, ending: Ending) {
    // The common case over fast children: everything was decided while it was begun.
    let early = state.withLock { state -> T? in
      guard isOver(state) else { return nil }
      state.ending = .decided
      if !state.running.isEmpty { stragglers.add(state.running.map(\.index)) }
      return state.tally
    }
    if let early {
      if losers == .cancelled { cancelRunning() }
      return (early, .decided)
    }
    let timer = deadline.map { deadline in
      runtime.start { [self] in
        do throws(DriverError) { try await runtime.sleep(until: deadline) } catch { return }
        interrupt(.timedOut)
      }
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { caller in
        let isAnswered = state.withLock { state in
          state.caller = Caller(caller)
          guard let ending = isOver(state) ? .decided : state.interruption else { return false }
          return end(&state, ending) != nil
        }
        if isAnswered { caller.resume() }
      }
    } onCancel: {
      interrupt(.cancelled)
    }
    timer?.cancel()
    let (tally, ending) = state.withLock { ($0.tally, $0.ending ?? .decided) }
    // Whoever went away, or ran out of time, leaves a write that was sent to its end, whatever becomes of losers.
    if ending == .decided ? losers == .cancelled : !isWrite { cancelRunning() }
    return (tally, ending)
  }

  private func cancelRunning() {
    let tasks = state.withLock { state in
      state.running.compactMap { state.tasks.indices.contains($0.task) ? state.tasks[$0.task] : nil }
    }
    for task in tasks { task.cancel() }
  }
}
