import Testing

@testable import MetaDriver

@Suite struct PurgeRuleTests {
  private static let stats: [ListingWalk.Finding] =
    [.missing, .unknown]
    + ([1, 2] as [UInt64]).flatMap { time -> [ListingWalk.Finding] in
      let stamp = Stamp(time: time << 16, writer: 1)
      return [
        .listed(Stat(byteCount: 0, stamp: stamp, isTombstone: true)), .listed(Stat(byteCount: 0, stamp: stamp)),
      ]
    }

  // R16: all 216 worlds of three stores.
  @Test("A tombstone is settled only when every store holds this very one")
  func exhaustive() {
    for findings in Self.stats.flatMap({ a in Self.stats.flatMap { b in Self.stats.map { c in [a, b, c] } } }) {
      let newest = findings.compactMap(\.stat).max {
        ($0.stamp!, $0.isTombstone ? 1 : 0) < ($1.stamp!, $1.isTombstone ? 1 : 0)
      }
      let verdict = PurgeRule.verdict(findings)
      guard let newest, newest.isTombstone else {
        #expect(verdict == .keep)
        continue
      }
      let lagging = findings.indices.filter { findings[$0].stat != newest }
      #expect(verdict == (lagging.isEmpty ? .settled(newest.stamp!) : .wait(lagging)))
    }
  }

  @Test("A tombstone without a stamp stays")
  func bare() {
    let bare = ListingWalk.Finding.listed(Stat(byteCount: 0, isTombstone: true))
    #expect(PurgeRule.verdict([bare, bare]) == .wait([0, 1]))
  }
}
