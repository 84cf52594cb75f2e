import MetaDriver
import TestSupport
import Testing

@testable import MetaDriverTesting

@Suite struct SchedulerTests {
  /// Runs a body until nothing can happen any more.
  @discardableResult
  private static func run(
    seed: UInt64 = 1, isShuffled: Bool = false, limit: Int = 100_000,
    _ body: @escaping @Sendable (SimulatedClock) async -> Void
  ) -> (scheduler: Scheduler, ending: Scheduler.Ending) {
    let scheduler = Scheduler(seed: seed, isShuffled: isShuffled)
    Task(executorPreference: scheduler) { await body(SimulatedClock(scheduler: scheduler) { false }) }
    let ending = scheduler.run(limit: limit, isPatient: false) { false }
    return (scheduler, ending)
  }

  // MARK: Order

  @Test("Sleepers wake in the order of their moments, those of one moment in the order in which they lay down")
  func sleepOrder() {
    let lines = Lines()
    Self.run { clock in
      await withTaskGroup { group in
        for (name, milliseconds) in [("c", 30), ("a1", 10), ("b", 20), ("a2", 10), ("now", 0)] {
          group.addTask {
            try? await clock.sleep(for: .milliseconds(milliseconds))
            lines.add("\(name) at \(clock.now.nanoseconds / 1_000_000)")
          }
        }
      }
    }
    #expect(lines.all == ["now at 0", "a1 at 10", "a2 at 10", "b at 20", "c at 30"])
  }

  @Test("Whoever sleeps for no time, or until a moment that has passed, lets those go first who are ready")
  func pastSleeps() throws {
    for moment: Int64 in [5, 4, 0, -1, .min] {
      let lines = Lines()
      let (scheduler, ending) = Self.run { clock in
        try? await clock.sleep(for: .nanoseconds(5))
        await withTaskGroup { group in
          group.addTask {
            try? await clock.sleep(until: .init(nanoseconds: moment), tolerance: nil)
            lines.add("slept")
          }
          group.addTask { lines.add("was ready") }
        }
      }
      #expect(lines.all == ["was ready", "slept"], "until \(moment)")
      #expect(scheduler.now == 5 && ending == .idle && scheduler.sleeperCount == 0, "until \(moment)")
    }
  }

