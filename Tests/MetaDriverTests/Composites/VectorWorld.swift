import MetaDriver
import Synchronization
import TestSupport

/// A call under way, or ended.
final class Probe<Answer: Sendable>: Sendable {
  private let state = Mutex<(result: Result<Answer, DriverError>?, task: Task<Void, Never>?)>((nil, nil))

  /// How the call ended; `nil` while it hangs.
  var result: Result<Answer, DriverError>? { state.withLock(\.result) }
  var isFinished: Bool { result != nil }

  func cancel() { state.withLock(\.task)?.cancel() }

  fileprivate func keep(_ task: Task<Void, Never>) { state.withLock { $0.task = task } }
  fileprivate func finish(_ result: Result<Answer, DriverError>) { state.withLock { $0.result = result } }
}

/// A composite over children that behave as a vector says, in a runtime where nothing runs until it is told to.
final class VectorWorld {
  let children: [VectorChild]
  let node: any Driver
  let runtime: Runtime
  private let executor = ManualExecutor()

  static let names = ["a", "b", "c", "d", "e"]
  private static let everything: Capabilities = [.get, .put, .delete, .list, .stat]

  init(
    _ count: Int, required: Set<Int> = [], local: Set<Int> = [], without missing: [Int: Capabilities] = [:],
    observer: (any Observer)? = nil, _ compose: ([any Driver]) -> any Driver
  ) {
    children = Self.names.prefix(count).enumerated().map { index, name in
      VectorChild(name, capabilities: Self.everything.subtracting(missing[index] ?? []))
    }
    runtime = .manual(executor: executor, observer: observer)
    node = compose(
      children.enumerated().map { index, child in
        switch (local.contains(index), required.contains(index)) {
        case (false, false): child
        case (false, true): child.required()
        case (true, false): child.localOnly()
        case (true, true): child.localOnly().required()
        }
      })
  }

  /// Sets every child, with the copies that they begin with.
  func reset(_ vector: [Behaviour], contents: [Record?], isGated: Bool, honoursCancellation: Bool = false) {
    for (index, child) in children.enumerated() {
      child.reset(
        vector[index], contents: contents[index], isGated: isGated, honoursCancellation: honoursCancellation)
    }
  }

  /// Starts a call. Nothing of it happens before the world runs.
  func start<Answer: Sendable>(
    _ call: @escaping @Sendable (any Driver, Context) async throws(DriverError) -> Answer
  ) -> Probe<Answer> {
    let probe = Probe<Answer>()
    let (node, context) = (node, Context(runtime))
    probe.keep(
      Task(executorPreference: executor) {
        let result: Result<Answer, DriverError>
        do throws(DriverError) { result = .success(try await call(node, context)) } catch { result = .failure(error) }
        probe.finish(result)
      })
    return probe
  }

  /// Lets happen whatever can happen. A call that has not ended then waits for a child.
  func run() { executor.runUntilIdle() }

  /// Lets one child answer, and what follows from it happen.
  func release(_ index: Int) {
    children[index].release()
    run()
  }

  /// Whether `drain()` returns when everything was released and has run.
  func drains() -> Bool {
    for child in children { child.release() }
    run()
    let probe = start { [runtime] _, _ throws(DriverError) in await runtime.drain() }
    run()
    if case .success(true)? = probe.result { return runtime.taskCount == 0 }
    return false
  }
}
