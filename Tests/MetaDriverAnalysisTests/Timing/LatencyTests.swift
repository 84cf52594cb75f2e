import MetaDriver
import Testing

@testable import MetaDriverAnalysis

@Suite struct LatencyTests {
  private func close(_ found: Duration?, _ seconds: Double, _ tolerance: Double = 1e-6) -> Bool {
    found.map { abs($0 / .seconds(1) - seconds) <= tolerance * max(seconds, 1) } ?? false
  }

  @Test("The k-th of n exponential times has its published quantiles, mean and variance")
  func orderStatistics() throws {
    for row in TimingReference.shared.exponential_order_statistics.rows {
      let timing = LeafTiming(roundTrip: .exponential(mean: .seconds(1 / row.lam)))
      let tree = Alike(row.n, read: row.k, write: row.n, timing)
      let latency = try tree.analysis.latency(of: .reads, leaves: tree.leaves)
      #expect(latency.isExact && latency.success == 1)
      for (share, expected) in [(0.5, row.p50), (0.95, row.p95), (0.99, row.p99), (0.999, row.p999)] {
        #expect(close(latency.quantile(share), expected), "\(row.k) of \(row.n) at \(share)")
      }
      #expect(close(latency.mean, row.mean) && close(latency.standardDeviation, row.var.squareRoot()))
    }
  }

  @Test("A hedged read has its published quantiles and mean, and asks as much more as published") func hedging() throws
  {
    for row in TimingReference.shared.hedging_exponential.rows {
      let analysis = Self.tree(["a", "b"], .any(2), .hedged(after: .seconds(row.delay)))
      let timing = LeafTiming(roundTrip: .exponential(mean: .seconds(1)))
      let latency = try analysis.latency(of: .reads, leaves: ["a": timing, "b": timing])
      #expect(latency.isExact)
      for (share, expected) in row.quantiles {
        #expect(close(latency.quantile(try #require(Double(share))), expected), "delay \(row.delay) at \(share)")
      }
      #expect(close(latency.mean, row.mean))
      // Tried out, the same tree behind a child that has nothing: the second tries are the extra load.
      let slower = Self.tree(["none", "a", "b"], .any(3), .sequential, hedging: row.delay)
      var none = LeafTiming(roundTrip: .none)
      none.readSuccess = 0
      let tried = try slower.latency(of: .reads, leaves: ["none": none, "a": timing, "b": timing], trials: 40_000)
      #expect(!tried.isExact && tried.success == 1)
      #expect(abs((try #require(tried.mean)) / .seconds(1) - row.mean) < 0.015, "delay \(row.delay)")
    }
  }

  /// A composite over leaves; with a hedging delay, the first leaf stands before a hedged pair of the other two.
  static func tree(_ names: [String], _ rule: Rule, _ course: Course, hedging: Double? = nil) -> Analysis {
    let leaves = names.map { Outline(leaf: Leaf($0), kind: "Leaf", capabilities: .basic) }
    guard let hedging else {
      return Analysis(
        of: Outline(composite: "Table", of: leaves, access: Access(read: rule, write: rule, readCourse: course)))
    }
    let pair = Outline(
      composite: "Hedged", of: Array(leaves.dropFirst()),
      access: Access(read: .any(2), write: .all(2), readCourse: .hedged(after: .seconds(hedging))))
    return Analysis(
      of: Outline(
        composite: "Table", of: [leaves[0], pair],
        access: Access(read: .any(2), write: .all(2), readCourse: .sequential)))
  }

  @Test("Read and write quorums of measured disks have the recomputed quantiles") func measured() throws {
    for row in TimingReference.shared.monte_carlo_N3 {
      let tree = Alike(3, read: row.R, write: row.W, row.timing)
      for (operation, expected) in [
        (Analysis.Operation.reads, [row.Lr_p50, row.Lr_p99, row.Lr_p999]),
        (.writes, [row.Lw_p50, row.Lw_p99, row.Lw_p999]),
      ] {
        let latency = try tree.analysis.latency(of: operation, leaves: tree.leaves)
        #expect(latency.isExact)
        for (share, expected) in zip([0.5, 0.99, 0.999], expected) {
          let found = try #require(latency.quantile(share)) / .milliseconds(1)
          let reference = try #require(expected)
          #expect(abs(found - reference) <= 0.02 * reference, "\(row.env ?? "") \(operation) at \(share): \(found)")
        }
      }
    }
  }

  @Test("What is computed and what is tried out agree, for every course and rule") func agreement() throws {
    let timing = LeafTiming(
      readRequest: .uniform(.milliseconds(1) ... .milliseconds(4)), readReply: .exponential(mean: .milliseconds(3)),
      writeRequest: .none, writeReply: .none)
    for rule in [Rule.any(3), .all(3), .atLeast(2, of: 3), .all([.child(0), .atLeast(2, of: 3)])] {
      for course in [Course.concurrent, .hedged(after: .milliseconds(4)), .concurrent.awaitingAll] {
        let analysis = Self.tree(["a", "b", "c"], rule, course)
        let leaves = ["a": timing, "b": timing, "c": timing]
        let exact = try analysis.latency(of: .reads, leaves: leaves)
        #expect(exact.isExact)
        let tree = analysis.timingTree(.reads)
        var trial = TimingTrial(analysis.leaves, [timing, timing, timing], remoteDelay: 0, seed: 5)
        let tried = Latency(samples: (0..<20_000).map { _ in trial.run(tree).time }, trials: 20_000)
        for milliseconds in [2, 5, 8, 13] {
          let time = Duration.milliseconds(milliseconds)
          #expect(abs(exact.share(within: time) - tried.share(within: time)) < 0.015, "\(rule) \(course)")
        }
      }
    }
  }

