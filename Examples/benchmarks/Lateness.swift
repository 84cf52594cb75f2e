private import Synchronization

/// How late a task wakes on the cooperative pool while others write: what blocks the pool's threads makes it late.
struct Lateness {
  /// How often it is to wake in a round, each time a millisecond after the last.
  var ticks: Int
  /// How many rounds there are for each side, in turns.
  var rounds: Int

  typealias Write = @Sendable () async throws -> Void

  /// Compares two sets of writers, each of which writes again and again.
  ///
  /// - Returns: The lateness that 99 of 100 ticks do not exceed: the median of the rounds.
  func measure(_ here: [Write], against reference: [Write]) async throws -> Measured {
    var (hereTimes, referenceTimes): ([Double], [Double]) = ([], [])
    for _ in 0..<rounds {
      hereTimes.append(try await round(here))
      referenceTimes.append(try await round(reference))
    }
    return Measured(
      here: Figure(nanoseconds: median(hereTimes)), reference: Figure(nanoseconds: median(referenceTimes)),
      ratio: median(zip(hereTimes, referenceTimes).map { $0 / $1 }))
  }

  private func round(_ writers: [Write]) async throws -> Double {
    try await withThrowingTaskGroup(of: Void.self) { group in
      let isOver = Flag()
      for write in writers {
        group.addTask {
          while !isOver.isSet {
            try await write()
            // A writer that never suspends would keep the ticker from running at all.
            await Task.yield()
          }
        }
      }
      var late: [Double] = []
      let clock = ContinuousClock()
      for _ in 0..<ticks {
        let moment = clock.now + .milliseconds(1)
        try await clock.sleep(until: moment, tolerance: .zero)
        late.append((clock.now - moment) / .nanoseconds(1))
      }
      isOver.set()
      try await group.waitForAll()
      return quantile(0.99, of: late)
    }
  }

  private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
  }
}
