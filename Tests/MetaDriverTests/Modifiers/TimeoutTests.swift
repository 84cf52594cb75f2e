import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct TimeoutTests {
  private let clock = ManualClock()
  private let key = Key.mutable("k")

  // A7, B23, R24
  @Test("A read over a child that never answers, and ignores cancellation, ends when its time is up")
  func deafChild() async {
    let gate = Gate()
    let child = Scripted("deaf") { _ in .hang(gate, ignoringCancellation: true) }
    let runtime = Runtime.manual(clock)
    let tree = child.timeout(.seconds(2))
    let call = Task { [key] in try await tree.get(key, in: Context(runtime)) }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(2))
    let error = await #expect(throws: DriverError.self) { try await call.value }
    #expect(error?.description == "timedOut: get of 'k' had no answer within 2.0 seconds")
    #expect(error?.effect == .unchanged)
    // The read still runs, in the runtime's hands.
    #expect(runtime.taskCount > 0)
    gate.open()
    #expect(await runtime.drain())
  }

  // A7, A22
  @Test("A hung child costs a search no more than its own limit, and the next child answers", .timeLimit(.minutes(10)))
  func search() async throws {
    let gate = Gate()
    let hung = Scripted("hung") { _ in .hang(gate, ignoringCancellation: true) }
    let good = Scripted("good")
    good.contents[key] = Record([1])
    let runtime = Runtime.manual(clock)
    let tree = FirstSuccess {
      hung.timeout(.seconds(3))
      good
    }
    let call = Task { [key] in try await tree.get(key, in: Context(runtime)) }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(3))
    #expect(try await call.value == Record([1]))
    #expect(clock.elapsed == .seconds(3))
    gate.open()
    await runtime.drain()
  }

  @Test("A write that ran out of time is unknown, goes on, and is told of when it ends")
  func lateWrite() async {
    let gate = Gate(), recorder = Recorder()
    let child = Scripted("slow") { _ in .hang(gate) }
    let runtime = Runtime.manual(clock, observer: recorder)
    let tree = child.timeout(.seconds(2))
    let call = Task { [key] in try await tree.put(Record([1]), at: key, in: Context(runtime)) }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(2))
    let error = await #expect(throws: DriverError.self) { try await call.value }
    #expect(
      error?.description
        == "timedOut: put of 'k' had no answer within 2.0 seconds; it may take effect all the same")
    #expect(error?.effect == .unknown)
    #expect(child.contents.isEmpty)
    clock.advance(by: .seconds(3))
    gate.open()
    await runtime.drain()
    #expect(child.contents[key] == Record([1]))
    #expect(recorder.events.map(\.duration) == [.seconds(5)])
  }

  @Test("The time of the call as a whole is never lengthened, and the error says the limit that really ran out")
  func outerDeadline() async {
    let gate = Gate()
    let child = Scripted("hung") { _ in .hang(gate) }
    let runtime = Runtime.manual(clock)
    let tree = child.timeout(.seconds(60))
    let context = Context(runtime, options: CallOptions(timeout: .seconds(1)))
    let call = Task { [key] in try await tree.get(key, in: context) }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(1))
    let error = await #expect(throws: DriverError.self) { try await call.value }
    #expect(error?.message == "get of 'k' had no answer within 1.0 seconds")
    gate.open()
    await runtime.drain()
  }

  @Test("An answer just before the limit is the answer")
  func inTime() async throws {
    let child = Scripted("slow") { _ in .delay(.seconds(1), then: .found(Record([5]))) }
    let runtime = Runtime.manual(clock)
    let tree = child.timeout(.seconds(2))
    let call = Task { [key] in try await tree.get(key, in: Context(runtime)) }
    await clock.waitForSleepers(2)
    clock.advance(by: .seconds(1))
    #expect(try await call.value == Record([5]))
    await runtime.drain()
    #expect(clock.sleeperCount == 0)
  }

  // R25
  @Test("A cancelled caller is answered at once: a read is cancelled below, a write goes on")
  func cancellation() async {
    let gate = Gate()
    let child = Scripted("hung") { _ in .hang(gate) }
    let runtime = Runtime.manual(clock)
    let tree = child.timeout(.seconds(2))
    let read = Task { [key] in try await tree.get(key, in: Context(runtime)) }
    await child.waitForCalls()
    read.cancel()
    let readError = await #expect(throws: DriverError.self) { try await read.value }
    #expect(readError?.code == .cancelled)
    #expect(readError?.effect == .unchanged)
    await child.waitForAnswers()

    let write = Task { [key] in try await tree.put(Record([1]), at: key, in: Context(runtime)) }
    await child.waitForCalls(2)
    write.cancel()
    let writeError = await #expect(throws: DriverError.self) { try await write.value }
    #expect(writeError?.code == .cancelled)
    #expect(writeError?.effect == .unknown)
    gate.open()
    await runtime.drain()
    #expect(child.contents[key] == Record([1]))
  }

  // R13, B24
  @Test("A put that timed out at a first-in-first-out leaf cannot overtake the next put")
  func lateOldPut() async throws {
    let gate = Gate()
    let leaf = Scripted("fifo", ordering: .fifo) { call in call.number == 1 ? .hang(gate) : .ok }
    let runtime = Runtime.manual(clock)
    let tree = leaf.timeout(.seconds(2))
    let old = Task { [key] in try await tree.put(Record([1]), at: key, in: Context(runtime)) }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(2))
    await #expect(throws: DriverError.self) { try await old.value }

    let new = Task { [key] in try await tree.put(Record([2]), at: key, in: Context(runtime)) }
    await clock.waitForSleepers()
    #expect(leaf.calls.count == 1)
    gate.open()
    #expect(try await new.value.result.isAcknowledged)
    await runtime.drain()
    #expect(leaf.calls.compactMap(\.record) == [Record([1]), Record([2])])
    #expect(leaf.contents[key] == Record([2]))
  }

  // R13
  @Test("A put whose time ran out while it waited for its turn is never made; other keys do not wait")
  func expiredTurn() async throws {
    let gate = Gate()
    let leaf = Scripted("fifo", ordering: .fifo) { call in call.number == 1 ? .hang(gate) : .ok }
    let runtime = Runtime.manual(clock)
    let tree = leaf.timeout(.seconds(2))
    let first = Task { [key] in try await tree.put(Record([1]), at: key, in: Context(runtime)) }
    await clock.waitForSleepers()
    let second = Task { [key] in try await tree.put(Record([2]), at: key, in: Context(runtime)) }
    await clock.waitForSleepers(2)
    _ = try await tree.put(Record([3]), at: .mutable("other"), in: Context(runtime))
    clock.advance(by: .seconds(2))
    for call in [first, second] { await #expect(throws: DriverError.self) { try await call.value } }
    gate.open()
    await runtime.drain()
    #expect(leaf.calls.compactMap(\.record) == [Record([1]), Record([3])])
    #expect(leaf.contents[key] == Record([1]))
  }

  // R29
  @Test("When too many operations outlived their limit, the next is refused instead of joining them")
  func bound() async {
    let gate = Gate()
    let child = Scripted("hung") { _ in .hang(gate, ignoringCancellation: true) }
    let runtime = Runtime.manual(clock, backgroundLimit: 2)
    let tree = child.timeout(.seconds(1))
    for round in 1...2 {
      let call = Task { [key] in try await tree.get(key, in: Context(runtime)) }
      await child.waitForCalls(round)
      await clock.waitForSleepers()
      clock.advance(by: .seconds(1))
      await #expect(throws: DriverError.self) { try await call.value }
    }
    let error = await #expect(throws: DriverError.self) { try await tree.get(key, in: Context(runtime)) }
    #expect(error?.code == .throttled)
    #expect(child.calls.count == 2)
    gate.open()
    await runtime.drain()
    #expect(throws: Never.self) { child.contents[key] = Record([1]) }
    await #expect(throws: Never.self) { try await tree.get(key, in: Context(runtime)) }
  }

  @Test("A limit that lets nothing through is a mistake of the author", arguments: [0, -1])
  func zero(seconds: Int) async {
    await #expect(processExitsWith: .failure) { _ = MemoryDriver().timeout(.zero) }
  }
}
