#if HTTP
  @testable import MetaDriverHTTP
  import Testing

  struct TransferDeadlinesTests {
    private func deadlines(total: Duration? = nil) -> TransferDeadlines {
      TransferDeadlines(total: total, connectTimeout: .seconds(10), idleTimeout: .seconds(30))
    }

    @Test("Each runs out at its moment, and not before")
    func moments() {
      var deadlines = deadlines(total: .seconds(100))
      deadlines.beginConnecting(at: .seconds(5))
      #expect(deadlines.rest(at: .seconds(5)) == .seconds(10))
      #expect(deadlines.expiry(at: .milliseconds(14_999)) == nil)
      #expect(deadlines.expiry(at: .seconds(15)) == .connecting)
      deadlines.progress(at: .seconds(14))
      #expect(deadlines.rest(at: .seconds(20)) == .seconds(24))
      #expect(deadlines.expiry(at: .milliseconds(43_999)) == nil)
      #expect(deadlines.expiry(at: .seconds(44)) == .idle)
      deadlines.waitForCaller()
      #expect(deadlines.expiry(at: .milliseconds(99_999)) == nil)
      #expect(deadlines.expiry(at: .seconds(100)) == .total)
      #expect(deadlines.rest(at: .seconds(101)) == .zero)
    }

    @Test("Without a deadline, and while it is up to the caller, nothing runs out")
    func never() {
      var deadlines = deadlines()
      #expect(deadlines.rest(at: .seconds(1_000_000)) == nil)
      deadlines.progress(at: .zero)
      deadlines.waitForCaller()
      #expect(deadlines.expiry(at: .seconds(1_000_000)) == nil)
    }
  }
#endif
