import Foundation
import MetaDriver
import MetaDriverAnalysis

/// Published and recomputed figures of latency and staleness.
struct TimingReference: Decodable, Sendable {
  struct Wars: Decodable, Sendable {
    let env: String?
    let R: Int
    let W: Int
    let Lr_p50: Double?
    let Lr_p99: Double?
    let Lr_p999: Double?
    let Lw_p50: Double?
    let Lw_p99: Double?
    let Lw_p999: Double?
    let lambda_W: Double?
    let lambda_ARS: Double?
    let p_consistent: [String: Double]?
    let p_consistent_at: [String: Double]?
    let t_visibility_p999: Double
  }
  struct Toy: Decodable, Sendable {
    let N: Int
    let W: Int
    let R: Int
    let lambda_W: Double
    let mu_R: Double
    let exact: [String: Double]
    let t_visibility_p999: Double
  }
  struct Versions: Decodable, Sendable {
    let N: Int
    let R: Int
    let W: Int
    let p_miss: Double
    let within_k: [String: Double]
  }
  struct Order: Decodable, Sendable {
    let n: Int
    let k: Int
    let lam: Double
    let mean: Double
    let `var`: Double
    let p50: Double
    let p95: Double
    let p99: Double
    let p999: Double
  }
  struct Hedge: Decodable, Sendable {
    let delay: Double
    let extra_load: Double
    let mean: Double
    let quantiles: [String: Double]
  }
  struct Rows<Row: Decodable & Sendable>: Decodable, Sendable { let rows: [Row] }

  let monte_carlo_N3: [Wars]
  let exact_toy: Rows<Toy>
  let k_staleness: Rows<Versions>
  let exponential_order_statistics: Rows<Order>
  let exponential_wars: Rows<Wars>
  let hedging_exponential: Rows<Hedge>

  static let shared: TimingReference = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../Reference/latency_staleness.json")
    return try! JSONDecoder().decode(TimingReference.self, from: Data(contentsOf: file.standardized))
  }()
}

extension TimingReference.Wars {
  private static let ssd = try! DelayDistribution.mixture(of: [
    (0.9122, .pareto(minimum: .microseconds(235), shape: 10)), (0.0878, .exponential(mean: .milliseconds(1 / 1.66))),
  ])
  private static let disk = try! DelayDistribution.mixture(of: [
    (0.38, .pareto(minimum: .microseconds(1_050), shape: 1.51)), (0.62, .exponential(mean: .milliseconds(1 / 0.183))),
  ])

  var timing: LeafTiming {
    if let lambda_W, let lambda_ARS {
      var timing = LeafTiming(eachWay: .exponential(mean: .milliseconds(1 / lambda_ARS)))
      timing.writeRequest = .exponential(mean: .milliseconds(1 / lambda_W))
      return timing
    }
    var timing = LeafTiming(eachWay: Self.ssd)
    if env == "LNKD-DISK" { timing.writeRequest = Self.disk }
    return timing
  }
}

/// A quorum over leaves that are alike.
struct Alike {
  let analysis: Analysis
  let leaves: [String: LeafTiming]

  init(_ count: Int, read: Int, write: Int, _ timing: LeafTiming) {
    let names = (1...count).map { "leaf \($0)" }
    analysis =
      Quorum(read: .exactly(read), write: .exactly(write), sloppy: true) {
        for name in names { MemoryDriver(name) }
      }.analysis
    leaves = Dictionary(uniqueKeysWithValues: names.map { ($0, timing) })
  }
}
