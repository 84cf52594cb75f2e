import MetaDriver

extension Runtime {
  /// Does some work, and answers within a limit even if the work ignores its cancellation: then it is left alone. So it
  /// is when the caller is cancelled.
  ///
  /// - Returns: Whether the work has ended.
  func perform(within limit: Duration, _ work: @escaping @Sendable () async -> Void) async -> Bool {
    let isInTime = Promise<Bool>()
    let worker = start {
      await work()
      isInTime.fulfil(true)
    }
    let timer = start {
      do throws(DriverError) { try await self.sleep(for: limit) } catch { return }
      isInTime.fulfil(false)
    }
    let answer = await withTaskCancellationHandler {
      await isInTime.value
    } onCancel: {
      isInTime.fulfil(false)
    }
    timer.cancel()
    worker.cancel()
    return answer
  }
}
