import MetaDriver
import Testing

@testable import MetaDriverAnalysis

@Suite struct CostTests {
  private let a = MemoryDriver("a")
  private let b = MemoryDriver("b")
  private let c = MemoryDriver("c")

  private func numbers(_ extent: OperationCost.Extent) -> [Double] { [extent.least, extent.expected, extent.most] }

  @Test("A quorum calls everybody and waits for enough") func quorum() throws {
    let put = try Quorum {
      a; b; c
    }.analysis.cost(of: .writes, byteCount: 100)
    #expect(numbers(put.calls) == [3, 3, 3] && numbers(put.bytes) == [300, 300, 300])
    #expect(put.awaited.least == 2 && put.awaited.most == 3)
    #expect(put.callsPerLeaf == ["a": 1, "b": 1, "c": 1])
    let many = try Quorum(reads: .atomic) {
      a; b; c
    }.analysis.cost(of: .writes)
    #expect(numbers(many.calls) == [6, 6, 6] && many.awaited.least == 4)
  }

  @Test("A search calls as many as it has to") func search() throws {
    var unsure = LeafTiming(eachWay: .constant(.milliseconds(1)))
    unsure.readSuccess = 0.5
    let timings = ["a": unsure, "b": unsure, "c": unsure]
    let tree = FirstSuccess {
      a; b; c
    }.analysis
    let read = try tree.cost(of: .reads, leaves: timings)
    #expect(read.calls.least == 1 && read.calls.most == 3 && abs(read.calls.expected - 1.75) < 0.03)
    #expect(abs((read.callsPerLeaf["c"] ?? 0) - 0.25) < 0.02)
    #expect(numbers(try tree.cost(of: .reads).calls) == [1, 1, 3])
    // All are asked in turn, whoever has answered.
    let turns = try Replicated(order: .sequential) {
      a; b; c
    }.analysis.cost(of: .writes)
    #expect(numbers(turns.calls) == [3, 3, 3] && numbers(turns.awaited) == [3, 3, 3])
  }

  @Test("Each answer that is awaited is counted when it is there") func awaited() throws {
    let slow = LeafTiming(eachWay: .constant(.seconds(1)))
    let quick = LeafTiming(eachWay: .constant(.milliseconds(1)))
    let tree = Replicated(writes: .atLeast(1)) {
      a; b.required(); c
    }.analysis
    let put = try tree.cost(of: .writes, leaves: ["a": quick, "b": slow, "c": quick])
    #expect(numbers(put.awaited) == [1, 3, 3])
    #expect("\(put)" == "calls 3, bytes 0, answers awaited 1 to 3")
  }

  @Test("A hedge asks a second time as often as published") func hedging() throws {
    let timing = LeafTiming(roundTrip: .exponential(mean: .seconds(1)))
    for row in TimingReference.shared.hedging_exponential.rows where row.delay > 0 {
      let tree = LatencyTests.tree(["a", "b"], .any(2), .hedged(after: .seconds(row.delay)))
      let cost = try tree.cost(of: .reads, leaves: ["a": timing, "b": timing])
      #expect(abs(cost.calls.expected - 1 - row.extra_load) < 1e-6)
      #expect(cost.calls.least == 1 && cost.calls.most == 2)
    }
  }

  @Test("What a tree sends makes its leaves busy; the best way to choose them would less") func load() throws {
    let quorum = Quorum {
      a; b; c
    }.analysis
    let load = try quorum.load(readFraction: 0.5)
    #expect(load.busiest == 1 && load.capacity == 1 && load.network == 3)
    #expect(try quorum.strategy(for: StrategyGoal(.load, readFraction: 0.5))?.exactLoad == "2/3")
    let mixed = try FirstSuccess {
      a; b
    }.analysis.load(
      readFraction: 0.75, figures: ["a": LeafFigures(readCapacity: 3, writeCapacity: 1), "b": LeafFigures()])
    #expect(mixed.loads == ["a": 0.5, "b": 0] && mixed.capacity == 2)
  }

  @Test("What is no question is refused, and named") func refused() {
    let tree = FirstSuccess {
      a; b
    }.analysis
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return "nothing"
    }
    #expect(message { _ = try tree.cost(of: .reads, byteCount: -1) } == "a datum has 0 or more bytes, and not -1")
    #expect(message { _ = try tree.load(readFraction: 1.5) } == "a read fraction is from 0 to 1, and not 1.5")
    #expect(
      message { _ = try tree.load(readFraction: 1, figures: ["a": LeafFigures(), "b": LeafFigures(readCapacity: 0)]) }
        == "the read capacity of 'b' is 0.0, and must be above zero")
    #expect(
      message { _ = try tree.load(readFraction: 1, figures: ["a": LeafFigures()]) } == "the leaf 'b' has no figures")
  }
}
