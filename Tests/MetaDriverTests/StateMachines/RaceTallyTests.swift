import Testing

@testable import MetaDriver

@Suite struct RaceTallyTests {
  // B5
  @Test("The first copy wins, and those that come later change nothing")
  func winner() {
    var tally = RaceTally<String>(["a", "b", "c", "d"], count: 4)
    tally.record(.success(nil), from: 2)
    tally.record(.failure(DriverError(.corrupt, "damaged")), from: 3)
    #expect(!tally.isDecided)
    tally.record(.success("of b"), from: 1)
    #expect(tally.isDecided)
    tally.record(.success("of a"), from: 0)
    #expect(tally.winner == "of b")
  }

  // A15, R1
  @Test("Nobody wins only when everybody has answered, in every order")
  func nobody() {
    let answers: [Result<String?, DriverError>] = [.success(nil), .failure(DriverError(.unavailable, "down"))]
    for first in 0...1 {
      for second in 0...1 {
        var tally = RaceTally<String>(["a", "b"], count: 2)
        tally.record(answers[first], from: 1)
        #expect(!tally.isDecided)
        tally.record(answers[second], from: 0)
        #expect(tally.isDecided && tally.winner == nil)
        #expect(tally.search.outcomes.map(\.node) == ["b", "a"])
        var isFailed = false
        do throws(DriverError) { try tally.search.conclude("it", isCancelled: false) } catch { isFailed = true }
        #expect(isFailed == (first + second > 0))
      }
    }
  }
}
