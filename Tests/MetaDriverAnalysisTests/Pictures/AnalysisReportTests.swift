import MetaDriver
import Testing

@testable import MetaDriverAnalysis

@Suite struct AnalysisReportTests {
  private let a = PictureTrees.leaf("a", "eu")
  private let b = PictureTrees.leaf("b", "us")
  private let c = PictureTrees.leaf("c")
  private var quorum: Analysis { Analysis(of: PictureTrees.quorum(2, 2, [a, b, c])) }
  private var all: Analysis { Analysis(of: PictureTrees.quorum(1, 3, [a, b, c])) }
  private func chart(_ title: String, _ label: String) -> Chart {
    Chart(title, x: "ms", y: "share", curves: [Curve(label, points: [(x: 0, y: 0), (x: 1, y: 1)])])
  }

  private func collapsed(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

  @Test("Every guarantee is in the page, with its answer, its reason and its witness")
  func guarantees() throws {
    for analysis in [quorum, all, Analysis(of: PictureTrees.wide(40)), MemoryDriver("m").localOnly().analysis] {
      let page = try Page(AnalysisReport("x", analysis).html)
      let rows = page.texts("tr").map(collapsed)
      #expect(rows.count == analysis.guarantees.count && !rows.isEmpty)
      for ((name, guarantee), row) in zip(analysis.guarantees, rows) {
        #expect(row.hasPrefix(name))
        #expect(row.contains(guarantee.answer) && row.contains(guarantee.reason))
        let basis =
          guarantee.restsOn.isEmpty
          ? "" : " rests on \(guarantee.restsOn.map(\.description).joined(separator: ", and on "))"
        if let witness = guarantee.witness { #expect(row.hasSuffix(witness.description + basis)) }
      }
      let symbols = analysis.guarantees.map { ["yes": "✓", "no": "✗", "unknown": "?"][$0.guarantee.verdict.rawValue] }
      #expect(page.texts("span", "symbol") == symbols)
      #expect(page.all("svg").count == 1)
    }
  }

  @Test("The description and the page have the same guarantees")
  func oneList() {
    let lines = "\(quorum)".split(separator: "\n")
    #expect(lines.count == quorum.guarantees.count)
    for (line, (name, guarantee)) in zip(lines, quorum.guarantees) {
      #expect(line.hasPrefix(name) && line.hasSuffix("\(guarantee)"))
    }
  }

  @Test("Survival is a number, with failures that are one too many")
  func survival() throws {
    let reads = try #require(quorum.guarantees.first { $0.name == "reads survive" }?.guarantee)
    #expect(reads.failures == 1 && reads.holds && reads.witness?.description == "{a, b} fail")
    #expect("\(reads)" == "1 failure, but not this: {a, b} fail")
    let writes = try #require(all.guarantees.first { $0.name == "writes survive" }?.guarantee)
    #expect(writes.failures == 0 && !writes.holds && "\(writes)" == "0 failures, but not this: {a} fail")
    let never = try #require(MemoryDriver("m").readOnly().analysis.guarantees.first { $0.name == "writes survive" })
    #expect(never.guarantee.failures == -1 && "\(never.guarantee)" == "nothing: they never succeed")
    #expect(quorum.ownWrites.failures == nil)
  }

  @Test("A page tells the warnings of a strategy, or that there are none; of a tree nobody checked, it tells nothing")
  func warnings() throws {
    let loose = try Strategy("notes") {
      Replicated(writes: .atLeast(1)) {
        MemoryDriver("x")
        MemoryDriver("y")
      }
    }
    let remark = try #require(loose.warnings.first)
    let page = try Page(AnalysisReport(loose).html)
    #expect(page.texts("h1") == ["notes"])
    #expect(page.all("li").count == loose.warnings.count)
    #expect(page.texts("p", "path").first == remark.path.joined(separator: " / "))
    #expect(page.texts("p").contains("Warning: \(remark.reason)."))
    #expect(page.texts("p", "mend").first == remark.mend + ".")
    let tight = try Strategy("notes") { MemoryDriver("x") }
    #expect(tight.warnings.isEmpty)
    #expect(try Page(AnalysisReport(tight).html).texts("p").contains("The checks at composition warn of nothing."))
    #expect(try !Page(AnalysisReport("x", quorum).html).texts("h2").contains("Warnings"))
  }

  @Test("Of two trees, the page begins with what changes")
  func comparison() throws {
    let page = try Page(AnalysisReport(comparing: AnalysisReport("old", quorum), with: AnalysisReport("new", all)).html)
    #expect(page.texts("h1") == ["old → new"])
    #expect(page.texts("h2") == ["What changes", "old", "new"])
    #expect(
      page.texts("tr").map(collapsed).prefix(3) == [
        "old new", "reads survive 1 failure → 2 failures ▲better", "writes survive 1 failure → 0 failures ▼worse",
      ])
    #expect(page.all("svg").count == 2 && page.all("article").count == 2)
    let same = try Page(AnalysisReport(comparing: AnalysisReport("x", quorum), with: AnalysisReport("x", quorum)).html)
    #expect(same.texts("h1") == ["x, before → x, after"])
    #expect(same.texts("p").contains("No guarantee, and no store."))
  }

  @Test("Charts of one title become one, with the curves of both trees")
  func charts() throws {
    var (old, new) = (AnalysisReport("old", quorum), AnalysisReport("new", all))
    old.charts = [chart("latency", "reads"), chart("only old", "writes")]
    new.charts = [chart("latency", "reads"), chart("only new", "writes")]
    let both = AnalysisReport(comparing: old, with: new)
    #expect(both.charts.map(\.title) == ["latency", "only old", "only new"])
    #expect(
      both.charts.map { $0.curves.map(\.label) } == [["old: reads", "new: reads"], ["old: writes"], ["new: writes"]])
    let page = try Page(both.html)
    #expect(page.texts("h3").filter { $0 != "Guarantees" } == ["latency", "only old", "only new"])
    #expect(page.all("figure").count == 3)
  }

  @Test("A page is the same each time, fetches nothing, and names are read as they are")
  func page() throws {
    var report = AnalysisReport(
      PictureTrees.nasty, Analysis(of: PictureTrees.quorum(1, 1, [a, PictureTrees.leaf(PictureTrees.nasty)])))
    report.charts = [chart(PictureTrees.nasty, PictureTrees.nasty)]
    let page = try Page(report.html)
    #expect(report.html == report.html && report.html.hasPrefix("<!DOCTYPE html>\n<html "))
    #expect(page.texts("h1") == [PictureTrees.read] && page.texts("title").first == PictureTrees.read)
    #expect(page.texts("span").contains(PictureTrees.read))
    let policy = try #require(page.all("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" })
    #expect(policy.attributes["content"] == "default-src 'none'; style-src 'unsafe-inline'")
  }
}
