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
/// and each child pays for it.
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

  fileprivate struct State {
    var tally: T
    /// The children that have not answered, and their tasks once these are known.
    var running: [(index: Int, task: Task<Void, Never>?)]
    var ending: Ending?
    var caller: CheckedContinuation<Void, Never>?
    /// What interrupted the caller before it began to wait.
    var interruption: Ending?
    var timer: Task<Void, Never>?
  }

  private let state: Mutex<State>
  private let stragglers: Stragglers
  private let losers: Losers
  private let isWrite: Bool

  private init(_ tally: T, over indices: [Int], stragglers: Stragglers, losers: Losers, isWrite: Bool) {
    state = Mutex(State(tally: tally, running: indices.map { ($0, nil) }))
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
    for (place, index) in indices.enumerated() {
      if !isWrite, place > 0, fanOut.isDecided {
        fanOut.withdraw(indices[place...])
        break
      }
      if let refusal = stragglers.refusal(at: index, limit: runtime.backgroundLimit) {
        fanOut.finish(index, .failure(refusal))
        continue
      }
      let task = runtime.startUnfinished {
        let result: Result<T.Answer, DriverError>
        do throws(DriverError) { result = .success(try await operation.run(at: index)) } catch {
          result = .failure(error)
        }
        fanOut.finish(index, result)
        runtime.finishTask()
      }
      // A write that goes on, or is waited for, is never cancelled.
      if losers == .cancelled || !isWrite { fanOut.keep(task, at: index) }
    }
    return await fanOut.wait(until: deadline, on: runtime)
  }

  private var isDecided: Bool { state.withLock { $0.tally.isDecided } }

  /// Leaves out the children that need not be asked any more.
  private func withdraw(_ indices: ArraySlice<Int>) {
    state.withLock { state in state.running.removeAll { indices.contains($0.index) } }
  }

  private func keep(_ task: Task<Void, Never>, at index: Int) {
    state.withLock { state in
      if let place = state.running.firstIndex(where: { $0.index == index }) { state.running[place].task = task }
    }
  }

  private func finish(_ index: Int, _ result: Result<T.Answer, DriverError>) {
    let (caller, isLate) = state.withLock { state -> (CheckedContinuation<Void, Never>?, Bool) in
      if let place = state.running.firstIndex(where: { $0.index == index }) {
        state.running.swapAt(place, state.running.count - 1)
        state.running.removeLast()
      }
      if state.ending != nil { return (nil, true) }
      state.tally.record(result, from: index)
      return (state.isOver(losers) ? end(&state, .decided) : nil, false)
    }
    if isLate { stragglers.remove(index) }
    caller?.resume()
  }

  /// Answers the caller: what still runs is a straggler from now on.
  private func end(_ state: inout State, _ ending: Ending) -> CheckedContinuation<Void, Never>? {
    guard let caller = state.caller else { return nil }
    state.ending = ending
    state.caller = nil
    if !state.running.isEmpty { stragglers.add(state.running.map(\.index)) }
    return caller
  }

  private func interrupt(_ ending: Ending) {
    let caller = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.ending == nil else { return nil }
      if state.caller == nil { state.interruption = ending }
      return end(&state, ending)
    }
    caller?.resume()
  }

  private func wait(until deadline: Duration?, on runtime: Runtime) async -> (tally: T, ending: Ending) {
    // The common case over fast children: everything was decided while it was begun.
    let early = state.withLock { state -> (T, [Task<Void, Never>])? in
      guard state.isOver(losers) else { return nil }
      state.ending = .decided
      if !state.running.isEmpty { stragglers.add(state.running.map(\.index)) }
      return (state.tally, state.running.compactMap(\.task))
    }
    if let (tally, running) = early {
      if losers == .cancelled { for task in running { task.cancel() } }
      return (tally, .decided)
    }
    let timer = deadline.map { deadline in
      runtime.start { [self] in
        do throws(DriverError) { try await runtime.sleep(until: deadline) } catch { return }
        interrupt(.timedOut)
      }
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { caller in
        let isOver = state.withLock { state in
          state.caller = caller
          guard let ending = state.isOver(losers) ? .decided : state.interruption else { return false }
          return end(&state, ending) != nil
        }
        if isOver { caller.resume() }
      }
    } onCancel: {
      interrupt(.cancelled)
    }
    timer?.cancel()
    let (tally, ending, running) = state.withLock { ($0.tally, $0.ending ?? .decided, $0.running) }
    // Whoever went away, or ran out of time, leaves a write that was sent to its end, whatever becomes of losers.
    if ending == .decided ? losers == .cancelled : !isWrite {
      for child in running { child.task?.cancel() }
    }
    return (tally, ending)
  }
}

extension FanOut.State {
  fileprivate func isOver(_ losers: FanOut.Losers) -> Bool {
    losers == .awaited ? running.isEmpty : tally.isDecided || running.isEmpty
  }
}
