#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  private import Foundation
  #if canImport(FoundationXML)
    private import FoundationXML
  #endif

  /// One element of an XML reply: its name without a namespace, its text, and the elements in it.
  ///
  /// Replies are taken for what an attacker may have written: the depth and the number of elements are bounded, a document
  /// type is refused, and nothing outside the reply is ever looked up.
  struct S3Document: Equatable {
    /// How deep elements may be in each other.
    static let maximumDepth = 8
    /// How many elements a reply may have: more than a page of a listing needs.
    static let maximumElementCount = 100_000

    var name: String
    var text = ""
    var children: [S3Document] = []

    /// The text of the first element of that name, without the spaces around it.
    subscript(_ name: String) -> String? { first(name).map { S3Document.trimmed($0.text) } }

    /// The first element of that name.
    func first(_ name: String) -> S3Document? { children.first { $0.name == name } }

    /// The elements of that name.
    func all(_ name: String) -> [S3Document] { children.filter { $0.name == name } }

    /// Reads a reply.
    ///
    /// - Returns: The outermost element; `nil` when the bytes are no such document.
    static func read(_ bytes: [UInt8]) -> S3Document? {
      // A server that works for long sends spaces first, so that nobody hangs up.
      let bytes = bytes.drop { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
      guard PlainXML.holds(for: bytes) else { return nil }
      let parser = XMLParser(data: Data(bytes))
      parser.shouldProcessNamespaces = false
      parser.shouldResolveExternalEntities = false
      let reader = Reader()
      parser.delegate = reader
      guard parser.parse(), !reader.isRefused else { return nil }
      return reader.root
    }

    private static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

    private final class Reader: NSObject, XMLParserDelegate {
      private var open: [S3Document] = []
      private var count = 0
      private(set) var root: S3Document?
      private(set) var isRefused = false

      private func refuse(_ parser: XMLParser) {
        isRefused = true
        parser.abortParsing()
      }

      func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
      ) {
        count += 1
        guard !isRefused, count <= maximumElementCount, open.count < maximumDepth else { return refuse(parser) }
        open.append(S3Document(name: name.split(separator: ":").last.map(String.init) ?? name))
      }

      func parser(_ parser: XMLParser, foundCharacters text: String) {
        if !open.isEmpty { open[open.count - 1].text += text }
      }

      func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        guard !isRefused, let element = open.popLast() else { return refuse(parser) }
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
      }
    }
  }
#endif
