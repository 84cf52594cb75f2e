/// Curves over one pair of axes: what an ``AnalysisReport`` draws. It does not know where its numbers come from.
///
/// ```swift
/// let latency = Chart(
///   "How long operations take", x: "milliseconds", y: "share done by then", isLogarithmic: true,
///   curves: [Curve("writes", points: [(x: 1, y: 0), (x: 4, y: 0.5), (x: 20, y: 1)])])
/// ```
///
/// The axes reach as far as the points do; where these are all from 0 to 1, as probabilities are, from 0 to 1. At most eight
/// curves are drawn, and about a thousand points of each; the chart says how many curves it leaves out.
public struct Chart: Sendable {
  /// What the chart shows.
  public var title: String
  /// What is told to the right, with its unit.
  public var x: String
  /// What is told upwards, with its unit.
  public var y: String
  /// Whether each step to the right is so many times more. Points that are not above zero are left out then.
  public var isLogarithmic: Bool
  /// What is drawn.
  public var curves: [Curve]

  /// Makes a chart.
  public init(_ title: String, x: String, y: String, isLogarithmic: Bool = false, curves: [Curve]) {
    (self.title, self.x, self.y, self.isLogarithmic, self.curves) = (title, x, y, isLogarithmic, curves)
  }
}
