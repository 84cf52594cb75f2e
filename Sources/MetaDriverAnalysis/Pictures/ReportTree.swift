import MetaDriver

/// A tree's part of a page: the picture, the guarantees, the warnings.
struct ReportTree {
  private let tree: AnalysisReport.Tree
  private let treeCount: Int

  init(_ tree: AnalysisReport.Tree, treeCount: Int) { (self.tree, self.treeCount) = (tree, treeCount) }

  /// One below the other.
  var parts: [Markup] {
    var parts: [Markup] = []
    if treeCount > 1 { parts.append(.element("h2", ["class": "name"], [.text(tree.name.shortened(to: 60))])) }
    parts += [picture, guarantees]
    if tree.isChecked { parts.append(warnings) }
    return parts
  }

  private var picture: Markup {
    let graph = OutlineGraph(tree.analysis.outline, kind: tree.analysis.kind)
    // The picture of a wide tree can be scrolled, also by who has no mouse.
    return .element(
      "div", ["class": "card picture", "tabindex": "0", "role": "region", "aria-label": "The tree"],
      [TreeDrawing(graph).markup()])
  }

  private var guarantees: Markup {
    let rows = tree.analysis.guarantees.map { name, guarantee in
      Markup.element(
        "tr", [:],
        [
          .element("th", ["scope": "row"], [.text(name)]),
          .element("td", ["class": "answer"], [answer(guarantee)]),
          .element("td", ["class": "why"], why(guarantee)),
        ])
    }
    return .element(
      "section", ["class": "card"],
      [
        .element(treeCount > 1 ? "h3" : "h2", [:], ["Guarantees"]),
        .element("table", ["class": "guarantees"], [.element("tbody", [:], rows)]),
      ])
  }

  private func answer(_ guarantee: Analysis.Guarantee) -> Markup {
    switch guarantee.verdict {
    case .yes: ReportPage.verdict("good", "✓", guarantee.answer)
    case .no: ReportPage.verdict("bad", "✗", guarantee.answer)
    case .unknown: ReportPage.verdict("doubt", "?", guarantee.answer)
    }
  }

  private func why(_ guarantee: Analysis.Guarantee) -> [Markup] {
    var parts: [Markup] = [.element("p", [:], [.text(guarantee.reason)])]
    if let witness = guarantee.witness {
      let text = guarantee.failures ?? 0 > 0 ? "but not this: \(witness)" : "\(witness)"
      parts.append(.element("p", ["class": "witness"], [.text(text)]))
    }
    if !guarantee.restsOn.isEmpty {
      parts.append(
        .element(
          "p", ["class": "witness"],
          [.text("rests on \(guarantee.restsOn.map(\.description).joined(separator: ", and on "))")]))
    }
    return parts
  }

  private var warnings: Markup {
    let items = tree.warnings.map { remark in
      Markup.element(
        "li", [:],
        [
          .element("p", ["class": "path"], [.text(remark.path.joined(separator: " / "))]),
          .element(
            "p", [:],
            [
              .element("strong", [:], [.text("\(remark.severity == .error ? "Error" : "Warning"): ")]),
              .text(remark.reason + "."),
            ]),
          .element("p", ["class": "mend"], [.text(remark.mend + ".")]),
        ])
    }
    return .element(
      "section", ["class": "card"],
      [
        .element(treeCount > 1 ? "h3" : "h2", [:], ["Warnings"]),
        items.isEmpty
          ? .element("p", ["class": "lead"], ["The checks at composition warn of nothing."])
          : .element("ul", ["class": "warnings"], items),
      ])
  }
}