  @Test("What is ready runs before time goes on, first in, first out")
  func readyFirst() {
    let lines = Lines()
    Self.run { clock in
      await withTaskGroup { group in
        group.addTask {
          try? await clock.sleep(for: .nanoseconds(1))
          lines.add("an event")
        }
        for number in 1...3 {
          group.addTask {
            lines.add("\(number) begins")
            // A child is behind everything that is ready already.
            async let child: Void = lines.add("child of \(number)")
            await child
          }
        }
      }
    }
    #expect(
      lines.all == [
        "1 begins", "2 begins", "3 begins", "child of 1", "child of 2", "child of 3", "an event",
      ])
  }

  @Test("Thousands of jobs keep their order while the queue is tidied up")
  func longQueue() {
    let lines = Lines()
    Self.run { _ in
      await withTaskGroup { group in for number in 0..<5_000 { group.addTask { lines.add("\(number)") } } }
    }
    #expect(lines.all == (0..<5_000).map { "\($0)" })
  }

  @Test("Shuffled jobs run in another order, the same for one seed, and each exactly once")
  func shuffled() {
    func order(_ seed: UInt64, isShuffled: Bool) -> [String] {
      let lines = Lines()
      Self.run(seed: seed, isShuffled: isShuffled) { _ in
        await withTaskGroup { group in for number in 10..<60 { group.addTask { lines.add("\(number)") } } }
      }
      return lines.all
    }
    let plain = order(1, isShuffled: false)
    #expect(plain == order(2, isShuffled: false))
    for seed in seeds(0..<20) {
      let first = order(seed, isShuffled: true)
      #expect(first != plain, "seed \(seed)")
      #expect(first.sorted() == plain, "seed \(seed)")
      #expect(first == order(seed, isShuffled: true), "seed \(seed)")
      #expect(first != order(seed + 1_000, isShuffled: true), "seed \(seed)")
    }
  }

  // MARK: Cancellation

  @Test("A sleeper that was cancelled before does not sleep") func cancelledBefore() {
    let lines = Lines()
    let (scheduler, _) = Self.run { clock in
      cancelCurrentTask()
      do { try await clock.sleep(for: .seconds(1)) } catch { lines.add("\(error is CancellationError)") }
    }
    #expect(lines.all == ["true"])
    #expect(scheduler.now == 0)
  }

  @Test("A sleeper that is cancelled meanwhile is told at that moment") func cancelledDuring() {
    let lines = Lines()
    let (scheduler, _) = Self.run { clock in
      await withTaskGroup { group in
        group.addTask {
          do { try await clock.sleep(for: .seconds(1)) } catch { lines.add("cancelled at \(clock.now.nanoseconds)") }
        }
        try? await clock.sleep(for: .nanoseconds(7))
        group.cancelAll()
      }
    }
    #expect(lines.all == ["cancelled at 7"])
    #expect(scheduler.now == 7 && scheduler.sleeperCount == 0)
  }

  @Test("A sleeper that is cancelled at the moment at which it wakes has slept enough") func cancelledAfter() {
    let lines = Lines()
    Self.run { clock in
      await withTaskGroup { group in
        group.addTask {
          let isWhole: Bool
          do {
            try await clock.sleep(for: .nanoseconds(7))
            isWhole = true
          } catch { isWhole = false }
          lines.add("whole: \(isWhole), cancelled: \(Task.isCancelled)")
        }
        // Asleep behind the other, and awake behind it.
        try? await clock.sleep(for: .zero)
        try? await clock.sleep(for: .nanoseconds(7))
        group.cancelAll()
      }
    }
    #expect(lines.all == ["whole: true, cancelled: false"])
  }

  @Test("A thousand timers that were cancelled neither let time pass nor pile up")
  func cancelledTimers() {
    let (scheduler, ending) = Self.run { clock in
      for _ in 0..<1_000 {
        await withTaskGroup { group in
          group.addTask { try? await clock.sleep(for: .seconds(3_600)) }
          try? await clock.sleep(for: .seconds(1))
          group.cancelAll()
        }
      }
    }
    #expect(ending == .idle)
    #expect(scheduler.now == 1_000 * 1_000_000_000)
    #expect(scheduler.eventCount <= 128, "\(scheduler.eventCount) events are left of those that were cancelled")
  }

  // MARK: The end

  @Test("The end wakes everybody at once, as if cancelled, and nobody sleeps from then on") func end() {
    let lines = Lines()
    let (scheduler, ending) = Self.run(limit: 3) { clock in
      await withTaskGroup { group in
        for number in 1...3 {
          group.addTask {
            for round in 1...2 {
              do { try await clock.sleep(for: .seconds(number)) } catch {
                lines.add("\(number), round \(round): \(Task.isCancelled)")
              }
            }
          }
        }
      }
    }
    #expect(ending == .stepLimit)
    scheduler.end()
    #expect(scheduler.run(limit: 1_000, isPatient: false) { false } == .idle)
    #expect(scheduler.now == 0 && scheduler.sleeperCount == 0)
    #expect(lines.all.count == 6, "\(lines.all)")
    #expect(lines.all.allSatisfy { $0.hasSuffix(": true") }, "\(lines.all)")
  }

  @Test("Whoever was forgotten sleeps on, cancelled or not, and wakes when all ends") func forgotten() {
    let lines = Lines()
    let scheduler = Scheduler(seed: 1, isShuffled: false)
    let clock = SimulatedClock(scheduler: scheduler) { true }
    let task = Task(executorPreference: scheduler) {
      do { try await clock.sleep(for: .seconds(1)) } catch { lines.add("woken") }
    }
    #expect(scheduler.run(limit: 100, isPatient: false) { false } == .idle)
    task.cancel()
    #expect(scheduler.run(limit: 100, isPatient: false) { false } == .idle)
    #expect(lines.all.isEmpty && scheduler.now == 0 && scheduler.sleeperCount == 1)
    scheduler.end()
    #expect(scheduler.run(limit: 100, isPatient: false) { false } == .idle)
    #expect(lines.all == ["woken"] && scheduler.sleeperCount == 0)
  }

  @Test("A loop of sleeps that take no time is stopped at the limit", arguments: ["zero", "past", "cancelled"])
  func endless(kind: String) {
    let (_, ending) = Self.run(limit: 1_000) { clock in
      if kind == "cancelled" { cancelCurrentTask() }
      let moment = SimulatedClock.Instant(nanoseconds: kind == "past" ? -5 : kind == "zero" ? 0 : 1_000_000_000)
      while true { try? await clock.sleep(until: moment, tolerance: nil) }
    }
    #expect(ending == .stepLimit)
  }

  @Test("Steps are counted: a job is one, and an event is one") func steps() {
    let (scheduler, _) = Self.run { clock in try? await clock.sleep(for: .seconds(1)) }
    // Begin, wake, go on.
    #expect(scheduler.steps == 3)
  }
}
