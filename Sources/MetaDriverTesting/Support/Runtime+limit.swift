import MetaDriver
private import Synchronization

/// A caller that waits for work or for the end of its time, whichever comes first.
private final class Race: Sendable {
  private enum State {
    case running
    case waiting(CheckedContinuation<Bool, Never>)
    case over(Bool)
  }
  private let state = Mutex(State.running)

  /// Ends the race, unless it is over.
  func end(_ isInTime: Bool) {
    let caller = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      defer { if case .over = state {} else { state = .over(isInTime) } }
      if case .waiting(let caller) = state { return caller }
      return nil
    }
    caller?.resume(returning: isInTime)
  }

  func wait() async -> Bool {
    await withCheckedContinuation { caller in
      let answer = state.withLock { state -> Bool? in
        if case .over(let isInTime) = state { return isInTime }
        state = .waiting(caller)
        return nil
      }
      if let answer { caller.resume(returning: answer) }
    }
  }
}

extension Runtime {
  /// Does some work, and answers within a limit even if the work ignores its cancellation: then it is left alone. So it
  /// is when the caller is cancelled.
  ///
  /// - Returns: Whether the work has ended.
  func perform(within limit: Duration, _ work: @escaping @Sendable () async -> Void) async -> Bool {
    let race = Race()
    let worker = start {
      await work()
      race.end(true)
    }
    let timer = start {
      do throws(DriverError) { try await self.sleep(for: limit) } catch { return }
      race.end(false)
    }
    let isInTime = await withTaskCancellationHandler {
      await race.wait()
    } onCancel: {
      race.end(false)
    }
    timer.cancel()
    worker.cancel()
    return isInTime
  }
}
