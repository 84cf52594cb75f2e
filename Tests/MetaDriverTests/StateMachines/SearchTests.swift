import Testing

@testable import MetaDriver

@Suite struct SearchTests {
  private static let unavailable = DriverError(.unavailable, "down")
  private static let corrupt = DriverError(.corrupt, "damaged")

  private static func failure(
    _ answers: [DriverError?], isCancelled: Bool = false, skipping: [String] = []
  ) -> DriverError? {
    var search = Search()
    for (index, error) in answers.enumerated() {
      if let error { search.record(error, at: "\(index)") } else { search.recordAbsence(at: "\(index)") }
    }
    for label in skipping { search.skip(label, because: "why") }
    do throws(DriverError) {
      try search.conclude("it", isCancelled: isCancelled)
      return nil
    } catch { return error }
  }

  // A15, R1
  @Test("Only a clean sweep of absences is an absence")
  func absences() {
    #expect(Self.failure([]) == nil)
    #expect(Self.failure([nil, nil, nil]) == nil)
    #expect(Self.failure([nil, Self.corrupt, nil]) != nil)
    #expect(Self.failure([Self.unavailable, nil, nil]) != nil)
  }

  // A15, B6
  @Test("All down, all corrupt and some of each are told apart, in every order")
  func codes() {
    #expect(Self.failure([Self.unavailable, Self.unavailable])?.code == .unavailable)
    #expect(Self.failure([Self.corrupt, Self.corrupt])?.code == .corrupt)
    for order in permutations([Self.corrupt, nil, Self.unavailable]) {
      #expect(Self.failure(order)?.code == .unavailable)
    }
    for order in permutations([Self.corrupt, nil, nil]) { #expect(Self.failure(order)?.code == .corrupt) }
  }

  // A15
  @Test("A failure names every child, in the order asked, and changed nothing")
  func outcomes() throws {
    let error = try #require(Self.failure([nil, Self.corrupt, Self.unavailable]))
    #expect(error.outcomes.map(\.node) == ["0", "1", "2"])
    #expect(error.outcomes.map { Seen($0.result) } == [.absent, .failed(.corrupt), .failed(.unavailable)])
    #expect(error.effect == .unchanged)
    #expect(error.message == "2 of 3 drivers asked for it failed, and no other has it")
  }

  // R26
  @Test("It may be tried again if any child may, and is exhausted if every failure is")
  func retries() {
    let exhausted = DriverError(.unavailable, "gave up", isExhausted: true)
    #expect(Self.failure([Self.corrupt, Self.unavailable])?.isRetryable == true)
    #expect(Self.failure([Self.corrupt, Self.corrupt])?.isRetryable == false)
    #expect(Self.failure([exhausted, nil, exhausted])?.isExhausted == true)
    #expect(Self.failure([exhausted, Self.unavailable])?.isExhausted == false)
  }

  // R25
  @Test("A search whose caller went away is cancelled, unless everybody had answered absent")
  func cancelled() throws {
    #expect(Self.failure([nil, nil], isCancelled: true) == nil)
    #expect(Self.failure([Self.unavailable, Self.corrupt], isCancelled: true)?.code == .cancelled)
    let error = try #require(Self.failure([nil], isCancelled: true, skipping: ["1"]))
    #expect(error.code == .cancelled)
    #expect(error.outcomes.map { Seen($0.result) } == [.absent, .skipped])
  }
}
