import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// What a purge keeps in mind from one plan to the next.
@Suite(.timeLimit(.minutes(10))) struct PurgeMemoryTests {
  private static let age = Duration.seconds(3_600)

  // R16, R35
  @Test("A plan that failed has seen what it saw: the age of what was not settled then begins anew")
  func failedPlan() async throws {
    let clock = ManualClock()
    let runtime = Runtime.manual(clock)
    let context = Context(runtime)
    // Its listing has two pages, and the second one of the second plan fails.
    let long = Scripted("long") { call in call.number == 4 ? .error(.unavailable) : .ok }
    let short = Scripted("short")
    let tombstone = Record.tombstone(stamp: runtime.nextStamp())
    let settled: [Key: Record] = ["lost": tombstone, "quiet": tombstone, "written": tombstone]
    short.contents = settled
    long.contents = settled
    for number in 1_000..<2_000 { long.contents[try Key(.mutable, name: "x\(number)")] = Record([1]) }
    let purge = Purge(after: Self.age) {
      long
      short
    }
    #expect(try await purge.plan(in: context).young.map(\.key) == ["lost", "quiet", "written"])
    clock.advance(by: Self.age)

    short.contents["lost"] = nil
    short.contents["written"] = Record([2], stamp: runtime.nextStamp())
    let error = await #expect(throws: DriverError.self) { try await purge.plan(in: context) }
    #expect(error?.code == .unavailable)
    #expect(long.calls.map(\.operation) == [.list, .list, .list, .list])

    short.contents = settled
    let plan = try await purge.plan(in: context)
    #expect(plan.removals.map(\.key) == ["quiet"])
    #expect(plan.young.map(\.key) == ["lost", "written"] && plan.young.map(\.age) == [.zero, .zero])
  }
}
