import Testing

@testable import MetaDriver

@Suite struct PurgeRuleTests {
  private static let age = Duration.seconds(10)
  private static let stats: [ListingWalk.Finding] =
    [.missing, .unknown]
    + ([1, 2] as [UInt64]).flatMap { time -> [ListingWalk.Finding] in
      let stamp = Stamp(time: time << 16, writer: 1)
      return [
        .listed(Stat(byteCount: 0, stamp: stamp, isTombstone: true)), .listed(Stat(byteCount: 0, stamp: stamp)),
      ]
    }

  // R16: all 216 worlds of three stores, young and old.
  @Test("A tombstone goes only when every store holds this very one, and it is old enough")
  func exhaustive() {
    for findings in Self.stats.flatMap({ a in Self.stats.flatMap { b in Self.stats.map { c in [a, b, c] } } }) {
      for isOld in [false, true] {
        let newest = findings.compactMap(\.stat).max {
          ($0.stamp!, $0.isTombstone ? 1 : 0) < ($1.stamp!, $1.isTombstone ? 1 : 0)
        }
        let now = (newest?.stamp?.milliseconds ?? 0) + (isOld ? 10_000 : 9_999)
        let verdict = PurgeRule.verdict(findings, minimumAge: Self.age, now: now)
        let isSettled = findings.allSatisfy { $0.stat != nil && $0.stat == newest }
        guard let newest, newest.isTombstone else {
          #expect(verdict == .keep)
          continue
        }
        switch (isSettled, isOld) {
        case (true, true): #expect(verdict == .remove(newest.stamp!))
        case (true, false): #expect(verdict == .young)
        case (false, _): #expect(verdict == .wait(findings.indices.filter { findings[$0].stat != newest }))
        }
      }
    }
  }

  @Test("A tombstone from the future is young, and one without a stamp stays")
  func oddities() {
    let future = ListingWalk.Finding.listed(
      Stat(byteCount: 0, stamp: Stamp(time: 5_000 << 16, writer: 1), isTombstone: true))
    #expect(PurgeRule.verdict([future, future], minimumAge: .zero, now: 4_999) == .young)
    let bare = ListingWalk.Finding.listed(Stat(byteCount: 0, isTombstone: true))
    #expect(PurgeRule.verdict([bare, bare], minimumAge: .zero, now: 4_999) == .wait([0, 1]))
  }
}
