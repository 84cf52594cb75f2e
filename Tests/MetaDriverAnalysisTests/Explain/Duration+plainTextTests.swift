import Testing

@testable import MetaDriverAnalysis

@Suite struct DurationPlainTextTests {
  @Test(
    "A duration has three digits, and the unit that needs the fewest",
    arguments: [
      (0, "0 s"), (1, "1 ns"), (999, "999 ns"), (1_000, "1 µs"), (1_250, "1.25 µs"), (12_340, "12.3 µs"),
      (999_499, "999 µs"), (999_500, "1 ms"), (999_999, "1 ms"), (1_004_999, "1 ms"), (1_005_000, "1.01 ms"),
      (20_000_000, "20 ms"), (10_000_001, "10 ms"), (9_996_000, "10 ms"), (99_960_000, "100 ms"),
      (999_499_999, "999 ms"), (999_500_000, "1 s"), (1_500_000_000, "1.5 s"), (3_600_000_000_000, "3600 s"),
      (-20_000_000, "-20 ms"), (Int64.max, "9223372037 s"), (Int64.min, "-9223372037 s"),
    ] as [(Int64, String)])
  func text(nanoseconds: Int64, expected: String) {
    #expect(Duration.nanoseconds(nanoseconds).plainText == expected)
  }
}
