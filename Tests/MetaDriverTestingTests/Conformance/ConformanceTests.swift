import MetaDriver
import MetaDriverTesting
import Testing

@Suite struct ConformanceTests {
  @Test("A sound driver passes every case", arguments: Conformance.Case.allCases)
  func sound(testCase: Conformance.Case) throws {
    for ordering in [PutOrdering.newestWins, .fifo, .none] {
      let report = try #require(
        deterministically { runtime in
          await Conformance(runtime: runtime, place: { ShelfDriver(ordering: ordering) }, driver: { $0 }).run([testCase]
          )
        })
      #expect(report.findings.isEmpty, "\(report)")
    }
  }
}
