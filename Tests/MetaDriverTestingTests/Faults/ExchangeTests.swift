import MetaDriver
import Testing

@testable import MetaDriverTesting

@Suite struct ExchangeTests {
  private static let call = FaultCall(leaf: "eu", step: nil, operation: .put, number: 1)

  /// A caller that waits, and its request under way.
  private func waiting(isCancellable: Bool) async -> (exchange: Exchange<Int>, caller: Task<DriverError?, Never>) {
    let exchange = Exchange<Int>(Self.call, isCancellable: isCancellable, hasArrived: false)
    let isSent = Gate()
    let caller = Task { () -> DriverError? in
      if case .failure(let error) = await exchange.answer({ isSent.open() }) { error } else { nil }
    }
    try? await isSent.wait()
    return (exchange, caller)
  }

  @Test("A request that was called back stays so, however often its caller is cancelled", arguments: [true, false])
  func cancelledTwice(isCancellable: Bool) async {
    let (exchange, caller) = await waiting(isCancellable: isCancellable)
    exchange.cancel()
    exchange.cancel()
    #expect(exchange.arrive() == !isCancellable)
    #expect(await caller.value?.effect == (isCancellable ? .unchanged : .unknown))
  }

  @Test("What was answered cannot be cancelled any more, and what was cancelled not answered") func late() async {
    let (answered, caller) = await waiting(isCancellable: true)
    #expect(answered.arrive())
    answered.finish(.success(7))
    answered.cancel()
    #expect(await caller.value == nil)

    let (cancelled, other) = await waiting(isCancellable: true)
    cancelled.cancel()
    cancelled.finish(.success(7))
    #expect(await other.value?.code == .cancelled)
  }
}
