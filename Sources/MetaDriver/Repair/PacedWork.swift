private import Synchronization

/// Carries out pieces of work, so many at once and so fast, and stops between two of them when it is cancelled.
final class PacedWork<Item: Sendable, Answer: Sendable>: Sendable {
  private struct State {
    var begun = 0
    var pacer: Pacer
    var answers: [Answer?]
  }

  private let items: [Item]
  private let byteCount: @Sendable (Item) -> Int
  private let state: Mutex<State>

  private init(_ items: [Item], _ limits: RepairLimits, byteCount: @escaping @Sendable (Item) -> Int) {
    self.items = items
    self.byteCount = byteCount
    state = Mutex(
      State(
        pacer: Pacer(itemsPerSecond: limits.itemsPerSecond, bytesPerSecond: limits.bytesPerSecond),
        answers: Array(repeating: nil, count: items.count)))
  }

  /// - Parameters:
  ///   - items: The pieces, in the order in which they are begun.
  ///   - limits: How many at once, and how fast.
  ///   - runtime: Has the clock.
  ///   - byteCount: How many bytes a piece moves.
  ///   - body: Carries out one.
  /// - Returns: What came of each; `nil` for those that were not begun.
  static func run(
    _ items: [Item], _ limits: RepairLimits, on runtime: Runtime, byteCount: @escaping @Sendable (Item) -> Int,
    _ body: @escaping @Sendable (Item) async -> Answer
  ) async -> [Answer?] {
    let work = PacedWork(items, limits, byteCount: byteCount)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<min(limits.concurrency, items.count) {
        group.addTask { await work.workUntilDone(runtime, body) }
      }
    }
    return work.state.withLock { $0.answers }
  }

  private func workUntilDone(_ runtime: Runtime, _ body: @Sendable (Item) async -> Answer) async {
    while !Task.isCancelled, let (index, start) = next(now: runtime.now) {
      if start > runtime.now {
        do throws(DriverError) { try await runtime.sleep(until: start) } catch { return }
      }
      let answer = await body(items[index])
      state.withLock { $0.answers[index] = answer }
    }
  }

  private func next(now: Duration) -> (index: Int, start: Duration)? {
    state.withLock { state in
      guard state.begun < items.count else { return nil }
      defer { state.begun += 1 }
      return (state.begun, state.pacer.begin(now: now, byteCount: byteCount(items[state.begun])))
    }
  }
}
