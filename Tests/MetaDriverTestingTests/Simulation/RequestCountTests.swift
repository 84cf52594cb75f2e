import SimulationScenarios
import Testing

/// What calls of trees cost, exactly: requests and rounds in virtual time. The page *Count requests* has the same table.
@Suite struct RequestCountTests {
  /// The requests and the rounds of each call, in the order of `CountedCall.allCases`.
  private static let costs: [CountedTree: [String]] = [
    .quorum: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "3 / 1", "4 / 1"],
    .manyWriters: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "3 / 1", "4 / 1"],
    .oneWriter: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "3 / 1", "4 / 1"],
    .atomic: ["6 / 2", "6 / 2", "6 / 2", "6 / 2", "3 / 1", "5 / 2"],
    .atomicOneWriter: ["6 / 2", "3 / 1", "6 / 2", "6 / 2", "3 / 1", "5 / 2"],
    .digestFirst: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "3 / 1", "5 / 2"],
    .blockingRepair: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "3 / 1", "4 / 2"],
    .weighted: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "3 / 1", "3 / 1"],
    .oneCopy: ["6 / 2", "6 / 2", "6 / 2", "6 / 2", "3 / 1", "4 / 1"],
    .oneCopyOneWriter: ["6 / 2", "3 / 1", "6 / 2", "6 / 2", "3 / 1", "4 / 1"],
    .sloppy: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "3 / 1", "3 / 1"],
    .sloppyAtomic: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "3 / 1", "3 / 1"],
    .blind: ["6 / 2", "6 / 2", "6 / 2", "6 / 2", "3 / 1", "5 / 1"],
    .blindOneWriter: ["6 / 2", "3 / 1", "6 / 2", "6 / 2", "3 / 1", "5 / 1"],
    .blindAtomic: ["6 / 2", "6 / 2", "6 / 2", "6 / 2", "3 / 1", "6 / 2"],
    .nested: ["5 / 1", "5 / 1", "5 / 1", "10 / 2", "5 / 1", "6 / 1"],
    .nestedAtomic: ["10 / 2", "10 / 2", "10 / 2", "10 / 2", "5 / 1", "7 / 1"],
    .nestedBlind: ["10 / 2", "10 / 2", "10 / 2", "10 / 2", "5 / 1", "7 / 1"],
    .handoff: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "3 / 1", "4 / 1"],
    .hinted: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "3 / 1", "3 / 1"],
    .partlyLocal: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "4 / 1", "3 / 1"],
    .partlyLocalAtomic: ["6 / 2", "6 / 2", "6 / 2", "6 / 2", "5 / 1", "3 / 1"],
    .newest: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "3 / 1", "4 / 1"],
    .sessionOverReplicas: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "1 / 1", "2 / 2"],
    .sessionOverQuorum: ["3 / 1", "3 / 1", "3 / 1", "6 / 2", "3 / 1", "4 / 1"],
  ]

  @Test("A call takes as many requests and rounds as the page says", arguments: CountedTree.allCases)
  func cost(tree: CountedTree) throws {
    let measured = try CountedCall.allCases.map { try $0.cost(in: tree).description }
    #expect(Self.costs[tree] == measured, "\(tree.text)")
  }
}
