import MetaDriver
import Synchronization
import TestSupport
import Testing

@testable import MetaDriverDisk

@Suite struct DriverThreadsTests {
  /// Holds work up until it is opened.
  private final class Gate: Sendable {
    private let monitor = Monitor((isOpen: false, waiting: 0))
    func pass() {
      monitor.withLock { $0.waiting += 1 }
      monitor.wait { $0.isOpen ? () : nil }
    }
    func open() {
      monitor.withLock { $0.isOpen = true }
      monitor.signalAll()
    }
    var waiting: Int { monitor.withLock { $0.waiting } }
  }

  private func until(_ condition: () -> Bool) async { while !condition() { await Task.yield() } }

  // R25
  @Test("Work that has not started is dropped on cancellation, work that has started ends")
  func cancellation() async throws {
    let (threads, gate) = (DriverThreads(of: "DiskDriver", threadLimit: 4), Gate())
    let started = Task {
      try await threads.run(.mutable("key"), Context()) {
        gate.pass(); return 1
      }
    }
    await until { gate.waiting == 1 }
    let queued = Task { try await threads.run(.mutable("key"), Context()) { Issue.record("it ran") } }
    await until { threads.waitingCount == 1 }
    queued.cancel()
    started.cancel()
    let error = try await failure { () throws(DriverError) in try await queued.result.typed.get() }
    #expect(error.code == .cancelled && error.effect == .unchanged)
    gate.open()
    #expect(try await started.value == 1)
    await threads.close()
  }

  // R29
  @Test("A full queue says so, and takes work again when it has room")
  func full() async throws {
    let (threads, gate) = (DriverThreads(of: "DiskDriver", threadLimit: 4), Gate())
    let count = 4 + DriverThreads.queueLimit
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { try await threads.run(nil, Context()) { gate.pass() } } }
      await until { gate.waiting == 4 }
      for _ in 4..<count {
        group.addTask { try await threads.run(nil, Context()) { gate.pass() } }
      }
      await until { threads.waitingCount == DriverThreads.queueLimit }
      let error = try await failure { () throws(DriverError) in try await threads.run(nil, Context()) {} }
      #expect(error.code == .throttled && error.effect == .unchanged && error.isRetryable)
      gate.open()
      try await group.waitForAll()
    }
    try await threads.run(nil, Context()) {}
    #expect(threads.threadCount == 4)
    await threads.close()
    await until { threads.threadCount == 0 }
  }

  @Test("A deadline that passed while the work waited drops it")
  func deadline() async throws {
    let now = Mutex(Duration.zero)
    let runtime = Runtime(clock: ManualClock { now.withLock { $0 } })
    let (threads, gate) = (DriverThreads(of: "DiskDriver", threadLimit: 4), Gate())
    let first = Task { try await threads.run(.mutable("key"), Context()) { gate.pass() } }
    await until { gate.waiting == 1 }
    let second = Task {
      try await threads.run(.mutable("key"), Context(runtime, options: CallOptions(timeout: .seconds(1)))) {
        Issue.record("it ran")
      }
    }
    await until { threads.waitingCount == 1 }
    now.withLock { $0 = .seconds(1) }
    gate.open()
    let error = try await failure { () throws(DriverError) in try await second.result.typed.get() }
    #expect(error.code == .timedOut && error.effect == .unchanged)
    try await first.value
    await threads.close()
  }

  @Test("Closing waits for accepted work and refuses more")
  func closing() async throws {
    let (threads, gate) = (DriverThreads(of: "DiskDriver", threadLimit: 4), Gate())
    let work = Task {
      try await threads.run(nil, Context()) {
        gate.pass(); return 1
      }
    }
    await until { gate.waiting == 1 }
    let closing = Task { await threads.close() }
    await until { threads.isClosing }
    let error = try await failure { () throws(DriverError) in try await threads.run(nil, Context()) {} }
    #expect(error.code == .closed)
    gate.open()
    #expect(try await work.value == 1)
    await closing.value
    await threads.close()
  }
}

/// A clock that says what it is told.
private struct ManualClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }
  let read: @Sendable () -> Duration
  var now: Instant { Instant(offset: read()) }
  var minimumResolution: Duration { .zero }
  func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
}

extension Result where Failure == any Error {
  /// The same, of a task that throws nothing but driver errors.
  fileprivate var typed: Result<Success, DriverError> {
    mapError { $0 as? DriverError ?? DriverError(.unavailable, "not a driver error: \($0)") }
  }
}
