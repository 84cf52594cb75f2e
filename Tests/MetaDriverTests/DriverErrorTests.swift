import Testing

@testable import MetaDriver

@Suite struct DriverErrorTests {
  private struct Cause: Error, CustomStringConvertible { let description = "EIO" }

  /// Every code, whether a write that failed with it may have been made, and whether to try again.
  private static let codes: [(code: DriverError.Code, name: String, mayHaveEffect: Bool, isRetryable: Bool)] = [
    (.unavailable, "unavailable", true, true), (.timedOut, "timedOut", true, true),
    (.cancelled, "cancelled", true, false), (.throttled, "throttled", false, true), (.denied, "denied", false, false),
    (.conflict, "conflict", false, false), (.stale, "stale", false, false), (.corrupt, "corrupt", false, false),
    (.tooLarge, "tooLarge", false, false), (.invalidKey, "invalidKey", false, false),
    (.unroutable, "unroutable", false, false), (.unsupported, "unsupported", false, false),
    (.noSpace, "noSpace", false, false), (.quorumNotMet, "quorumNotMet", true, true), (.closed, "closed", false, false),
  ]

  // R5
  @Test("Each code has its name, and its own defaults for effect and retry", arguments: codes)
  func defaults(code: DriverError.Code, name: String, mayHaveEffect: Bool, isRetryable: Bool) {
    #expect("\(code)" == name)
    let error = DriverError(code, "it failed")
    #expect(error.effect == (mayHaveEffect ? .unknown : .unchanged))
    #expect(error.isRetryable == isRetryable)
    #expect(!error.isExhausted)
    #expect(error.retryAfter == nil)
    #expect(error.description == "\(name): it failed")
  }

  @Test("No two codes are the same")
  func distinct() { #expect(Set(Self.codes.map(\.code)).count == 15) }

  @Test("Who throws knows better than the code")
  func overrides() {
    let error = DriverError(.unavailable, "refused", effect: .unchanged, isRetryable: false)
    #expect(error.effect == .unchanged)
    #expect(!error.isRetryable)
    let other = DriverError(.denied, "half way", effect: .unknown, isRetryable: true)
    #expect(other.effect == .unknown)
    #expect(other.isRetryable)
  }

  @Test("An error is one word wide, and so is the absence of one")
  func oneWord() {
    #expect(MemoryLayout<DriverError>.size == MemoryLayout<Int>.size)
    #expect(MemoryLayout<DriverError?>.size == MemoryLayout<Int>.size)
  }

  @Test("The nodes above come in front of the path, and nothing else changes")
  func inside() {
    let error = DriverError(
      .throttled, "slow down", underlying: Cause(), outcomes: [Outcome("eu", .stored)], effect: .unknown,
      isRetryable: false, isExhausted: true, retryAfter: .seconds(3)
    ).inside("eu").inside("Quorum").inside("profiles")
    #expect(error.path == ["profiles", "Quorum", "eu"])
    #expect(error.code == .throttled)
    #expect(error.message == "slow down")
    #expect(error.underlying is Cause)
    #expect(error.outcomes.map(\.node) == ["eu"])
    #expect(error.effect == .unknown)
    #expect(!error.isRetryable)
    #expect(error.isExhausted)
    #expect(error.retryAfter == .seconds(3))
  }

  @Test("Another statement of the effect leaves the rest as it was")
  func withEffect() {
    let error = DriverError(.timedOut, "late", underlying: Cause(), isExhausted: true, retryAfter: .seconds(1))
      .inside("eu").with(effect: .unchanged)
    #expect(error.effect == .unchanged)
    #expect(error.path == ["eu"])
    #expect(error.isExhausted)
    #expect(error.isRetryable)
    #expect(error.retryAfter == .seconds(1))
    #expect(error.underlying is Cause)
  }

  // R4
  @Test("The text says where, why, and what became of each child")
  func description() {
    let cause = DriverError(.unavailable, "no route", underlying: Cause()).inside("us")
    let error = DriverError(
      .quorumNotMet, "1 of 2 acknowledgements",
      outcomes: [
        Outcome("disk", .stored), Outcome("us", Outcome.Result(cause)),
        Outcome("eu", .failed(DriverError(.noSpace, "full"))),
      ]
    ).inside("Quorum").inside("profiles")
    #expect(
      "\(error)"
        == "quorumNotMet at profiles/Quorum: 1 of 2 acknowledgements "
        + "[disk: stored; us: unknown, unavailable: no route (EIO); eu: failed, noSpace: full]")
  }
}
