import MetaDriverTesting
import Synchronization
import TestSupport
import Testing

@testable import MetaDriver

@Suite struct FanOutTests {
  /// Decided when so many have answered, with whatever.
  private struct Count: TestTally {
    let needed: Int
    var answers: [Int] = []
    var failures: [Int: DriverError.Code] = [:]
    var isDecided: Bool { answers.count >= needed }

    mutating func record(_ result: Result<Int, DriverError>, from index: Int) {
      switch result {
      case .success(let answer): answers.append(answer)
      case .failure(let error): failures[index] = error.code
      }
    }
  }

  /// Children that wait at gates of their own, and a runtime in which nothing runs until it is told to.
  private final class World: Sendable {
    struct Ended {
      let tally: Count
      let ending: FanOut<Count>.Ending
    }

    let executor = ManualExecutor()
    let clock = ManualClock()
    let runtime: Runtime
    let stragglers: Stragglers
    let gates: [Gate]
    private let state = Mutex<(begun: [Int], cancelled: Set<Int>)>(([], []))

    init(_ count: Int, backgroundLimit: Int = 1_024) {
      runtime = .manual(clock, executor: executor, backgroundLimit: backgroundLimit)
      stragglers = Stragglers(children: count)
      gates = (0..<count).map { _ in Gate() }
    }

    /// Which children were begun, in their order.
    var begun: [Int] { state.withLock(\.begun) }
    /// Which saw that they were cancelled, when they were let through.
    var cancelled: Set<Int> { state.withLock(\.cancelled) }

    func run(
      needed: Int, losers: FanOut<Count>.Losers, isWrite: Bool = false, deadline: Duration? = nil
    ) -> (ended: Box<Ended>, task: Task<Void, Never>) {
      let ended = Box<Ended>()
      let task = Task(executorPreference: executor) { [self] in
        let (tally, ending) = await FanOut.run(
          Count(needed: needed), over: Array(gates.indices), on: runtime, stragglers: stragglers, losers: losers,
          isWrite: isWrite, deadline: deadline
        ) { [self] index throws(DriverError) in
          state.withLock { $0.begun.append(index) }
          try? await gates[index].wait(ignoringCancellation: true)
          if Task.isCancelled { state.withLock { _ = $0.cancelled.insert(index) } }
          return index
        }
        ended.value = Ended(tally: tally, ending: ending)
      }
      executor.runUntilIdle()
      return (ended, task)
    }

    func open(_ index: Int) {
      gates[index].open()
      executor.runUntilIdle()
    }
  }

  @Test("The caller is answered as soon as it is decided, in every order, and later answers change nothing")
  func early() {
    for order in permutations([0, 1, 2]) {
      let world = World(3)
      let call = world.run(needed: 2, losers: .continued, isWrite: true)
      #expect(world.begun == [0, 1, 2])
      world.open(order[0])
      #expect(call.ended.value == nil)
      world.open(order[1])
      #expect(call.ended.value?.ending == .decided)
      #expect(call.ended.value?.tally.answers == [order[0], order[1]])
      #expect(world.runtime.taskCount == 1)
      world.open(order[2])
      #expect(call.ended.value?.tally.answers == [order[0], order[1]])
      #expect(world.runtime.taskCount == 0)
      #expect(world.cancelled.isEmpty)
    }
  }

  @Test("A read asks nobody more when those before have decided; a write asks everybody")
  func atOnce() {
    for isWrite in [false, true] {
      let world = World(3)
      for gate in world.gates { gate.open() }
      let call = world.run(needed: 2, losers: .continued, isWrite: isWrite)
      #expect(world.begun == (isWrite ? [0, 1, 2] : [0, 1]))
      #expect(call.ended.value?.tally.answers == (isWrite ? [0, 1, 2] : [0, 1]))
      #expect(world.runtime.taskCount == 0)
    }
  }

  // B2, R6
  @Test("Losers are cancelled, go on or are waited for")
  func losers() {
    for losers in [FanOut<Count>.Losers.cancelled, .continued, .awaited] {
      let world = World(2)
      let call = world.run(needed: 1, losers: losers, isWrite: true)
      world.open(0)
      #expect((call.ended.value == nil) == (losers == .awaited))
      world.open(1)
      #expect(call.ended.value?.ending == .decided)
      #expect(call.ended.value?.tally.answers == (losers == .awaited ? [0, 1] : [0]))
      #expect(world.cancelled == (losers == .cancelled ? [1] : []))
    }
  }

  @Test("It ends undecided when everybody has answered")
  func undecided() {
    let world = World(2)
    let call = world.run(needed: 3, losers: .cancelled)
    world.open(1)
    #expect(call.ended.value == nil)
    world.open(0)
    #expect(call.ended.value?.ending == .decided)
    #expect(call.ended.value?.tally.isDecided == false)
  }

  // R25, R6
  @Test("A caller who goes away is answered at once; reads are cancelled, and writes are not, whatever losers are")
  func cancelled() {
    for isWrite in [false, true] {
      for losers in [FanOut<Count>.Losers.cancelled, .continued, .awaited] {
        let world = World(2)
        let call = world.run(needed: 2, losers: losers, isWrite: isWrite)
        world.open(0)
        call.task.cancel()
        world.executor.runUntilIdle()
        #expect(call.ended.value?.ending == .cancelled)
        #expect(call.ended.value?.tally.answers == [0])
        #expect(world.runtime.taskCount == 1)
        world.open(1)
        #expect(world.cancelled == (isWrite ? [] : [1]), "write \(isWrite), losers \(losers)")
        #expect(world.runtime.taskCount == 0)
      }
    }
  }

