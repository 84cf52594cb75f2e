/// A line of a ``Chart``: its name, and the points that it joins in their order.
///
/// ```swift
/// let curve = Curve("writes", points: [(x: 1, y: 0), (x: 4, y: 0.5), (x: 20, y: 1)])
/// ```
///
/// Points that are not finite, or beyond 10¹⁵, are left out where it is drawn.
public struct Curve: Sendable {
  /// What it is called in the legend.
  public var label: String
  /// The points, in the units of the chart's axes.
  public var points: [(x: Double, y: Double)]

  /// Makes a curve.
  public init(_ label: String, points: [(x: Double, y: Double)]) { (self.label, self.points) = (label, points) }
}
