import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// What is looked at once more before a tombstone is removed.
@Suite(.timeLimit(.minutes(10))) struct ComparedStoresRemovalTests {
  private let stores = ["a", "b"].map { Scripted($0) }
  private let context = Context(.manual())
  private var purge: Purge { Purge(after: .zero) { for store in stores { store } } }

  private func tombstone(_ proof: UInt8, at time: UInt64) -> Record {
    .tombstone(DeletionProof([proof]), stamp: Stamp(time: time, writer: 1))
  }

  // R16, R18
  @Test("Tombstones of one stamp that are not the same everywhere stay, until a scrub has made them the same")
  func different() async throws {
    for (store, proof) in zip(stores, [1, 2] as [UInt8]) { store.contents["k"] = tombstone(proof, at: 1) }
    let before = stores.map(\.contents)
    let plan = try await purge.plan(in: context)
    #expect(plan.removals.count == 1, "a listing does not tell them apart")
    let report = try await purge.apply(plan, in: context)
    #expect(
      "\(report)" == """
        purged 0 of 1 tombstones
          'k': a: skipped, not every store holds the same tombstone; b: skipped, not every store holds the same tombstone
        """)
    #expect(stores.map(\.contents) == before)
    let scrub = Scrub(compare: .content) { for store in stores { store } }
    #expect(try await scrub.apply(try await scrub.plan(in: context), in: context).isComplete)
    #expect(try await purge.apply(plan, in: context).isComplete)
    #expect(stores.allSatisfy { $0.contents.isEmpty })
  }

  // R16, R35
  @Test("A tombstone that is newer than the plan's stays: nothing says for how long every store has held it")
  func newer() async throws {
    for store in stores { store.contents["k"] = tombstone(1, at: 1) }
    let plan = try await purge.plan(in: context)
    for store in stores { store.contents["k"] = tombstone(1, at: 2) }
    #expect(try await !purge.apply(plan, in: context).isComplete)
    #expect(stores.allSatisfy { $0.contents["k"] == tombstone(1, at: 2) })
  }
}
