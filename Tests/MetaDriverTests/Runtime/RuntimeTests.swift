import MetaDriverTesting
import Synchronization
import TestSupport
import Testing

@testable import MetaDriver

/// Runs every job at once where it is enqueued, and counts.
private final class InlineExecutor: TaskExecutor {
  let jobs = Counter()
  func enqueue(_ job: consuming ExecutorJob) {
    jobs.add(1)
    unsafe UnownedJob(job).runSynchronously(on: asUnownedTaskExecutor())
  }
}

@Suite(.timeLimit(.minutes(10))) struct RuntimeTests {
  private let clock = ManualClock()
  private let runtime: Runtime

  init() { runtime = .manual(clock) }

  // MARK: Time

  @Test("The time runs from the making of the runtime, on its own clock")
  func now() {
    clock.advance(by: .seconds(10))
    let later = Runtime.manual(clock)
    clock.advance(by: .milliseconds(1))
    #expect(later.now == .milliseconds(1))
    #expect(runtime.now == .milliseconds(10_001))
  }

  @Test("A sleeper wakes at its moment, not before")
  func sleep() async {
    let log = Log<String>()
    let runtime = self.runtime
    runtime.start {
      try? await runtime.sleep(for: .seconds(2))
      log.add("two")
    }
    runtime.start {
      try? await runtime.sleep(until: .seconds(1))
      log.add("one")
    }
    await clock.waitForSleepers(2)
    clock.advance(by: .milliseconds(999))
    #expect(clock.sleeperCount == 2)
    clock.advance(by: .milliseconds(1))
    #expect(clock.sleeperCount == 1)
    clock.advanceToNextSleeper()
    await runtime.drain()
    #expect(log.entries.sorted() == ["one", "two"])
    #expect(runtime.now == .seconds(2))
  }

  @Test("A moment that has passed is not waited for")
  func sleepUntilThePast() async throws {
    clock.advance(by: .seconds(5))
    try await runtime.sleep(until: .seconds(5))
    try await runtime.sleep(for: .zero)
  }

  @Test("A sleeper whose task is cancelled says so, and that nothing changed")
  func cancelledSleep() async {
    let errors = Log<DriverError>()
    let runtime = self.runtime
    let task = runtime.start {
      do throws(DriverError) { try await runtime.sleep(for: .seconds(1)) } catch { errors.add(error) }
    }
    await clock.waitForSleepers()
    task.cancel()
    await task.value
    #expect(errors.entries.map(\.code) == [.cancelled])
    #expect(errors.entries.map(\.effect) == [.unchanged])
    #expect(clock.sleeperCount == 0)
  }

  // MARK: Randomness and stamps

  @Test("The same seed gives the same draws and the same writer, another seed gives others")
  func random() {
    func draws(_ seed: UInt64) -> [UInt64] {
      let runtime = Runtime.manual(seed: seed)
      return [runtime.nextStamp().writer] + (0..<10).map { _ in runtime.withRandom { $0.next() } }
    }
    #expect(draws(1) == draws(1))
    #expect(draws(1) != draws(2))
    #expect(Set(draws(1)).count == 11)
  }

  // R11
  @Test("Runtimes with the system's randomness have writers of their own")
  func writers() {
    #expect(Runtime().nextStamp().writer != Runtime().nextStamp().writer)
  }

  // R11
  @Test("Stamps follow the wall clock and never run back")
  func stamps() {
    let wall = WallClock()
    wall.set(.milliseconds(1_000))
    let runtime = Runtime(clock: clock, wallClock: { wall.time })
    let first = runtime.nextStamp()
    #expect(first.milliseconds == 1_000)
    wall.set(.milliseconds(400))
    let second = runtime.nextStamp()
    #expect(second > first)
    wall.set(.milliseconds(-5))
    #expect(runtime.nextStamp() > second)
    wall.set(.milliseconds(2_000))
    #expect(runtime.nextStamp().milliseconds == 2_000)
  }

  // R31, R33
  @Test("What was observed is behind the next stamp, however far ahead it is; only what leaves no room is corrupt")
  func observe() throws {
    let (now, day): (UInt64, UInt64) = (1_700_000_000_000, 86_400_000)
    let moments: [UInt64] = [now - day, now + 60_000, now + 400 * day]
    for milliseconds in moments {
      let read = Stamp(time: milliseconds << 16 | 5, writer: 9)
      let lead = try runtime.observe(read)
      #expect(lead == (milliseconds > now ? .milliseconds(Int64(milliseconds - now)) : nil))
      #expect(try runtime.observe(read) == nil, "it has been seen")
      #expect(runtime.nextStamp() > read)
    }
    let absurd = Stamp(time: 1 << 63, writer: 9)
    let error = #expect(throws: DriverError.self) { try runtime.observe(absurd) }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains("\(absurd) leaves no room for newer ones") == true)
    #expect(runtime.nextStamp() < absurd)
  }

  @Test("The system's wall clock counts from 1970")
  func systemTime() {
    // Between the years 2024 and 2200.
    #expect(Runtime.systemTime() > .seconds(1_700_000_000))
    #expect(Runtime.systemTime() < .seconds(7_258_118_400))
  }

  // MARK: Background work

  @Test("Work begins on the caller's thread, before start returns, and is counted until it ends")
  func start() async {
    let gate = Gate()
    let log = Log<String>()
    let task = runtime.start {
      log.add("began")
      try? await gate.wait()
      log.add("ended")
    }
    #expect(log.entries == ["began"])
    #expect(runtime.taskCount == 1)
    gate.open()
    await task.value
    #expect(log.entries == ["began", "ended"])
    #expect(runtime.taskCount == 0)
  }

  // R6
  @Test("Work goes on when the caller's task is cancelled")
  func startFromCancelledTask() async {
    let (runtime, log) = (self.runtime, Log<Bool>())
    await Task {
      cancelCurrentTask()
      runtime.start { log.add(Task.isCancelled) }
    }.value
    await runtime.drain()
    #expect(log.entries == [false])
  }

  // R6
  @Test("Draining with nothing under way is over at once")
  func drainNothing() async {
    #expect(await runtime.drain())
    #expect(await runtime.drain(timeout: .seconds(1)))
    #expect(clock.sleeperCount == 0)
  }

  // R6
  @Test("Draining waits for everything, and everybody who waits is told")
  func drainWaits() async {
    let (runtime, log) = (self.runtime, Log<Bool>())
    let gates = [Gate(), Gate()]
    for gate in gates { runtime.start { try? await gate.wait() } }
    let waiters = (0..<3).map { _ in Task.immediate { log.add(await runtime.drain()) } }
    gates[0].open()
    #expect(log.entries.isEmpty)
    gates[1].open()
    for waiter in waiters { await waiter.value }
    #expect(log.entries == [true, true, true])
  }

  @Test("Draining gives up when its time is over; the work goes on, and can be waited for again")
  func drainTimesOut() async {
    let (runtime, log) = (self.runtime, Log<Bool>())
    let gate = Gate()
    runtime.start { try? await gate.wait() }
    let waiter = Task.immediate { log.add(await runtime.drain(timeout: .seconds(3))) }
    await clock.waitForSleepers()
    clock.advance(by: .milliseconds(2_999))
    #expect(log.entries.isEmpty)
    clock.advance(by: .milliseconds(1))
    await waiter.value
    #expect(log.entries == [false])
    #expect(runtime.taskCount == 1)
    #expect(await runtime.drain(timeout: .zero) == false)
    gate.open()
    #expect(await runtime.drain())
  }

  @Test("Draining that ends in time takes its timer away")
  func drainStopsItsTimer() async {
    let (runtime, log) = (self.runtime, Log<Bool>())
    let gate = Gate()
    runtime.start { try? await gate.wait() }
    let waiter = Task.immediate { log.add(await runtime.drain(timeout: .seconds(3))) }
    await clock.waitForSleepers()
    gate.open()
    await waiter.value
    #expect(log.entries == [true])
    #expect(clock.sleeperCount == 0)
  }

  // R25
  @Test("Draining gives up when its task is cancelled, before it waits or while it does")
  func drainCancelled() async {
    let (runtime, log) = (self.runtime, Log<Bool>())
    let gate = Gate()
    runtime.start { try? await gate.wait() }
    let waiter = Task.immediate { log.add(await runtime.drain()) }
    waiter.cancel()
    await waiter.value
    await Task {
      cancelCurrentTask()
      log.add(await runtime.drain())
    }.value
    #expect(log.entries == [false, false])
    #expect(runtime.taskCount == 1)
    gate.open()
    #expect(await runtime.drain())
  }

  @Test("Work that starts more work is waited for to its end")
  func drainNested() async {
    let (runtime, log) = (self.runtime, Log<String>())
    let gate = Gate()
    runtime.start {
      try? await gate.wait()
      runtime.start {
        await Task.yield()
        log.add("inner")
      }
    }
    gate.open()
    await runtime.drain()
    #expect(log.entries == ["inner"])
  }

  @Test("The runtime's own tasks run on its executor")
  func executor() async {
    let executor = InlineExecutor()
    let runtime = Runtime.manual(executor: executor)
    let gate = Gate()
    let log = Log<Int>()
    runtime.start {
      try? await gate.wait()
      log.add(1)
    }
    let before = executor.jobs.value
    gate.open()
    // The executor runs the rest of the work inside `open`.
    #expect(log.entries == [1])
    #expect(executor.jobs.value > before)
    await runtime.drain()
  }

  @Test("A runtime that could not write stops the program")
  func backgroundLimit() async {
    #expect(Runtime(backgroundLimit: 1).backgroundLimit == 1)
    await #expect(processExitsWith: .failure) { _ = Runtime(backgroundLimit: 0) }
  }
}

/// A wall clock that is set by hand, back too.
private final class WallClock: Sendable {
  private let stored = Mutex(Duration.zero)
  var time: Duration { stored.withLock { $0 } }
  func set(_ time: Duration) { stored.withLock { $0 = time } }
}
