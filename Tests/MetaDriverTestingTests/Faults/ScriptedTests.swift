import MetaDriver
import MetaDriverTesting
import Testing

@Suite struct ScriptedTests {
  @Test("Answers are given in their order, then the rest") func answers() async throws {
    let eu = Scripted("eu", answers: [.error(.denied), .lostReply(), .absent])
    let denied = await #expect(throws: DriverError.self) { try await eu.put([1], at: "k") }
    #expect(denied?.code == .denied && eu.contents.isEmpty)
    let lost = await #expect(throws: DriverError.self) { try await eu.put([2], at: "k") }
    #expect(lost?.effect == .unknown && eu.contents["k"] == Record([2]))
    #expect(try await eu.get("k") == nil)
    #expect(try await eu.get("k")?.bytes == [2])
    #expect(eu.calls.map(\.operation) == [.put, .put, .get, .get])
    #expect(eu.mistakes.isEmpty)
  }

  @Test("A read by URL finds the first copy among the URLs of its scheme") func urls() async throws {
    let eu = Scripted("eu", scheme: "test")
    try await eu.put([1], at: "here")
    let urls = try ["gone", "here"].map { name in try #require(eu.url(for: Key(.mutable, name: name))) }
    let elsewhere = try StorageURL("other:here")
    #expect(try await eu.get([elsewhere] + urls, in: Context())?.bytes == [1])
    #expect(try await eu.get([elsewhere, urls[0]], in: Context()) == nil)
    #expect(eu.calls.dropFirst().map(\.key) == ["gone", "gone"])
  }

  @Test("An answer that does not fit its call is an error that names it, and a mistake of the script") func mistakes()
    async
  {
    let receipt = Scripted.Answer.receipt(Receipt(.stored))
    let eu = Scripted(
      "eu", answers: [receipt, .absent, .found(Record([1])), receipt, .hang(openGate(), then: receipt), .absent])
    let context = Context()
    let errors = [
      await error { () throws(DriverError) in _ = try await eu.get("k", in: context) },
      await error { () throws(DriverError) in _ = try await eu.put(Record([1]), at: "k", in: context) },
      await error { () throws(DriverError) in _ = try await eu.list(ListRequest(), in: context) },
      await error { () throws(DriverError) in try await eu.close(in: context) },
      await error { () throws(DriverError) in _ = try await eu.stat("k", in: context) },
      await error { () throws(DriverError) in _ = try await eu.open(in: context) },
    ]
    let expected = [
      "answer 1 of the script of eu: .receipt does not answer get",
      "answer 2 of the script of eu: .absent does not answer put",
      "answer 3 of the script of eu: .found does not answer list",
      "answer 4 of the script of eu: .receipt does not answer close",
      "answer 5 of the script of eu: .receipt does not answer stat",
      "answer 6 of the script of eu: .absent does not answer open",
    ]
    #expect(errors.map { $0?.message } == expected)
    #expect(errors.allSatisfy { $0?.code == .unsupported && $0?.effect == .unchanged })
    #expect(eu.mistakes == expected)
  }

  @Test("A hung call goes on when its gate opens, or ends when it is cancelled") func hang() async throws {
    let gate = Gate()
    let eu = Scripted("eu") { _ in .hang(gate) }
    let waiting = Task { try await eu.put([1], at: "k") }
    let cancelled = Task { try await eu.put([2], at: "j") }
    await gate.waitForWaiters(2)
    cancelled.cancel()
    let error = await #expect(throws: DriverError.self) { try await cancelled.value }
    #expect(error?.code == .cancelled)
    gate.open()
    _ = try await waiting.value
    #expect(Array(eu.contents.keys) == ["k"])
  }

  private func openGate() -> Gate {
    let gate = Gate()
    gate.open()
    return gate
  }

  private func error(_ body: () async throws(DriverError) -> Void) async -> DriverError? {
    do throws(DriverError) { try await body() } catch { return error }
    return nil
  }
}
