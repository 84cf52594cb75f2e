import Testing

@testable import MetaDriverAnalysis

@Suite struct ChartDrawingTests {
  private func page(_ curves: [Curve], isLogarithmic: Bool = false) throws -> Page {
    let chart = Chart(PictureTrees.nasty, x: "x <ms>", y: "y & z", isLogarithmic: isLogarithmic, curves: curves)
    return try Page(ChartDrawing(chart).markup.rendered)
  }

  /// The lines within the picture, without those of the legend.
  private func lines(_ page: Page) -> [String] {
    page.all("path", "curve").compactMap { $0.attributes["d"] }.filter { $0 != "M0 5H28" }
  }

  @Test("A curve goes from point to point, with its name in the legend and the names of the axes")
  func curve() throws {
    let page = try page([Curve("a<b", points: [(x: 0, y: 0), (x: 5, y: 1), (x: 10, y: 0.5)])])
    #expect(lines(page) == ["M54 276L293 36L532 156"])
    #expect(page.texts("span") == ["a<b"])
    #expect(page.texts("h3") == [PictureTrees.read])
    #expect(page.texts("text").contains("x <ms>") && page.texts("text").contains("y & z"))
    #expect(page.all("svg").contains { $0.attributes["role"] == "img" && $0.attributes["aria-label"] != nil })
    #expect(page.texts("p").isEmpty)
  }

  @Test("On a logarithmic axis a power of ten is as wide as any other")
  func logarithmic() throws {
    let page = try page(
      [Curve("a", points: [(x: 1, y: 0), (x: 100, y: 1), (x: 10_000, y: 1), (x: 0, y: 1)])], isLogarithmic: true)
    #expect(lines(page) == ["M54 276L293 36L532 36"])
    #expect(page.texts("p", "note") == ["Left out: 1 point that has no place on the axes."])
  }

  @Test(
    "Where there is nothing to draw, the chart says so",
    arguments: [[], [(x: Double.nan, y: 1)]] as [[(Double, Double)]])
  func nothing(points: [(Double, Double)]) throws {
    let page = try page([Curve("a", points: points.map { (x: $0.0, y: $0.1) })])
    #expect(page.all("svg").isEmpty)
    #expect(page.texts("p", "note").first == "There are no points to draw.")
    #expect(try self.page([]).texts("p", "note") == ["There are no points to draw."])
  }

  @Test("One point is a dot, and points above one another a line")
  func degenerate() throws {
    let dot = try page([Curve("a", points: [(x: 5, y: 3)])])
    #expect(lines(dot).isEmpty && dot.all("circle").count == 1)
    let upright = try page([Curve("a", points: [(x: 5, y: 0), (x: 5, y: 1)])])
    #expect(lines(upright) == ["M293 276L293 36"])
  }

  @Test("What is not finite is left out, and counted")
  func infinite() throws {
    let page = try page([
      Curve("a", points: [(x: 0, y: 0), (x: .nan, y: 0), (x: 1, y: .infinity), (x: -1e300, y: 0), (x: 1, y: 1)])
    ])
    #expect(lines(page) == ["M54 276L532 36"])
    #expect(page.texts("p", "note") == ["Left out: 3 points that have no place on the axes."])
  }

  @Test("Of fifty curves eight are drawn, of many points about a thousand, and the last of them always")
  func bounds() throws {
    let curves = (0..<50).map { number in
      Curve("\(number)", points: (0...9_999).map { (x: Double($0), y: Double($0) / 9_999) })
    }
    let page = try page(curves)
    #expect(lines(page).count == 8)
    #expect(page.texts("p", "note") == ["42 more curves are left out."])
    let places = try #require(lines(page).first).split(separator: "L")
    #expect((500...1_001).contains(places.count))
    #expect(places.last == "532 36")
  }
}
