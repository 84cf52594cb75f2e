public import MetaDriver

/// A page about a tree, or about two of them side by side: one file that needs no network and holds no script.
///
/// ```swift
/// var report = AnalysisReport(profiles)
/// report.charts = [
///   Chart("Latency", x: "milliseconds", y: "share done by then", curves: [Curve("reads", points: [(2, 0), (9, 1)])])
/// ]
/// let page = report.html                                         // write it to a file, and open it
///
/// let other = AnalysisReport("all", Replicated { eu; us }.analysis)
/// let comparison = AnalysisReport(comparing: report, with: other).html
/// ```
///
/// The page has a picture of the tree, every guarantee with its reason and its witness, what the checks warn of, and the
/// charts it is given. It follows the light or dark surroundings of who reads it, fits narrow windows, and can be printed.
/// The same report is the same bytes, always.
public struct AnalysisReport: Sendable {
  /// A tree, and what is told of it.
  struct Tree: Sendable {
    var name: String
    let analysis: Analysis
    let warnings: [Remark]
    /// Of whatever is not checked, nobody knows whether there would be something to warn of.
    let isChecked: Bool
  }

  /// Curves to draw below the trees: latencies, staleness, whatever was computed or measured.
  public var charts: [Chart] = []
  /// One, or the earlier and the later.
  let trees: [Tree]

  /// A report on a tree.
  ///
  /// - Parameters:
  ///   - name: What to call the tree.
  ///   - analysis: What it guarantees.
  public init(_ name: String, _ analysis: Analysis) {
    trees = [Tree(name: name, analysis: analysis, warnings: [], isChecked: false)]
  }

  /// A report on a strategy, with its warnings.
  public init(_ strategy: Strategy) {
    trees = [Tree(name: strategy.name, analysis: strategy.analysis, warnings: strategy.warnings, isChecked: true)]
  }

  /// A report on two trees, which begins with what changes from one to the other.
  ///
  /// Charts of one title become one, with the curves of both. Of a report that compares already, the later tree counts.
  public init(comparing old: AnalysisReport, with new: AnalysisReport) {
    var (before, after) = (old.trees[old.trees.count - 1], new.trees[new.trees.count - 1])
    if before.name == after.name { (before.name, after.name) = ("\(before.name), before", "\(after.name), after") }
    trees = [before, after]
    charts = Self.merged(old.charts, before.name, new.charts, after.name)
  }

  private static func merged(_ old: [Chart], _ oldName: String, _ new: [Chart], _ newName: String) -> [Chart] {
    func named(_ chart: Chart, _ name: String) -> Chart {
      var chart = chart
      for index in chart.curves.indices { chart.curves[index].label = "\(name): \(chart.curves[index].label)" }
      return chart
    }
    var charts = old.map { named($0, oldName) }
    for chart in new.map({ named($0, newName) }) {
      if let place = charts.firstIndex(where: { $0.title == chart.title }) {
        charts[place].curves += chart.curves
      } else {
        charts.append(chart)
      }
    }
    return charts
  }
}
