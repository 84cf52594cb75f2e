import MetaDriver

extension AnalysisReport {
  /// The page, as it is written to a file.
  ///
  /// - Complexity: That of ``Analysis/guarantees``, and O(points) for the charts.
  public var html: String { "<!DOCTYPE html>\n" + ReportPage(self).markup.rendered + "\n" }
}

/// A report as a page.
struct ReportPage {
  private let trees: [AnalysisReport.Tree]
  private let charts: [Chart]
  private let title: String

  init(_ report: AnalysisReport) {
    (trees, charts) = (report.trees, report.charts)
    title = report.trees.map { $0.name.shortened(to: 60) }.joined(separator: " → ")
  }

  var markup: Markup {
    .element(
      "html", ["xmlns": "http://www.w3.org/1999/xhtml", "lang": "en"],
      [
        .element(
          "head", [:],
          [
            .element("meta", ["charset": "utf-8"]),
            // Whatever a browser would fetch for it, it must not.
            .element(
              "meta",
              ["http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"]),
            .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .element("title", [:], [.text(title)]),
            .style("\n\(Theme.variables)\(Theme.page)\(Theme.tree)\(Theme.chart)"),
          ]),
        .element("body", ["class": "metadriver"], [.element("main", [:], parts)]),
      ])
  }

  private var parts: [Markup] {
    var parts = [heading]
    if trees.count == 2 { parts.append(changes) }
    parts.append(
      .element(
        "div", ["class": trees.count == 2 ? "trees two" : "trees"], articles))
    if !charts.isEmpty {
      parts.append(
        .element(
          "section", [:],
          [
            .element("h2", [:], ["Curves"]),
            .element("div", ["class": "charts"], charts.map { ChartDrawing($0).markup }),
          ]))
    }
    return parts + [footer]
  }

  private var articles: [Markup] {
    let articles = trees.map { ReportTree($0, treeCount: trees.count).parts }
    // Beside one another, what is of one kind is as high, wherever a browser can do that.
    let rows = articles.map(\.count).max() ?? 0
    return articles.map { .element("article", ["style": "grid-row:span \(rows)"], $0) }
  }

  private var heading: Markup {
    let kind = trees[0].analysis.kind == .mutable ? "mutable" : "immutable"
    let sentence =
      trees.count == 2
      ? "Two trees of storage drivers, and what changes between them for \(kind) data: worked out from their outlines"
      : "What this tree of storage drivers guarantees for \(kind) data: worked out from its outline"
    return .element(
      "header", [:],
      [
        .element(
          "p", ["class": "over"], [.text(trees.count == 2 ? "Two strategies compared" : "Analysis of a strategy")]),
        .element("h1", [:], [.text(title)]),
        .element("p", ["class": "lead"], [.text(sentence + ", without asking any store.")]),
      ])
  }

  private var changes: Markup {
    let changes = AnalysisChange.between(trees[0].analysis, trees[1].analysis)
    let heading = Markup.element("h2", [:], ["What changes"])
    guard !changes.isEmpty else {
      return .element(
        "section", ["class": "card"], [heading, .element("p", ["class": "lead"], ["No guarantee, and no store."])])
    }
    let head = ["", trees[0].name, trees[1].name, ""].map { name in
      name.isEmpty ? .element("td") : Markup.element("th", ["scope": "col"], [.text(name.shortened(to: 40))])
    }
    let rows = changes.map { change -> Markup in
      let (style, symbol) =
        switch change.direction {
        case .better: ("good", "▲")
        case .worse: ("bad", "▼")
        case .different: ("plain", "◆")
        }
      return .element(
        "tr", [:],
        [
          .element("th", ["scope": "row"], [.text(change.name)]),
          .element("td", [:], [.text(change.before)]),
          .element(
            "td", [:],
            [.element("span", ["class": "arrow", "aria-hidden": "true"], ["→ "]), .text(change.after)]),
          .element("td", [:], [Self.verdict(style, symbol, change.direction.rawValue)]),
        ])
    }
    return .element(
      "section", ["class": "card"],
      [
        heading,
        .element(
          "table", ["class": "changes"],
          [.element("thead", [:], [.element("tr", [:], head)]), .element("tbody", [:], rows)]),
      ])
  }

  /// A word with its colour and its symbol: none of them is needed to understand the others.
  static func verdict(_ style: String, _ symbol: String, _ word: String) -> Markup {
    .element(
      "span", ["class": "verdict \(style)"],
      [.element("span", ["class": "symbol", "aria-hidden": "true"], [.text(symbol)]), .text(word)])
  }

  private var footer: Markup {
    .element(
      "footer", [:],
      [
        .element(
          "p", [:],
          [
            """
            Each node is taken at its word: which children a read needs, and which a write. A store works or fails as a whole; \
            one that stands in the tree more than once is one store. “Unknown” means that the tree is larger than what is \
            searched, and is never a yes.
            """
          ])
      ])
  }
}
