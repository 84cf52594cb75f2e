import Testing

@testable import MetaDriver

@Suite struct SettledTombstonesTests {
  private static let stamps = (0..<2).map { Stamp(time: $0, writer: 1) }

  // R35
  @Test("The age of a tombstone counts from its first sighting, and begins anew with another stamp or after a gap")
  func ages() {
    var settled = SettledTombstones(limit: 9)
    func age(_ stamp: Int, _ seconds: Int) -> Duration {
      settled.age(of: "k", Self.stamps[stamp], now: .seconds(seconds))
    }
    #expect(age(0, 100) == .zero)
    #expect(age(0, 130) == .seconds(30))
    #expect(age(1, 140) == .zero)
    #expect(age(0, 150) == .zero)
    #expect(age(0, 160) == .seconds(10))
    settled.forget("k")
    #expect(age(0, 170) == .zero)
    settled.forgetAll(but: ["other"])
    #expect(age(0, 180) == .zero)
    settled.forgetAll(but: ["k"])
    #expect(age(0, 190) == .seconds(10))
    #expect(age(0, 0) == .zero, "no clock makes an age negative")
  }

  // R35
  @Test("What another purge knew is taken over as it was, for this stamp alone")
  func takeover() {
    var settled = SettledTombstones(limit: 9)
    settled.take(over: [.init(key: "k", stamp: Self.stamps[0], age: .seconds(50))], at: .seconds(7))
    #expect(settled.age(of: "k", Self.stamps[0], now: .seconds(10)) == .seconds(53))
    #expect(settled.age(of: "k", Self.stamps[1], now: .seconds(10)) == .zero)
  }

  @Test("No more than the limit is remembered, and what is not remembered stays new")
  func limit() throws {
    var settled = SettledTombstones(limit: 2)
    settled.take(over: ["x", "y", "z"].map { .init(key: $0, stamp: Self.stamps[0], age: .seconds(1)) }, at: .zero)
    #expect(settled.count == 2)
    for now in 1...2 {
      #expect(settled.age(of: "z", Self.stamps[0], now: .seconds(now)) == .zero)
      #expect(settled.count == 2)
    }
    settled.forget("x")
    #expect(settled.age(of: "z", Self.stamps[0], now: .seconds(3)) == .zero)
    #expect(settled.age(of: "z", Self.stamps[0], now: .seconds(4)) == .seconds(1))
  }
}
