import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

@Suite struct HybridLogicalClockTests {
  @Test("It follows the wall, and counts within one millisecond")
  func followsTheWall() {
    var clock = HybridLogicalClock(writer: 7)
    #expect(clock.next(milliseconds: 1_000) == Stamp(time: 1_000 << 16, writer: 7))
    #expect(clock.next(milliseconds: 1_000) == Stamp(time: 1_000 << 16 | 1, writer: 7))
    #expect(clock.next(milliseconds: 1_001) == Stamp(time: 1_001 << 16, writer: 7))
  }

  // R11
  @Test("It never runs back, wherever the wall goes and whatever is observed")
  func neverBackwards() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    var clock = HybridLogicalClock(writer: 1)
    var newest = Stamp(time: 0, writer: 0)
    for step in 0..<20_000 {
      let wall = UInt64.random(in: 0...200_000, using: &generator)
      if Bool.random(using: &generator) {
        let observed = Stamp(time: UInt64.random(in: 0...300_000, using: &generator) << 16 | 0xfff0, writer: 2)
        if clock.observe(observed, milliseconds: wall) { newest = max(newest, observed) }
      } else {
        let stamp = clock.next(milliseconds: wall)
        #expect(stamp.time > newest.time, "seed \(seed), step \(step)")
        #expect(stamp.milliseconds >= wall, "seed \(seed), step \(step)")
        newest = stamp
      }
    }
  }

  @Test("More stamps in a millisecond than the counter holds run into the next one")
  func counterOverflow() {
    var clock = HybridLogicalClock(writer: 1)
    var last = clock.next(milliseconds: 5)
    for _ in 0..<65_536 {
      let next = clock.next(milliseconds: 5)
      guard next > last else {
        Issue.record("\(next) came after \(last)")
        return
      }
      last = next
    }
    #expect(last == Stamp(time: 6 << 16, writer: 1))
    // The wall catches up without a step back.
    #expect(clock.next(milliseconds: 6) == Stamp(time: 6 << 16 | 1, writer: 1))
  }

  // R11
  @Test("What it has observed is behind it, by the time alone")
  func aheadOfObserved() {
    var clock = HybridLogicalClock(writer: 1)
    // The larger writer would win a draw.
    let observed = Stamp(time: 1_500 << 16 | 9, writer: .max)
    let taken1 = clock.observe(observed, milliseconds: 1_000)
    #expect(taken1)
    #expect(clock.next(milliseconds: 1_000) > observed)
    let taken2 = clock.observe(Stamp(time: 3, writer: 3), milliseconds: 1_000)
    #expect(taken2)
    #expect(clock.next(milliseconds: 1_000) == Stamp(time: 1_500 << 16 | 11, writer: 1))
  }

  // R11
  @Test("A stamp from exactly 60 s ahead is taken, one from a millisecond more is refused and changes nothing")
  func drift() {
    var clock = HybridLogicalClock(writer: 1)
    let taken3 = clock.observe(Stamp(time: 61_001 << 16, writer: 2), milliseconds: 1_000)
    #expect(!taken3)
    let taken4 = clock.observe(Stamp(time: .max, writer: 2), milliseconds: 1_000)
    #expect(!taken4)
    #expect(clock.next(milliseconds: 1_000) == Stamp(time: 1_000 << 16, writer: 1))
    let taken5 = clock.observe(Stamp(time: 61_000 << 16 | 0xffff, writer: 2), milliseconds: 1_000)
    #expect(taken5)
    #expect(clock.next(milliseconds: 1_000) == Stamp(time: 61_001 << 16, writer: 1))
  }
}
