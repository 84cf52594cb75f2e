/// The colours and rules of style that pictures and reports share, for light and for dark surroundings.
enum Theme {
  struct Colour {
    let name: String
    /// In light surroundings, as RGB.
    let light: UInt32
    let dark: UInt32
  }

  /// What text stands on.
  static let surfaces = [
    Colour(name: "page", light: 0xf5f6f8, dark: 0x0e1116),
    Colour(name: "surface", light: 0xffffff, dark: 0x171b22),
    Colour(name: "box", light: 0xf7f8fa, dark: 0x1f242d),
  ]

  /// What text is written in: each is readable on every surface.
  static let inks = [
    Colour(name: "ink", light: 0x16191d, dark: 0xe9ecf1), Colour(name: "muted", light: 0x59616c, dark: 0xa4adb9),
    Colour(name: "good", light: 0x1a6b35, dark: 0x63cf86), Colour(name: "bad", light: 0xb0261c, dark: 0xff8f85),
    Colour(name: "doubt", light: 0x7a5400, dark: 0xe6b450),
  ]

  /// What tells failure domains and curves apart.
  static let series = [
    Colour(name: "s0", light: 0x1f5fc4, dark: 0x7ab0ff), Colour(name: "s1", light: 0xa8480c, dark: 0xffa566),
    Colour(name: "s2", light: 0x08716b, dark: 0x4fd1c5), Colour(name: "s3", light: 0x7d3ac1, dark: 0xc7a1ff),
    Colour(name: "s4", light: 0xb02a6b, dark: 0xff94c2), Colour(name: "s5", light: 0x566b00, dark: 0xb9d04a),
    Colour(name: "s6", light: 0x0b6f9c, dark: 0x62cdf7), Colour(name: "s7", light: 0x85552b, dark: 0xd9b48a),
  ]

  private static let lines = [
    Colour(name: "line", light: 0xdfe3e8, dark: 0x2d343f), Colour(name: "edge", light: 0x8c95a1, dark: 0x6d7785),
  ]

  /// The colours as variables, within whatever bears the class `metadriver`.
  static var variables: String {
    let all = surfaces + inks + series + lines
    func block(_ colour: (Colour) -> UInt32) -> String {
      ".metadriver{\(all.map { "--\($0.name):\(hexadecimal(colour($0)))" }.joined(separator: ";"))}"
    }
    return """
      \(block(\.light))
      .metadriver{color-scheme:light dark}
      @media (prefers-color-scheme:dark){\(block(\.dark))}
      @media print{\(block(\.light))}

      """
  }

  private static func hexadecimal(_ colour: UInt32) -> String {
    let digits = String(colour, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  private static let font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',sans-serif"

  /// How a tree is drawn.
  static var tree: String {
    let domains = series.indices.map { index in
      ".md-tree .d\(index) .shape{stroke:var(--s\(index))}.md-tree .d\(index) .badge{fill:var(--s\(index))}"
    }
    return """
      .md-tree{\(font);font-size:12px}
      .md-tree .ground{fill:var(--surface)}
      .md-tree .shape{fill:var(--box);stroke:var(--edge);stroke-width:1.25}
      .md-tree .leaf .shape{fill:var(--surface);stroke-width:1.75}
      .md-tree .lid{fill:none}
      .md-tree .edge{fill:none;stroke:var(--edge);stroke-width:1.25}
      .md-tree .local .shape,.md-tree .edge.local{stroke-dasharray:5 3.5}
      .md-tree text{fill:var(--muted);text-anchor:middle}
      .md-tree .title{fill:var(--ink);font-size:13.5px;font-weight:600}
      .md-tree .traffic{font-size:11px;font-style:italic;paint-order:stroke;stroke:var(--surface);stroke-width:6px;\
      stroke-linejoin:round}
      .md-tree .badge{fill:var(--muted);stroke:var(--surface);stroke-width:2}
      .md-tree .number{fill:var(--surface);font-size:10.5px;font-weight:700}
      .md-tree .key{text-anchor:start}
      \(domains.joined(separator: "\n"))

      """
  }

  /// How a chart is drawn.
  static var chart: String {
    let curves = series.indices.map { index in
      let dash = dashes[index].isEmpty ? "" : ";stroke-dasharray:\(dashes[index])"
      return ".md-chart .c\(index){stroke:var(--s\(index))\(dash)}.md-chart circle.c\(index){fill:var(--s\(index))}"
    }
    return """
      .md-chart svg{\(font);font-size:12.5px;display:block;width:100%;height:auto}
      .md-chart text{fill:var(--muted);font-variant-numeric:tabular-nums}
      .md-chart .grid{stroke:var(--line);stroke-width:1}
      .md-chart .axis{stroke:var(--edge);stroke-width:1}
      .md-chart .curve{fill:none;stroke-width:2.25;stroke-linejoin:round;stroke-linecap:butt}
      .md-chart .x{text-anchor:middle}
      .md-chart .y{text-anchor:end}
      .md-chart ul{list-style:none;margin:0 0 .5rem;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
      .md-chart li{display:flex;align-items:center;gap:.5rem;overflow-wrap:anywhere}
      .md-chart .key{width:28px;height:10px;flex:none}
      \(curves.joined(separator: "\n"))

      """
  }

  /// What tells curves apart where colours do not.
  private static let dashes = ["", "8 4", "2.5 3", "10 3 2.5 3", "5 2.5", "14 4", "2.5 6", "10 3 2.5 3 2.5 3"]
}
