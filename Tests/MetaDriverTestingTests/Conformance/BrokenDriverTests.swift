import MetaDriver
import MetaDriverTesting
import Testing

/// The suite is only as good as what it rejects.
@Suite struct BrokenDriverTests {
  // A1: payloads, ids, longIDs, kinds. A2: urls, predicates. A3: overwriting. A4: deletes, urls. A5: deletesOfAbsent,
  // errors. A6: verification. A7: errors, and the time limit of every case. A8, B14: capabilities. A47: concurrentWriters,
  // concurrentReaders. A48: createOnly, compareAndPut, createRaces, counting. A49: the listings. B30: ids, kinds.
  @Test("A broken driver is rejected, by the cases that are about what is broken", arguments: Breakage.all)
  func rejected(breakage: Breakage) throws {
    let report = try #require(
      deterministically { runtime in
        await Conformance(runtime: runtime, place: breakage.make, driver: { $0 }).run()
      })
    let found = Set(report.findings.map(\.case))
    let missed = breakage.cases.subtracting(found).map(\.rawValue).sorted()
    #expect(missed.isEmpty, "not found by \(missed): \(report)")
    guard let others = breakage.others else { return }
    let unrelated = found.subtracting(breakage.cases).subtracting(others).map(\.rawValue).sorted()
    #expect(
      unrelated.isEmpty, "found by \(unrelated) too: \(report.findings.map(\.description).joined(separator: "\n"))")
  }

  @Test("There is a broken driver for every case")
  func complete() {
    let found = Breakage.all.reduce(into: Set<Conformance.Case>()) { $0.formUnion($1.cases) }
    #expect(Set(Conformance.Case.allCases).subtracting(found) == [])
  }
}