  @Test("A leaf that fails ends nothing before the others have answered, and a time limit cuts what is late")
  func failures()
    throws
  {
    var unsure = LeafTiming(roundTrip: .constant(.milliseconds(2)))
    unsure.readSuccess = 0.75
    let sure = LeafTiming(roundTrip: .constant(.milliseconds(5)))
    let tree = Replicated(reads: .race) {
      MemoryDriver("a"); MemoryDriver("b").timeout(.milliseconds(4))
    }.analysis
    let latency = try tree.latency(of: .reads, leaves: ["a": unsure, "b": sure])
    #expect(latency.isExact)
    #expect(latency.share(within: .milliseconds(1)) == 0 && latency.share(within: .milliseconds(3)) == 0.75)
    // b answers when its limit has passed.
    #expect(latency.success == 0.75 && latency.quantile(0.8) == nil)
    #expect(close(latency.quantile(0.75), 0.002))
  }

  @Test("In turn, the second is asked when the first has failed; before a write of many writers there is a read")
  func sequences() throws {
    var unsure = LeafTiming(roundTrip: .constant(.milliseconds(2)))
    unsure.readSuccess = 0.5
    let sure = LeafTiming(roundTrip: .constant(.milliseconds(5)))
    let search = FirstSuccess {
      MemoryDriver("a"); MemoryDriver("b")
    }.analysis
    let reads = try search.latency(of: .reads, leaves: ["a": unsure, "b": sure], trials: 10_000)
    #expect(!reads.isExact && reads.success == 1)
    #expect(abs(reads.share(within: .milliseconds(3)) - 0.5) < 0.02)
    #expect(close(reads.quantile(0.9), 0.007))
    #expect(try search.latency(of: .reads, leaves: ["a": sure, "b": unsure]).isExact)

    let many = Quorum(reads: .atomic) {
      MemoryDriver("a"); MemoryDriver("b"); MemoryDriver("c")
    }.analysis
    let each = LeafTiming(eachWay: .constant(.milliseconds(3)))
    let writes = try many.latency(of: .writes, leaves: ["a": each, "b": each, "c": each], trials: 10)
    #expect(close(writes.quantile(1), 0.012))
    // What is stamped above is not asked for below, but above.
    let inner = Quorum {
      Quorum(reads: .atomic) {
        MemoryDriver("a"); MemoryDriver("b")
      }; MemoryDriver("c")
    }.analysis
    #expect(
      close(
        try inner.latency(of: .writes, leaves: ["a": each, "b": each, "c": each], trials: 10).quantile(0.999), 0.012))
    let inTurn = Replicated(order: .sequential) {
      MemoryDriver("a"); MemoryDriver("b"); MemoryDriver("c")
    }.analysis
    let turns = try inTurn.latency(of: .writes, leaves: ["a": each, "b": each, "c": each], trials: 10)
    #expect(close(turns.quantile(1), 0.018))
  }

  @Test("Every leaf but the near one is farther away") func remote() throws {
    let each = LeafTiming(eachWay: .constant(.milliseconds(1)))
    let tree = Alike(3, read: 1, write: 2, each)
    let reads = try tree.analysis.latency(of: .reads, leaves: tree.leaves, remoteDelay: .milliseconds(10))
    #expect(reads.isExact && close(reads.quantile(0.99), 0.002))
    let writes = try tree.analysis.latency(of: .writes, leaves: tree.leaves, remoteDelay: .milliseconds(10))
    #expect(writes.isExact && close(writes.quantile(0.99), 0.022))
    let first = FirstSuccess {
      MemoryDriver("a"); MemoryDriver("b")
    }.analysis
    let nearOrFar = try first.latency(of: .reads, leaves: ["a": each, "b": each], remoteDelay: .milliseconds(10))
    #expect(nearOrFar.share(within: .milliseconds(5)) == 0.5)
  }

  @Test("What is no question is refused, and named") func refused() throws {
    let each = LeafTiming(eachWay: .none)
    let tree = FirstSuccess {
      MemoryDriver("a"); MemoryDriver("b")
    }.analysis
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return "nothing"
    }
    #expect(
      message { _ = try tree.latency(of: .reads, leaves: ["a": each, "c": each]) }
        == "the tree has no leaf 'c': it has a, b")
    #expect(message { _ = try tree.latency(of: .reads, leaves: ["a": each]) } == "the leaf 'b' has no timing")
    var wrong = each
    wrong.writeSuccess = 1.5
    #expect(
      message { _ = try tree.latency(of: .reads, leaves: ["a": each, "b": wrong]) }
        == "the success of writes at 'b' is from 0 to 1, and not 1.5")
    #expect(
      message { _ = try tree.latency(of: .reads, leaves: ["a": each, "b": each], trials: 0) }
        == "a prediction is made of 1 to 10000000 trials, and not of 0")
    #expect(
      message { _ = try tree.latency(of: .reads, leaves: ["a": each, "b": each], remoteDelay: .seconds(-1)) }
        == "the delay to remote leaves is from zero to a million seconds, and not -1.0 seconds")
    #expect(
      message { _ = try DelayDistribution.mixture(of: [(0.5, .none), (0.4, .none)]) }
        == "the probabilities of a mixture of 2 add up to 0.9, and not to 1")
    #expect(
      message { _ = try DelayDistribution.mixture(of: [(1.5, .none), (-0.5, .constant(.milliseconds(3)))]) }
        == "the probability of 0s in a mixture is from 0 to 1, and not 1.5")
    #expect(
      message { _ = try DelayDistribution.mixture(of: []) }
        == "the probabilities of a mixture of 0 add up to 0.0, and not to 1")
  }
}
