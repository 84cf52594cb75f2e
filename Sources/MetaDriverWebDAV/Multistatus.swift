#if HTTP
  internal import Foundation
  import MetaDriver
  import MetaDriverHTTP

  #if canImport(FoundationXML)
    internal import FoundationXML
  #endif

  /// A server's answer about several resources, of status 207.
  ///
  /// Source: RFC 4918, sections 13 and 14.
  struct Multistatus {
    /// What is said of one resource.
    struct Resource: Hashable, Sendable {
      /// Its address, as the server writes it.
      var href = ""
      /// The status, where one is given for the resource as a whole.
      var status: Int?
      var isCollection = false
      var lastModified: String?
    }

    let resources: [Resource]

    /// Reads the body of such an answer.
    ///
    /// - Throws: `unavailable` when it is none, or nested deeper than any is. A document that declares its type is refused
    ///   unread, because such a declaration can name files, and can expand to more than memory holds.
    init(decoding body: [UInt8]) throws(DriverError) {
      guard PlainXML.holds(for: body) else { throw Self.unreadable }
      let reader = MultistatusReader()
      let parser = XMLParser(data: Data(body))
      parser.shouldProcessNamespaces = true
      parser.shouldResolveExternalEntities = false
      parser.delegate = reader
      guard parser.parse(), reader.isComplete, !reader.isRefused else { throw Self.unreadable }
      resources = reader.resources
    }

    private static var unreadable: DriverError {
      DriverError(
        .unavailable, "the reply is not what a WebDAV server says of a collection: check the address",
        effect: .unchanged)
    }
  }

  /// Takes the elements of the document one by one.
  private final class MultistatusReader: NSObject, XMLParserDelegate {
    private static let depthLimit = 32
    private static let textByteLimit = 64 << 10

    private(set) var resources: [Multistatus.Resource] = []
    /// Whether the answer was read to its end: what was cut off would read as less than there is.
    private(set) var isComplete = false
    /// Whether the document is deeper, or has longer texts, than any answer.
    private(set) var isRefused = false
    private var path: [String] = []
    private var text = ""
    private var resource = Multistatus.Resource()
    /// What the properties say that are read now: they count if their status does.
    private var properties = Multistatus.Resource()

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      let local = name.split(separator: ":").last.map(String.init) ?? name
      path.append(namespaceURI == "DAV:" ? local : "?")
      guard path.count <= Self.depthLimit else { return refuse(parser) }
      text = ""
      switch path {
      case ["multistatus", "response"]: resource = Multistatus.Resource()
      case ["multistatus", "response", "propstat"]: properties = Multistatus.Resource()
      case ["multistatus", "response", "propstat", "prop", "resourcetype", "collection"]: properties.isCollection = true
      default: break
      }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
      guard text.utf8.count + string.utf8.count <= Self.textByteLimit else { return refuse(parser) }
      text += string
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
      let content = text.trimmingCharacters(in: .whitespacesAndNewlines)
      switch path {
      case ["multistatus"]: isComplete = true
      case ["multistatus", "response"]: resources.append(resource)
      case ["multistatus", "response", "href"]: resource.href = content
      case ["multistatus", "response", "status"]: resource.status = Self.status(content) ?? 0
      case ["multistatus", "response", "propstat", "status"]: properties.status = Self.status(content) ?? 0
      case ["multistatus", "response", "propstat", "prop", "getlastmodified"]: properties.lastModified = content
      case ["multistatus", "response", "propstat"]:
        if properties.status == 200 {
          resource.isCollection = resource.isCollection || properties.isCollection
          resource.lastModified = properties.lastModified ?? resource.lastModified
        }
      default: break
      }
      text = ""
      if !path.isEmpty { path.removeLast() }
    }

    func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) { isRefused = true }

    private func refuse(_ parser: XMLParser) {
      isRefused = true
      parser.abortParsing()
    }

    /// The number in a line such as `HTTP/1.1 200 OK`.
    private static func status(_ line: String) -> Int? {
      let words = line.split(separator: " ")
      guard words.count >= 2, words[0].hasPrefix("HTTP/") else { return nil }
      return Int(words[1])
    }
  }
#endif
