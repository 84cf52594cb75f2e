/// A chart as a figure of a page.
struct ChartDrawing {
  private static let curveLimit = Theme.series.count
  private static let pointLimit = 1_000
  private static let (width, height) = (560.0, 330.0)
  private static let (left, right, top, bottom) = (54.0, 28.0, 36.0, 54.0)

  private let chart: Chart
  /// What is drawn: the points of each curve that the axes can show.
  private let curves: [(label: String, points: [(x: Double, y: Double)])]
  private let x: AxisScale
  private let y: AxisScale

  init(_ chart: Chart) {
    self.chart = chart
    curves = chart.curves.prefix(Self.curveLimit).map { curve in
      (curve.label.shortened(to: 60), Self.shown(curve, chart))
    }
    let points = curves.flatMap(\.points)
    x = AxisScale(showing: points.map(\.x), isLogarithmic: chart.isLogarithmic, tickCount: 6)
    let isShare = points.allSatisfy { (0...1).contains($0.y) }
    y = AxisScale(showing: points.map(\.y) + (isShare ? [0, 1] : []), isLogarithmic: false, tickCount: 5)
  }

  private static func canShow(_ point: (x: Double, y: Double), _ chart: Chart) -> Bool {
    AxisScale.canShow(point.x, isLogarithmic: chart.isLogarithmic) && AxisScale.canShow(point.y, isLogarithmic: false)
  }

  private static func shown(_ curve: Curve, _ chart: Chart) -> [(x: Double, y: Double)] {
    let points = curve.points.filter { canShow($0, chart) }
    guard points.count > pointLimit, let last = points.last else { return points }
    let step = (points.count + pointLimit - 1) / pointLimit
    return stride(from: 0, to: points.count, by: step).map { points[$0] } + [last]
  }

  var markup: Markup {
    var parts: [Markup] = [.element("h3", [:], [.text(chart.title.shortened(to: 120))])]
    if curves.contains(where: { !$0.points.isEmpty }) { parts += [legend, picture] }
    parts += notes.map { .element("p", ["class": "note"], [.text($0)]) }
    return .element("figure", ["class": "md-chart card"], parts)
  }

  /// What is not drawn.
  private var notes: [String] {
    var notes: [String] = []
    if curves.allSatisfy(\.points.isEmpty) { notes.append("There are no points to draw.") }
    let curvesLeft = chart.curves.count - curves.count
    if curvesLeft > 0 { notes.append("\(curvesLeft) more \(curvesLeft == 1 ? "curve is" : "curves are") left out.") }
    let pointsLeft = chart.curves.prefix(curves.count).reduce(0) { sum, curve in
      sum + curve.points.count { !Self.canShow($0, chart) }
    }
    let points = pointsLeft == 1 ? "1 point that has" : "\(pointsLeft) points that have"
    if pointsLeft > 0 { notes.append("Left out: \(points) no place on the axes.") }
    return notes
  }

  private var legend: Markup {
    .element(
      "ul", [:],
      curves.enumerated().map { index, curve in
        let line = Markup.element("path", ["class": "curve c\(index)", "d": "M0 5H28"])
        return .element(
          "li", [:],
          [
            .element(
              "svg", ["class": "key", "viewBox": "0 0 28 10", "aria-hidden": "true", "xmlns": Self.svg], [line]),
            .element("span", [:], [.text(curve.label)]),
          ])
      })
  }

  private static let svg = "http://www.w3.org/2000/svg"

  private var picture: Markup {
    let labels = curves.map(\.label).joined(separator: ", ")
    let summary = "\(chart.title.shortened(to: 120)): \(chart.y) over \(chart.x), for \(labels)"
    let bottom = Self.height - Self.bottom
    var parts: [Markup] = [.element("title", [:], [.text(summary)])]
    for tick in y.ticks {
      parts.append(line("grid", Self.left, place(y: tick), Self.width - Self.right, place(y: tick)))
      parts.append(text(y.text(of: tick), "y", Self.left - 9, place(y: tick) + 4))
    }
    for tick in x.ticks {
      parts.append(line("grid", place(x: tick), Self.top, place(x: tick), bottom))
      parts.append(text(x.text(of: tick), "x", place(x: tick), bottom + 20))
    }
    parts.append(line("axis", Self.left, bottom, Self.width - Self.right, bottom))
    parts.append(line("axis", Self.left, Self.top, Self.left, bottom))
    parts += curves.indices.map(curve)
    let centre = (Self.left + Self.width - Self.right) / 2
    parts.append(text(chart.x.shortened(to: 60), "x", centre, Self.height - 8))
    parts.append(text(chart.y.shortened(to: 60), "above", 0, 14))
    return .element(
      "svg",
      [
        "xmlns": Self.svg, "role": "img", "aria-label": summary,
        "viewBox": "0 0 \(Self.width.decimal(0)) \(Self.height.decimal(0))",
      ], parts)
  }

  private func curve(_ index: Int) -> Markup {
    let places = curves[index].points.map { "\(place(x: $0.x).decimal(1)) \(place(y: $0.y).decimal(1))" }
    let distinct = places.enumerated().filter { $0.offset == 0 || places[$0.offset - 1] != $0.element }.map(\.element)
    guard let first = distinct.first else { return .element("g") }
    guard distinct.count > 1 else {
      let place = first.split(separator: " ")
      return .element("circle", ["class": "c\(index)", "cx": "\(place[0])", "cy": "\(place[1])", "r": "3.5"])
    }
    return .element("path", ["class": "curve c\(index)", "d": "M" + distinct.joined(separator: "L")])
  }

  private func place(x value: Double) -> Double {
    Self.left + x.position(of: value) * (Self.width - Self.left - Self.right)
  }

  private func place(y value: Double) -> Double {
    Self.height - Self.bottom - y.position(of: value) * (Self.height - Self.top - Self.bottom)
  }

  private func line(_ style: String, _ x: Double, _ y: Double, _ toX: Double, _ toY: Double) -> Markup {
    .element(
      "line",
      [
        "class": style, "x1": x.decimal(1), "y1": y.decimal(1), "x2": toX.decimal(1), "y2": toY.decimal(1),
      ])
  }

  private func text(_ text: String, _ style: String, _ x: Double, _ y: Double) -> Markup {
    .element("text", ["class": style, "x": x.decimal(1), "y": y.decimal(1)], [.text(text)])
  }
}