  // B23, R24
  @Test("The deadline answers on time over children that ignore cancellation, and not before")
  func deadline() {
    for isWrite in [false, true] {
      let world = World(2)
      let call = world.run(
        needed: 2, losers: isWrite ? .continued : .cancelled, isWrite: isWrite, deadline: .seconds(2))
      world.open(0)
      world.clock.advance(by: .seconds(2) - .nanoseconds(1))
      world.executor.runUntilIdle()
      #expect(call.ended.value == nil)
      world.clock.advance(by: .nanoseconds(1))
      world.executor.runUntilIdle()
      #expect(call.ended.value?.ending == .timedOut)
      #expect(call.ended.value?.tally.answers == [0])
      world.open(1)
      #expect(call.ended.value?.tally.answers == [0])
      #expect(world.cancelled == (isWrite ? [] : [1]))
      #expect(world.runtime.taskCount == 0)
    }
  }

  @Test("A deadline that has passed already is answered at once, unless everything is decided")
  func pastDeadline() {
    for isReady in [false, true] {
      let world = World(1)
      if isReady { world.gates[0].open() }
      world.clock.advance(by: .seconds(5))
      let call = world.run(needed: 1, losers: .cancelled, deadline: .seconds(1))
      #expect(call.ended.value?.ending == (isReady ? .decided : .timedOut))
      world.open(0)
      #expect(world.runtime.taskCount == 0)
    }
  }

  @Test("An answer in time leaves no timer behind")
  func timer() {
    let world = World(1)
    let call = world.run(needed: 1, losers: .cancelled, deadline: .seconds(1))
    #expect(world.clock.sleeperCount == 1)
    world.open(0)
    #expect(call.ended.value?.ending == .decided)
    #expect(world.clock.sleeperCount == 0)
    #expect(world.runtime.taskCount == 0)
  }

  // R29
  @Test("A child that holds too many operations whose callers were answered is left alone, and no other child is")
  func stragglers() {
    let world = World(2, backgroundLimit: 2)
    world.gates[0].open()
    for _ in 0..<2 {
      let call = world.run(needed: 1, losers: .continued, isWrite: true)
      #expect(call.ended.value?.tally.failures == [:])
    }
    #expect(world.begun == [0, 1, 0, 1])
    let refused = world.run(needed: 1, losers: .continued, isWrite: true)
    #expect(refused.ended.value?.tally.answers == [0])
    #expect(refused.ended.value?.tally.failures == [1: .throttled])
    #expect(world.begun == [0, 1, 0, 1, 0])
    world.open(1)
    let again = world.run(needed: 2, losers: .continued, isWrite: true)
    #expect(again.ended.value?.tally.answers == [0, 1])
  }

  @Test("Every way of leaving a child behind counts, and is counted back when it ends")
  func counting() {
    for (number, leave) in ["decided", "cancelled", "timed out"].enumerated() {
      let world = World(1, backgroundLimit: 1)
      let call = world.run(needed: number == 0 ? 0 : 1, losers: .continued, isWrite: true, deadline: .seconds(1))
      if number == 1 { call.task.cancel() }
      if number == 2 { world.clock.advance(by: .seconds(1)) }
      world.executor.runUntilIdle()
      #expect(call.ended.value != nil, "\(leave)")
      #expect(world.run(needed: 1, losers: .continued).ended.value?.tally.failures == [0: .throttled], "\(leave)")
      world.open(0)
      #expect(world.run(needed: 1, losers: .continued).ended.value?.tally.failures == [:], "\(leave)")
      #expect(world.runtime.taskCount == 0, "\(leave)")
    }
  }

  @Test("What is still waited for does not count as left behind")
  func notCounting() {
    let world = World(1, backgroundLimit: 1)
    let first = world.run(needed: 1, losers: .continued)
    let second = world.run(needed: 1, losers: .continued)
    #expect(world.begun == [0, 0])
    world.open(0)
    #expect(first.ended.value?.tally.answers == [0])
    #expect(second.ended.value?.tally.answers == [0])
  }

  // B23, R24: the result that comes too late reaches the observer.
  @Test("A write that outlives its time limit is reported when it ends")
  func lateResult() async throws {
    let (gate, clock, recorder) = (Gate(), ManualClock(), Recorder())
    let leaf = Scripted("slow") { _ in .hang(gate, ignoringCancellation: true) }
    let runtime = Runtime.manual(clock, observer: recorder)
    let node = leaf.timeout(.seconds(1))
    let call = Task { () -> DriverError? in
      do throws(DriverError) {
        _ = try await Context(runtime).put(Record([1]), at: vectorKey, to: node)
        return nil
      } catch { return error }
    }
    await leaf.waitForCalls()
    await clock.waitForSleepers()
    clock.advance(by: .seconds(1))
    let error = try #require(await call.value)
    #expect(error.code == .timedOut)
    #expect(error.effect == .unknown)
    #expect(recorder.events.count == 1)
    gate.open()
    #expect(await runtime.drain())
    #expect(leaf.contents[vectorKey]?.bytes == [1])
    #expect(recorder.events.count == 2)
    let late = try #require(recorder.events.last)
    guard case .acknowledged = late.outcome else {
      Issue.record("\(late)")
      return
    }
  }
}

/// The package's protocol, under a name that the helper of that name does not hide.
private typealias TestTally = MetaDriver.Tally

/// How a call ended, once it has.
private final class Box<Value: Sendable>: Sendable {
  private let stored = Mutex<Value?>(nil)
  var value: Value? {
    get { stored.withLock { $0 } }
    set { stored.withLock { $0 = newValue } }
  }
}
