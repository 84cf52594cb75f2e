import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

@Suite(.timeLimit(.minutes(10))) struct LeafTests {
  private let key = Key.mutable("a")
  private let clock = ManualClock()
  private let runtime: Runtime
  private let leaf = Leaf("disk")
  private let log = Log<String>()

  init() { runtime = .manual(clock) }

  /// Starts a write that notes how it ended. It is in line when this returns, because the runtime starts tasks on the
  /// caller's thread.
  @discardableResult
  private func write(
    _ name: String, at key: Key? = nil, _ context: Context? = nil,
    body: @escaping @Sendable () async throws(DriverError) -> Void = { () throws(DriverError) in }
  ) -> Task<Void, Never> {
    let (key, context) = (key ?? self.key, context ?? Context(runtime))
    return runtime.start { [leaf, log] in
      do throws(DriverError) {
        try await leaf.inTurn(key, context) { () throws(DriverError) in
          log.add("\(name) began")
          try await body()
          // Still inside the turn: what is noted after it races with the next writer.
          log.add("\(name) ended")
        }
      } catch { log.add("\(name) \(error.code), \(error.effect)") }
    }
  }

  /// Starts a write that holds the key until the gate opens.
  @discardableResult
  private func hold(_ name: String, _ gate: Gate) -> Task<Void, Never> {
    write(name) { () throws(DriverError) in try? await gate.wait(ignoringCancellation: true) }
  }

  // R13
  @Test("Writes of one key go through one after the other, in the order in which they came")
  func order() async {
    let gate = Gate()
    hold("0", gate)
    for name in 1...20 { write("\(name)") }
    #expect(log.entries == ["0 began"])
    gate.open()
    await runtime.drain()
    #expect(log.entries == (0...20).flatMap { ["\($0) began", "\($0) ended"] })
  }

  // R13
  @Test("However many tasks write at once, no two are in the same key together")
  func exclusion() async {
    let inside = Counter()
    let overlaps = Counter()
    let (leaf, context) = (self.leaf, Context(runtime))
    await withTaskGroup { group in
      for number in 0..<200 {
        let key: Key = number.isMultiple(of: 2) ? .mutable("a") : .mutable("b")
        let counts = number.isMultiple(of: 2)
        group.addTask {
          try? await leaf.inTurn(key, context) { () throws(DriverError) in
            guard counts else { return await Task.yield() }
            inside.add(1)
            if inside.value > 1 { overlaps.add(1) }
            await Task.yield()
            inside.add(-1)
          }
        }
      }
    }
    #expect(overlaps.value == 0)
    #expect(inside.value == 0)
  }

  // A24
  @Test("A key that is being written does not hold up another")
  func independentKeys() async {
    let gate = Gate()
    hold("slow", gate)
    await write("other", at: .mutable("b")).value
    #expect(log.entries == ["slow began", "other began", "other ended"])
    gate.open()
    await runtime.drain()
  }

  // A47
  @Test("A write that fails lets the next one through")
  func failureFreesTheKey() async {
    await write("first") { () throws(DriverError) in throw DriverError(.unavailable, "down") }.value
    await write("second").value
    #expect(log.entries == ["first began", "first unavailable, unknown", "second began", "second ended"])
  }

  // R25
  @Test("A cancelled waiter answers at once, has changed nothing, and leaves no hole in the line")
  func cancelledWaiter() async {
    let gate = Gate()
    hold("0", gate)
    write("1")
    let waiter = write("2")
    write("3")
    waiter.cancel()
    await waiter.value
    #expect(log.entries == ["0 began", "2 cancelled, unchanged"])
    gate.open()
    await runtime.drain()
    #expect(log.entries.suffix(5) == ["0 ended", "1 began", "1 ended", "3 began", "3 ended"])
    await write("4").value
    #expect(log.entries.last == "4 ended")
  }

  @Test("A waiter that was cancelled before it came does not wait")
  func cancelledBefore() async {
    let gate = Gate()
    hold("0", gate)
    let (leaf, log, key, context) = (self.leaf, self.log, self.key, Context(runtime))
    await runtime.start {
      cancelCurrentTask()
      do throws(DriverError) {
        try await leaf.inTurn(key, context) { () throws(DriverError) in log.add("1 began") }
      } catch { log.add("1 \(error.code), \(error.effect)") }
    }.value
    #expect(log.entries == ["0 began", "1 cancelled, unchanged"])
    gate.open()
    await runtime.drain()
    await write("2").value
    #expect(log.entries.last == "2 ended")
  }

  // R6
  @Test("A write that has its turn goes on when its task is cancelled")
  func cancelledWriter() async {
    let gate = Gate()
    let writer = hold("0", gate)
    writer.cancel()
    write("1")
    #expect(log.entries == ["0 began"])
    gate.open()
    await runtime.drain()
    #expect(log.entries == ["0 began", "0 ended", "1 began", "1 ended"])
  }

  @Test("A write whose deadline passed while it waited is not made, and says that nothing changed")
  func deadline() async {
    let gate = Gate()
    hold("0", gate)
    write("late", Context(runtime, options: CallOptions(timeout: .seconds(5))))
    write("in time", Context(runtime, options: CallOptions(timeout: .seconds(6))))
    clock.advance(by: .seconds(5))
    gate.open()
    await runtime.drain()
    #expect(
      log.entries.filter { $0 != "late timedOut, unchanged" } == [
        "0 began", "0 ended", "in time began", "in time ended",
      ])
    #expect(log.entries.contains("late timedOut, unchanged"))
  }

  // R29
  @Test("One waiter more than the line holds is throttled, and the line empties")
  func full() async {
    let gate = Gate()
    hold("0", gate)
    for name in 1...TurnQueue.capacity { write("\(name)") }
    let refused = write("refused")
    await refused.value
    #expect(log.entries == ["0 began", "refused throttled, unchanged"])
    // The limit is the leaf's, not the key's; a key that is free needs no place in the line.
    await write("free", at: .mutable("b")).value
    #expect(log.entries.last == "free ended")
    gate.open()
    await runtime.drain()
    #expect(log.entries.last == "\(TurnQueue.capacity) ended")
    #expect(log.entries.count == 1 + 1 + 2 + 1 + 2 * TurnQueue.capacity)
  }

  @Test("A leaf that orders puts itself, or not at all, makes nobody wait", arguments: [PutOrdering.newestWins, .none])
  func noQueue(ordering: PutOrdering) async throws {
    let leaf = Leaf(ordering: ordering)
    let key = self.key
    let context = Context(runtime)
    let gate = Gate()
    runtime.start {
      try? await leaf.inTurn(key, context) { () throws(DriverError) in try? await gate.wait() }
    }
    #expect(try await leaf.inTurn(key, context) { () throws(DriverError) in 7 } == 7)
    gate.open()
    await runtime.drain()
  }

  // R28
  @Test("Leaves without an identity are unlike each other, and one that is given is kept")
  func identity() {
    #expect(Leaf("a").identity != Leaf("a").identity)
    #expect(Leaf("a", identity: "s3:eu").identity == "s3:eu")
    #expect(Leaf().name == nil)
    #expect(Leaf().ordering == .fifo)
  }

  @Test("The orderings print in words")
  func orderings() {
    #expect(
      [PutOrdering.newestWins, .fifo, .none].map(\.description) == ["newest wins", "first in, first out", "none"])
  }
}
