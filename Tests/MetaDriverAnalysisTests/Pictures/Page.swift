internal import Foundation
import Testing

#if canImport(FoundationXML)
  internal import FoundationXML
#endif

/// A page or a picture as a reader of XML sees it.
struct Page {
  struct Element {
    let name: String
    let attributes: [String: String]
    /// Everything that is written in it.
    fileprivate(set) var text = ""

    func has(_ style: String) -> Bool { attributes["class"]?.split(separator: " ").contains(Substring(style)) ?? false }
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [Element] = []
    var open: [Int] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      open.append(elements.count)
      elements.append(Element(name: name, attributes: attributes))
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
      open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      for element in open { elements[element].text += text }
    }
  }

  /// In the order in which they begin.
  let elements: [Element]

  /// Reads a text, which must be well-formed, and fetches nothing.
  init(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let reader = Reader()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    try #require(parser.parse(), "\(parser.parserError.debugDescription)", sourceLocation: sourceLocation)
    elements = reader.elements
    #expect(!elements.contains { ["script", "link", "img", "iframe", "object", "image", "use"].contains($0.name) })
    #expect(!elements.contains { $0.attributes.keys.contains { $0 == "src" || $0 == "href" || $0.hasPrefix("on") } })
    let names = ["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"]
    let rest = names.reduce(text) { $0.replacing("xmlns=\"\($1)\"", with: "") }
    for forbidden in ["http:", "https:", "src=", "<script", "@import", "url("] {
      #expect(!rest.contains(forbidden), sourceLocation: sourceLocation)
    }
  }

  func all(_ name: String, _ style: String? = nil) -> [Element] {
    elements.filter { element in element.name == name && (style.map(element.has) ?? true) }
  }

  /// The texts of the elements of a name.
  func texts(_ name: String, _ style: String? = nil) -> [String] { all(name, style).map(\.text) }
}
