import Foundation
import MetaDriver
import MetaDriverAnalysis

/// `report --out FILE.html [STRATEGY [OTHER]]`: a page about a strategy, or about two side by side.
struct ReportCommand {
  let file: String
  let strategies: [KnownStrategy]

  init(_ words: [String]) throws {
    guard words.count >= 2, words[0] == "--out" else { throw Problem(description: "say where: --out FILE.html") }
    file = words[1]
    let names = words.count == 2 ? ["majority of three", "loose copies"] : Array(words.dropFirst(2))
    guard names.count <= 2 else { throw Problem(description: "one strategy or two, and not \(names.count)") }
    strategies = try names.map { name in
      guard let strategy = KnownStrategy.dozen.first(where: { $0.name == name }) else {
        let known = KnownStrategy.dozen.map { "'\($0.name)'" }.joined(separator: ", ")
        throw Problem(description: "there is no strategy '\(name)'; there are \(known)")
      }
      return strategy
    }
  }

  func write() throws {
    let stalenesses = try strategies.map { try $0.analysis.staleness(leaves: $0.timings) }
    // As long as the slowest takes, so that curves end together.
    let end = stalenesses.compactMap { $0.visibility(0.9999) }.reduce(.milliseconds(50), max)
    let reports = try zip(strategies, stalenesses).map { try report($0, $1, until: end) }
    let page = reports.count == 1 ? reports[0].html : AnalysisReport(comparing: reports[0], with: reports[1]).html
    try Data(page.utf8).write(to: URL(filePath: file))
  }

  private func report(
    _ strategy: KnownStrategy, _ staleness: Staleness, until end: Duration
  ) throws -> AnalysisReport {
    let analysis = strategy.analysis
    var report = AnalysisReport(strategy.name, analysis)
    let latencies = try Analysis.Operation.allCases.map { operation in
      (operation, try analysis.latency(of: operation, leaves: strategy.timings))
    }
    let longest = latencies.compactMap { $1.quantile(0.9999 * $1.success) }.max() ?? .seconds(1)
    let shortest = latencies.compactMap { $1.quantile(0.001 * $1.success) }.min() ?? .zero
    // Steps of equal ratio.
    let ratio = longest / max(shortest, longest / 10_000)
    let moments = (0...240).map { longest / pow(ratio, Double(240 - $0) / 240) }
    report.charts.append(
      Chart(
        "How long operations take", x: "milliseconds", y: "share done by then", isLogarithmic: true,
        curves: latencies.map { operation, latency in
          Curve("\(operation)", points: moments.map { ($0 / .milliseconds(1), latency.share(within: $0)) })
        }))
    let delays = (0...200).map { end * Double($0) / 200 }
    report.charts.append(
      Chart(
        "How soon others see a write", x: "milliseconds since it was acknowledged",
        y: "probability that a read finds it",
        curves: [
          Curve("reads", points: delays.map { ($0 / .milliseconds(1), staleness.consistency(after: $0)) })
        ]))
    return report
  }
}
