import Testing

@testable import MetaDriver
@testable import MetaDriverAnalysis

@Suite struct FoundTreeTests {
  @Test func `A tree is printed with its figures`() throws {
    let leaves = [("eu", 3), ("us east", 8), ("default", 60)].map { name, milliseconds in
      (name, LeafFigures(readCapacity: 4_000, writeCapacity: 2_000, latency: .milliseconds(milliseconds)))
    }
    var search = TreeSearch(of: leaves, for: StrategyGoal(.latency, readFraction: 0.75))
    (search.readFailures, search.writeFailures) = (1, 1)
    search.timings["eu"] = LeafTiming(roundTrip: .constant(.milliseconds(3)))
    search.timings["us east"] = LeafTiming(
      readRequest: .uniform(.milliseconds(5) ... .milliseconds(15)), readReply: .none,
      writeRequest: .constant(.milliseconds(20)), writeReply: .none)
    search.timings["default"] = LeafTiming(roundTrip: .constant(.milliseconds(60)))
    let tree = try #require(try search.best().first)
    #expect(
      "\(tree)" == """
        Quorum(read: 2, write: 2) {
          eu
          `us east`
          `default`
        }

        operations        3200 a second, of 4800 attainable
        messages          3 for an operation
        latency           12.5 ms on average
        of reads          10 ms on average, 14.9 ms at p99
        of writes         20 ms on average, 20 ms at p99
        """)
    #expect(tree.reads.quantile(0.5).map { abs($0 / .milliseconds(10) - 1) < 1e-9 } == true)
    #expect(tree.writes.share(within: .milliseconds(20)) == 1)
  }

  @Test(
    arguments: [
      ("eu", "eu"), ("_1", "_1"), ("usEast1", "usEast1"), ("us-east-1", "`us-east-1`"), ("1st", "`1st`"),
      ("in", "`in`"), ("aws/eu west", "`aws/eu west`"), ("größe", "`größe`"),
    ] as [(String, String)])
  func `Names are written as Swift has them`(name: String, word: String) { #expect(name.asSwiftName == word) }

  @Test(arguments: ["", " ", "_", "+", "a\nb", "a\tb", "a`b", "a\\b", "$a", "\u{0}a", "a\u{a0}b"])
  func `Names that cannot be written are none`(name: String) { #expect(name.asSwiftName == nil) }
}
