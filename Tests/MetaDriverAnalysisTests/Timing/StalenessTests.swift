import Foundation
import MetaDriver
import Testing

@testable import MetaDriverAnalysis

@Suite struct StalenessTests {
  @Test("Exponential requests without replies have the exact staleness") func exact() throws {
    for row in TimingReference.shared.exact_toy.rows {
      var timing = LeafTiming(eachWay: .none)
      timing.writeRequest = .exponential(mean: .seconds(1 / row.lambda_W))
      timing.readRequest = .exponential(mean: .seconds(1 / row.mu_R))
      let tree = Alike(row.N, read: row.R, write: row.W, timing)
      let staleness = try tree.analysis.staleness(leaves: tree.leaves)
      #expect(staleness.isExact)
      for (time, expected) in row.exact {
        let found = staleness.consistency(after: .seconds(try #require(Double(time))))
        #expect(abs(found - expected) < 1e-6)
      }
      let visible = try #require(staleness.visibility(0.999)) / .seconds(1)
      #expect(abs(visible - row.t_visibility_p999) < 1e-6)
    }
  }

  @Test("The exact staleness is what trials find", arguments: [(3, 1, 1), (3, 2, 1), (5, 2, 2), (5, 1, 3), (4, 3, 1)])
  func exactAgainstTrials(count: Int, read: Int, write: Int) throws {
    var timing = LeafTiming(eachWay: .none)
    timing.writeRequest = .exponential(mean: .milliseconds(10))
    timing.readRequest = .exponential(mean: .milliseconds(3))
    let tree = Alike(count, read: read, write: write, timing)
    let exact = try tree.analysis.staleness(leaves: tree.leaves)
    // The same, with a reply that takes a nanosecond, has to be tried out.
    timing.readReply = .constant(.nanoseconds(1))
    let alike = Alike(count, read: read, write: write, timing)
    let tried = try alike.analysis.staleness(leaves: alike.leaves, trials: 40_000)
    #expect(exact.isExact && !tried.isExact)
    for milliseconds in [0, 5, 20] {
      let time = Duration.milliseconds(milliseconds)
      #expect(abs(exact.consistency(after: time) - tried.consistency(after: time)) < 0.01)
    }
  }

  /// Fewer trials than the published tolerances need, to which `METADRIVER_TRIALS=1000000` holds them.
  @Test("Measured and exponential quorums are as stale as recomputed") func recomputed() throws {
    let trials = ProcessInfo.processInfo.environment["METADRIVER_TRIALS"].flatMap { Int($0) } ?? 30_000
    let isMany = trials >= 1_000_000
    for row in TimingReference.shared.monte_carlo_N3 + TimingReference.shared.exponential_wars.rows {
      let tree = Alike(3, read: row.R, write: row.W, row.timing)
      let staleness = try tree.analysis.staleness(leaves: tree.leaves, trials: trials, seed: 2)
      for (time, expected) in (row.p_consistent ?? [:]).merging(row.p_consistent_at ?? [:], uniquingKeysWith: { $1 }) {
        let found = staleness.consistency(after: .milliseconds(try #require(Double(time))))
        #expect(abs(found - expected) < (isMany ? 0.002 : 0.011), "\(row) at \(time)")
      }
      let visible = try #require(staleness.visibility(0.999)) / .milliseconds(1)
      let tolerance = (isMany ? 0.05 : 0.3) * row.t_visibility_p999 + (isMany ? 0.001 : 0.01)
      #expect(abs(visible - row.t_visibility_p999) <= tolerance, "\(row): \(visible)")
    }
  }

  @Test("Within so many versions, quorums are as fresh as published") func versions() throws {
    for row in TimingReference.shared.k_staleness.rows {
      let tree = Alike(row.N, read: row.R, write: row.W, LeafTiming(eachWay: .none))
      for (versions, expected) in row.within_k {
        let found = try tree.analysis.consistency(withinVersions: try #require(Int(versions)))
        #expect(abs(found - expected) < 1e-6)
      }
    }
    // Two of the six pairs of sets of this tree miss each other: {a, b} against c, and c against {a, b}.
    let tree = LatencyTests.tree(["a", "b", "c"], .any([.all([.child(0), .child(1)]), .child(2)]), .concurrent)
    #expect(abs(try tree.consistency(withinVersions: 1) - 0.5) < 1e-12)
    #expect(throws: AnalysisError.self) { try tree.consistency(withinVersions: 0) }
  }

  @Test("What is local-only, another client never sees") func localOnly() throws {
    let each = LeafTiming(eachWay: .exponential(mean: .milliseconds(5)))
    let tree = FirstSuccess {
      MemoryDriver("disk").localOnly(); MemoryDriver("cloud")
    }.analysis
    let staleness = try tree.staleness(leaves: ["disk": each, "cloud": each], trials: 100)
    #expect(staleness.consistency(after: .seconds(1_000_000)) == 0 && staleness.visibility(0.5) == nil)
    // Of the four pairs of sets, only what is written to the cloud and read from there meets.
    #expect(try tree.consistency(withinVersions: 1) == 0.25)
  }

  @Test("A tree whose reads never succeed has no staleness") func noReads() throws {
    var dead = LeafTiming(eachWay: .none)
    dead.readSuccess = 0
    let tree = Alike(1, read: 1, write: 1, dead)
    #expect(throws: AnalysisError.self) { try tree.analysis.staleness(leaves: tree.leaves, trials: 10) }
  }

  @Test("The same seed tries out the same") func seeds() throws {
    let tree = Alike(3, read: 1, write: 1, LeafTiming(eachWay: .exponential(mean: .milliseconds(5))))
    func lags(_ seed: UInt64) throws -> Duration? {
      try tree.analysis.staleness(leaves: tree.leaves, trials: 1_000, seed: seed).visibility(0.9)
    }
    #expect(try lags(1) == lags(1) && lags(1) != lags(2))
  }
}
