import MetaDriver
import Testing

@testable import MetaDriverTesting

/// The checkers against the definitions, for thousands of small histories. `SEED=…` in the environment goes through one.
@Suite struct OracleTests {
  static let kinds = [
    RandomHistory(),
    RandomHistory(sessions: 2, span: 2),
    RandomHistory(stamped: 100),
    RandomHistory(stamped: 60),
    RandomHistory(hasDeletes: true),
    RandomHistory(sessions: 2, span: 2, hasDeletes: true),
    RandomHistory(hasDeletes: true, stamped: 100),
    RandomHistory(sessions: 2, span: 2, hasDeletes: true, stamped: 100),
    RandomHistory(hasDeletes: true, stamped: 60),
    RandomHistory(hasDeletes: true, stamped: 100, skewed: 40),
    RandomHistory(span: 8, hasDeletes: true, stamped: 100, restamped: 40),
    RandomHistory(hasDeletes: true, stamped: 100, borrowing: 30),
    RandomHistory(sessions: 2, hasDeletes: true, stamped: 90, skewed: 30, restamped: 30, borrowing: 20),
  ]

  private func json(_ history: History) -> String { HistoryFile([HistoryFile.Entry(history)]).json }

  // S1-S10
  @Test(arguments: kinds.indices) func `What is linearizable is what some order of the operations explains`(
    _ index: Int
  ) throws {
    var verdicts: [Bool: Int] = [:]
    try forRandomHistories(Self.kinds[index], 600) { seed, history in
      let violations = try history.violations(of: .linearizable)
      let expected = Oracle(history).isLinearizable
      verdicts[expected, default: 0] += 1
      #expect(violations.isEmpty == expected, "seed \(seed): \(violations)\n\(json(history))")
    }
    #expect(RandomHistory.seeds(2).count == 1 || verdicts.values.min() ?? 0 > 50, "too few of one kind: \(verdicts)")
  }

  @Test(arguments: kinds.indices) func `Zones and the search for an order agree`(_ index: Int) throws {
    var compared = 0
    var kind = Self.kinds[index]
    kind.count = 6...14
    try forRandomHistories(kind, 1_500) { seed, history in
      for register in try history.registers() {
        let problems = register.irregularities(.values, in: history)
        let verdict = LinearizationSearch.verdict(on: register)
        #expect(problems.isEmpty || verdict != .linearizable, "seed \(seed): \(problems)\n\(json(history))")
        guard register.isExact, !register.reads.contains(where: { $0.problem != nil }) else { continue }
        guard problems.isEmpty else { continue }
        compared += 1
        let problem = ZoneOrder.contradiction(in: register, history)
        #expect(
          (problem == nil) == (verdict == .linearizable),
          "seed \(seed): \(String(describing: problem))\n\(json(history))")
      }
    }
    #expect(RandomHistory.seeds(2).count == 1 || compared > 300, "only \(compared) were compared")
  }

  @Test(arguments: kinds.indices) func `What is regular is what the definition says`(_ index: Int) throws {
    var irregular = 0
    try forRandomHistories(Self.kinds[index], 1_500) { seed, history in
      let violations = try history.violations(of: .regular)
      let expected = Oracle(history).irregularCount
      irregular += expected
      #expect(violations.count == expected, "seed \(seed): \(violations)\n\(json(history))")
    }
    #expect(RandomHistory.seeds(2).count == 1 || irregular > 100)
  }

  @Test(arguments: kinds.indices) func `What a session was denied is what the definitions say`(_ index: Int) throws {
    var found: [Guarantee: Int] = [:]
    try forRandomHistories(Self.kinds[index], 1_500) { seed, history in
      let violations = try history.violations(of: Guarantee.sessions)
      let oracle = Oracle(history)
      for guarantee in Guarantee.allCases where Guarantee.sessions.contains(guarantee) {
        let expected = oracle.violationCount(guarantee)
        found[guarantee, default: 0] += expected
        let these = violations.filter { $0.guarantee == guarantee }
        #expect(these.count == expected, "seed \(seed): \(guarantee) \(these)\n\(json(history))")
      }
    }
    guard RandomHistory.seeds(2).count > 1 else { return }
    let expected: [Guarantee] =
      [.readYourWrites, .monotonicReads]
      + (Self.kinds[index].stamped == 100 ? [.monotonicWrites, .writesFollowReads] : [])
    #expect(expected.allSatisfy { found[$0] ?? 0 > 5 }, "\(found)")
  }

  @Test(arguments: kinds.indices) func `What was resurrected is what the definition says`(_ index: Int) throws {
    var found = 0
    try forRandomHistories(Self.kinds[index], 1_500) { seed, history in
      let violations = try history.violations(of: .noResurrection)
      let expected = Oracle(history).resurrectionCount
      found += expected
      #expect(violations.count == expected, "seed \(seed): \(violations)\n\(json(history))")
    }
    #expect(RandomHistory.seeds(2).count == 1 || !Self.kinds[index].hasDeletes || found > 0)
  }

  @Test(arguments: kinds.indices)
  func `A linearizable history is regular, denies no session anything and resurrects nothing`(_ index: Int) throws {
    try forRandomHistories(Self.kinds[index], 1_500) { seed, history in
      // Where a write has several copies, its value may be in order, and a copy of it is not.
      guard try history.violations(of: .linearizable).isEmpty, !Oracle(history).hasSeveralCopies else { return }
      let violations = try history.violations(of: Guarantee.allCases)
      #expect(violations.isEmpty, "seed \(seed): \(violations)\n\(json(history))")
    }
  }

  @Test func `The order of the operations in the history is of no importance`() throws {
    try forRandomHistories(RandomHistory(hasDeletes: true, stamped: 60), 500) { seed, history in
      var generator = SeededGenerator(seed: seed)
      let shuffled = History(history.operations.shuffled(using: &generator))
      let (first, second) = (
        try history.violations(of: Guarantee.allCases), try shuffled.violations(of: Guarantee.allCases)
      )
      #expect(first.map(\.guarantee) == second.map(\.guarantee), "seed \(seed): \(first)\n\(second)\n\(json(history))")
    }
  }
}
