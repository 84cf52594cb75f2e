import MetaDriver
import TestSupport
import Testing

@testable import MetaDriverTesting

@Suite struct DelayedTests {
  private let clock = ManualClock()
  private let executor = ManualExecutor()
  private let key: Key = "k"

  private func context() -> Context { Context(Runtime.manual(clock, executor: executor)) }

  private func run<Answer: Sendable>(
    _ body: @escaping @Sendable () async throws(DriverError) -> Answer
  ) -> StartedCall<Answer> { StartedCall(on: executor, body) }

  // B13: a wrapper that wraps some operations and passes others by.
  @Test(
    "Every operation is delayed on its way to the child, and its answer on the way back",
    arguments: [.get, .put, .compareAndPut, .delete, .list, .stat, .open, .close] as [Event.Operation])
  func operations(operation: Event.Operation) {
    let child = Scripted("child")
    let delayed = child.delayed(by: .constant(.seconds(1)))
    let (context, key) = (context(), key)
    let call = run { () throws(DriverError) in
      switch operation {
      case .get: _ = try await delayed.get(key, in: context)
      case .put, .repair, .handoff: _ = try await delayed.put(Record([1]), at: key, in: context)
      case .compareAndPut: _ = try await delayed.put(Record([1]), at: key, if: .absent, in: context)
      case .delete: _ = try await delayed.delete(key, proof: nil, in: context)
      case .list: _ = try await delayed.list(ListRequest(), in: context)
      case .stat: _ = try await delayed.stat(key, in: context)
      case .open: _ = try await delayed.open(in: context)
      case .close: try await delayed.close(in: context)
      }
    }
    #expect(call.result == nil && child.calls.isEmpty)
    clock.advance(by: .seconds(1))
    #expect(call.result == nil && child.calls.map(\.operation) == [operation])
    clock.advance(by: .seconds(1))
    #expect(call.answer != nil)
  }

  @Test("A read by URL is delayed") func urls() throws {
    let child = Scripted("child", scheme: "test")
    let delayed = Delayed(by: .constant(.seconds(1))) { child }
    let url = try #require(delayed.url(for: key))
    #expect(delayed.handles(url))
    let context = context()
    let call = run { () throws(DriverError) in try await delayed.get([url], in: context) }
    #expect(child.calls.isEmpty)
    clock.advance(by: .seconds(1))
    #expect(call.result == nil && child.calls.count == 1)
    clock.advance(by: .seconds(1))
    #expect(call.answer == .some(nil))
  }

  @Test("An error of the child arrives as late as an answer, and is the same") func error() {
    let delayed = Scripted("child", answers: [.error(.denied)]).delayed(by: .constant(.seconds(1)))
    let (context, key) = (context(), key)
    let call = run { () throws(DriverError) in try await delayed.get(key, in: context) }
    clock.advance(by: .seconds(1))
    #expect(call.result == nil)
    clock.advance(by: .seconds(1))
    #expect(call.error?.description == "denied at child: scripted")
  }

  // R25.
  @Test("A call that is cancelled before the child was asked changes nothing; later, nobody knows of a write")
  func cancelled() {
    let child = Scripted("child")
    let delayed = child.delayed(by: .constant(.seconds(1)))
    let (context, key) = (context(), key)
    let early = run { () throws(DriverError) in try await delayed.put(Record([1]), at: key, in: context) }
    early.cancel()
    #expect(early.error?.description == "cancelled: cancelled before child was asked")
    #expect(early.error?.effect == .unchanged && child.calls.isEmpty)
    let late = run { () throws(DriverError) in try await delayed.put(Record([1]), at: key, in: context) }
    clock.advance(by: .seconds(1))
    #expect(late.result == nil)
    late.cancel()
    #expect(late.error?.code == .cancelled && late.error?.effect == .unknown)
    #expect(child.contents[key] == Record([1]))
    let read = run { () throws(DriverError) in try await delayed.get(key, in: context) }
    clock.advance(by: .seconds(1))
    #expect(read.result == nil)
    read.cancel()
    #expect(read.error?.effect == .unchanged)
  }

  @Test("Delays follow from the seed", arguments: [1, 2] as [UInt64]) func seeds(seed: UInt64) {
    func elapsed(_ seed: UInt64) -> Duration {
      let clock = ManualClock()
      let runtime = Runtime.manual(clock, executor: executor)
      let delayed = Scripted("child").delayed(by: .uniform(.milliseconds(1) ... .seconds(1)), seed: seed)
      let call = run { [key] () throws(DriverError) in try await delayed.get(key, in: Context(runtime)) }
      while call.result == nil { clock.advanceToNextSleeper() }
      return clock.elapsed
    }
    #expect(elapsed(seed) == elapsed(seed))
    #expect(elapsed(seed) != elapsed(seed + 10))
  }

  @Test("Its outline says by how much") func outline() {
    #expect(
      "\(MemoryDriver("m").delayed(by: .exponential(mean: .milliseconds(20))).outline)"
        == "Delayed (by: 20ms on average)\n└─ MemoryDriver \"m\"")
  }
}
