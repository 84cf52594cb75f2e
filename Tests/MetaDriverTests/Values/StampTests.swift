import MetaDriver
import Testing

@Suite struct StampTests {
  @Test("A stamp has 48 bits of milliseconds and 16 of counter")
  func parts() {
    let stamp = Stamp(time: 0x0123_4567_89ab_cdef, writer: 0xbeef)
    #expect(stamp.milliseconds == 0x0123_4567_89ab)
    #expect(stamp.counter == 0xcdef)
    #expect("\(Stamp(time: 1_700_000_000_000 << 16 | 3, writer: 0xbeef))" == "1700000000000.3@beef")
  }

  @Test("Time decides, then the writer")
  func order() {
    let stamps = [(0, 0), (0, 1), (0, UInt64.max), (1, 0), (1, 1), (UInt64.max, 0)].map {
      Stamp(time: $0.0, writer: $0.1)
    }
    for (i, left) in stamps.enumerated() {
      for (j, right) in stamps.enumerated() {
        #expect((left < right) == (i < j))
        #expect((left == right) == (i == j))
      }
    }
  }
}
