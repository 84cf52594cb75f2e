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
        let isAhead = clock.observe(observed)
        #expect(isAhead == (observed.time > newest.time), "seed \(seed), step \(step)")
        newest = max(newest, observed)
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
    let isAhead = clock.observe(observed)
    #expect(isAhead)
    #expect(clock.next(milliseconds: 1_000) > observed)
    let isBehindAhead = clock.observe(Stamp(time: 3, writer: 3))
    #expect(!isBehindAhead)
    #expect(clock.next(milliseconds: 1_000) == Stamp(time: 1_500 << 16 | 11, writer: 1))
  }

  // R31, R33
  @Test("A stamp from any distance ahead is taken, and what comes next is above it")
  func farAhead() {
    var clock = HybridLogicalClock(writer: 1)
    for milliseconds in [61_001, 86_400_000, 1 << 46, 1 << 47 - 1 << 25] as [UInt64] {
      let isAhead = clock.observe(Stamp(time: milliseconds << 16, writer: 2))
      #expect(isAhead)
      #expect(clock.next(milliseconds: 1_000) == Stamp(time: milliseconds << 16 | 1, writer: 1))
    }
  }

  // R33
  @Test("Only a stamp without room above it is no clock's, and no wall clock comes near that")
  func exhaustion() {
    #expect(Stamp(time: 1 << 63 - 1, writer: .max).isPossible)
    #expect(!Stamp(time: 1 << 63, writer: 0).isPossible && !Stamp(time: .max, writer: 0).isPossible)
    var clock = HybridLogicalClock(writer: 1)
    let first = clock.next(milliseconds: .max)
    #expect(first.isPossible && first.time < 1 << 63 - 1 << 60)
    #expect(clock.next(milliseconds: .max) == Stamp(time: first.time + 1, writer: 1))
  }

  // R33
  @Test("A clock does not follow a stamp that leaves hardly any room: what it makes can be read")
  func edge() {
    var clock = HybridLogicalClock(writer: 1)
    let followed = clock.observe(Stamp(time: 1 << 63 - 1, writer: 2))
    #expect(!followed)
    #expect(clock.next(milliseconds: 1_000) == Stamp(time: 1_000 << 16, writer: 1))
    var last = clock
    let isLast = last.observe(Stamp(time: 1 << 63 - 1 << 40 - 1, writer: 2))
    #expect(isLast)
    #expect(last.next(milliseconds: 1_000).isPossible)
  }
}
