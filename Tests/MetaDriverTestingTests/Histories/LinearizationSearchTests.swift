import MetaDriver
import Testing

@testable import MetaDriverTesting

@Suite struct LinearizationSearchTests {
  /// Writers that all overlap, and reads whose order no writer's order can explain.
  private func hard(_ count: Int) -> History {
    var history = History()
    for writer in 1...count { history.put(writer, from: 0, to: 1_000, session: writer) }
    history.delete(from: 0, to: 1_000, session: 0)
    history.get(1, from: 100, to: 110, session: 90)
    history.get(nil, from: 120, to: 130, session: 90)
    history.get(2, from: 140, to: 150, session: 90)
    history.get(1, from: 160, to: 170, session: 91)
    return history
  }

  @Test func `A search that reaches its limit says neither yes nor no`() throws {
    let history = hard(12)
    let register = try #require(try history.registers().first)
    let violations = register.linearizabilityViolations([], in: history, limit: 50)
    #expect(violations.map(\.isCertain) == [false])
    #expect(violations.first?.description.hasPrefix("linearizable undecided for 'x': which delete some reads") == true)
    #expect(violations.first?.reason.contains("given up after 50 states") == true)
  }

  @Test func `The same history is decided within the limit that is the default`() throws {
    let violation = try #require(try hard(12).violations(of: .linearizable).first)
    #expect(violation.isCertain)
  }

  @Test func `A long history with unstamped deletes is decided, as long as few writes overlap`() throws {
    var generator = SeededGenerator(seed: 1)
    let history = LongHistory(count: 5_000, clients: 6, deletes: 20).make(&generator)
    #expect(try history.violations(of: Guarantee.allCases).isEmpty)
    var wrong = history
    let end = 10_000_000
    wrong.put(-1, from: end, to: end + 1)
    // One delete cannot come both before and after one put.
    wrong.put(-2, from: end + 2, to: end + 90, session: 1)
    wrong.delete(from: end + 2, to: end + 90, session: 2)
    for (index, found) in [nil, -2, nil].enumerated() {
      wrong.get(found, from: end + 10 * (index + 1), to: end + 10 * (index + 1) + 5, session: 3)
    }
    #expect(try wrong.violations(of: .regular).isEmpty)
    let violations = try wrong.violations(of: .linearizable)
    #expect(violations.allSatisfy(\.isCertain) && violations.count == 1, "\(violations)")
  }
}
