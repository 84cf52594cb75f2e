/// A piece of a page or of a picture, well-formed as XML and as HTML whatever texts are put into it.
indirect enum Markup: Sendable {
  case text(String)
  case element(String, KeyValuePairs<String, String> = [:], [Markup] = [])
  /// Rules of style, which HTML reads as they stand.
  case style(String)

  /// As it is written to a file.
  var rendered: String {
    var output = ""
    render(into: &output)
    return output
  }

  /// The elements that HTML knows to be empty; it takes any other for open until it is closed.
  private static let empty: Set<String> = ["meta", "br", "col"]

  private func render(into output: inout String) {
    switch self {
    case .text(let text): output += Self.escaped(text)
    case .style(let rules):
      precondition(!rules.contains { $0 == "<" || $0 == "&" }, "rules of style that XML would read as something else")
      output += "<style>\(rules)</style>"
    case .element(let name, let attributes, let children):
      output += "<\(name)"
      for (name, value) in attributes { output += " \(name)=\"\(Self.escaped(value))\"" }
      guard !Self.empty.contains(name) else {
        output += "/>"
        return
      }
      output += ">"
      // Where there is no text, a line for each child does not show.
      let isBroken = children.count > 1 && !children.contains(where: \.isText)
      for child in children {
        if isBroken { output += "\n" }
        child.render(into: &output)
      }
      output += isBroken ? "\n</\(name)>" : "</\(name)>"
    }
  }

  private var isText: Bool { if case .text = self { true } else { false } }

  /// A text that is read as itself. What may not stand in XML, or turns the text around it, is replaced.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n", "\r", "\u{2028}", "\u{2029}": escaped += " "
      case "\0"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}",
        _ where scalar.properties.isNoncharacterCodePoint:
        escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension Markup: ExpressibleByStringInterpolation {
  init(stringLiteral value: String) { self = .text(value) }
}

extension String {
  /// The beginning of the text, with an ellipsis where there was more.
  func shortened(to count: Int) -> String {
    // A character may be made of any number of scalars.
    let few = unicodeScalars.prefix(4 * count)
    let isWhole = few.endIndex == unicodeScalars.endIndex
    let text = String(few)
    return isWhole && text.count <= count ? text : text.prefix(count - 1) + "…"
  }
}
