import Testing

@testable import MetaDriver

@Suite struct OutcomeTests {
  private static let stamp = Stamp(time: 5 << 16 | 1, writer: 0xa)
  private static let all: [(result: Outcome.Result, text: String, isAcknowledged: Bool)] = [
    (.stored, "stored", true), (.superseded(by: stamp), "superseded by 5.1@a", false), (.deleted, "deleted", true),
    (.alreadyAbsent, "already absent", true), (.queued, "queued", false), (.pending, "pending", false),
    (.skipped("its circuit is open"), "skipped, its circuit is open", false),
    (.failed(DriverError(.noSpace, "full")), "failed, noSpace: full", false),
    (.unknown(DriverError(.timedOut, "no answer")), "unknown, timedOut: no answer", false), (.found, "found", false),
    (.absent, "absent", false), (.opened, "opened", false),
  ]

  // R4, R5
  @Test("Each result has its words, and only what is stored or gone is acknowledged", arguments: all)
  func results(result: Outcome.Result, text: String, isAcknowledged: Bool) {
    #expect("\(result)" == text)
    #expect(result.isAcknowledged == isAcknowledged)
    #expect("\(Outcome("eu", result))" == "eu: \(text)")
  }

  @Test("Only failed and unknown carry an error")
  func errors() {
    #expect(Self.all.map { $0.result.error?.code }.compactMap(\.self) == [.noSpace, .timedOut])
  }

  // R5
  @Test("An error that may have had an effect is unknown, any other is failed")
  func fromError() {
    if case .failed(let error) = Outcome.Result(DriverError(.unavailable, "", effect: .unchanged)) {
      #expect(error.code == .unavailable)
    } else {
      Issue.record("an error without effect is not failed")
    }
    if case .unknown(let error) = Outcome.Result(DriverError(.denied, "", effect: .unknown)) {
      #expect(error.code == .denied)
    } else {
      Issue.record("an error with a possible effect is not unknown")
    }
  }

  @Test("An outcome prints its children in brackets")
  func nested() {
    let outcome = Outcome(
      "Quorum", .stored, children: [Outcome("eu", .stored), Outcome("us", .pending, children: [Outcome("a", .queued)])])
    #expect("\(outcome)" == "Quorum: stored [eu: stored; us: pending [a: queued]]")
  }
}
