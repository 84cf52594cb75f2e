import MetaDriver
import MetaDriverTesting
import Testing

@Suite struct LongHistoryTests {
  @Test func `100,000 operations of 32 clients on one key are judged, and one wrong answer among them is found`() throws
  {
    var generator = SeededGenerator(seed: 7)
    var history = LongHistory(count: 100_000, clients: 32).make(&generator)
    #expect(try history.violations(of: Guarantee.allCases).isEmpty)
    // A client reads its own value again, long after others have replaced it.
    let put = try #require(history.operations.firstIndex { if case .put = $0.kind { true } else { false } })
    let get = try #require(history.operations.lastIndex { if case .get = $0.kind { true } else { false } })
    guard case .put(let value) = history.operations[put].kind else { return }
    history.operations[get].kind = .get(value)
    history.operations[get].session = history.operations[put].session
    let violated = Set(try history.violations(of: Guarantee.allCases).map(\.guarantee))
    #expect(violated.isSuperset(of: [.linearizable, .regular, .monotonicReads]), "\(violated)")
  }
}
