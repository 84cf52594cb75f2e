import MetaDriver
import MetaDriverAnalysis
import Testing

@Suite struct StrategyGoalTests {
  private func analysis(read: Rule, write: Rule, of count: Int) -> Analysis {
    let leaves = ["a", "b", "c"].prefix(count).map { Outline(leaf: Leaf($0), kind: "Test", capabilities: .basic) }
    return Analysis(of: Outline(composite: "Table", of: Array(leaves), access: Access(read: read, write: write)))
  }

  private var majority: Analysis { analysis(read: .atLeast(2, of: 3), write: .atLeast(2, of: 3), of: 3) }
  private let figures = [
    "a": LeafFigures(latency: .seconds(1)), "b": LeafFigures(latency: .seconds(1)),
    "c": LeafFigures(latency: .seconds(3)),
  ]

  @Test("The fastest strategy under a limit of the load shares what the fastest would put on two")
  func latencyUnderLoad() throws {
    var goal = StrategyGoal(.latency, readFraction: 1)
    #expect(try majority.strategy(for: goal, figures: figures)?.latency == .seconds(1))
    goal.maximumLoad = 2.0 / 3
    let shared = try #require(try majority.strategy(for: goal, figures: figures))
    #expect(abs(shared.latency / .seconds(1) - 7.0 / 3) < 1e-9 && shared.exactLoad == "2/3")
    goal.maximumLoad = 0.6
    #expect(try majority.strategy(for: goal, figures: figures) == nil)
  }

  @Test("The smallest load under a limit of the latency stays with those that are fast enough")
  func loadUnderLatency() throws {
    var goal = StrategyGoal(.load, readFraction: 0.5)
    goal.maximumLatency = .seconds(1)
    #expect(try majority.strategy(for: goal, figures: figures)?.exactLoad == "1")
    goal.maximumLatency = .milliseconds(900)
    #expect(try majority.strategy(for: goal, figures: figures) == nil)
    goal.maximumLatency = nil
    goal.maximumNetwork = 1.5
    #expect(try majority.strategy(for: goal, figures: figures) == nil)
  }

  @Test("Several read fractions count as often as they are likely")
  func fractions() throws {
    var goal = StrategyGoal(.load, readFraction: 0)
    goal.readFractions = [(0, 0.5), (1, 0.5)]
    #expect(try analysis(read: .any(2), write: .all(2), of: 2).strategy(for: goal)?.exactLoad == "3/4")
  }

  private func goal(_ change: (inout StrategyGoal) -> Void) -> StrategyGoal {
    var goal = StrategyGoal(.load, readFraction: 0.5)
    change(&goal)
    return goal
  }

  @Test("What is no question is refused, and says what is wrong")
  func refused() {
    let goals: [(StrategyGoal, String)] = [
      (goal { $0.readFractions = [] }, "a goal needs a read fraction"),
      (goal { $0.readFractions = [(1.5, 1)] }, "a read fraction is from 0 to 1, and not 1.5"),
      (goal { $0.readFractions = [(0.5, -1)] }, "the likelihood of a read fraction is from 0 to 1, and not -1.0"),
      (goal { $0.readFractions = [(0.5, 0.5)] }, "the likelihoods of the read fractions add up to 0.5, and not to 1"),
      (goal { $0.failures = -1 }, "-1 leaves cannot fail"),
      (goal { $0.maximumLoad = .nan }, "the limit of the load is nan, and must be a number that is not below zero"),
      (
        goal { $0.maximumNetwork = -1 },
        "the limit of the network load is -1.0, and must be a number that is not below zero"
      ),
    ]
    for (goal, message) in goals {
      #expect(#expect(throws: AnalysisError.self) { try majority.strategy(for: goal) }?.message == message)
    }
    let sets: [([String: LeafFigures], String)] = [
      (figures.merging(["d": LeafFigures()]) { $1 }, "the tree has no leaf 'd': it has a, b, c"),
      (figures.filter { $0.key != "b" }, "the leaf 'b' has no figures"),
      (
        figures.merging(["b": LeafFigures(readCapacity: 0)]) { $1 },
        "the read capacity of 'b' is 0.0, and must be above zero"
      ),
      (
        figures.merging(["b": LeafFigures(writeCapacity: .infinity)]) { $1 },
        "the write capacity of 'b' is inf, and must be above zero"
      ),
    ]
    for (figures, message) in sets {
      let error = #expect(throws: AnalysisError.self) { try majority.strategy(for: goal { _ in }, figures: figures) }
      #expect(error?.message == message)
    }
    #expect(throws: AnalysisError.self) { try majority.availability(of: .reads, works: 1.1) }
  }
}
