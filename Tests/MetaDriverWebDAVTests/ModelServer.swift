#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  private import Synchronization

  /// A WebDAV server in this process: collections and resources below `/dav`.
  final class ModelServer: Sendable {
    struct State {
      var collections: Set<String> = ["/dav", "/dav/store"]
      var resources: [String: [UInt8]] = [:]
      /// What the hrefs of a listing look like.
      var spelling: @Sendable (String) -> String = { $0 }
    }

    private let state = Mutex(State())

    init(_ change: (inout State) -> Void = { _ in }) { state.withLock { change(&$0) } }

    /// What is stored for keys.
    var data: [String: [UInt8]] {
      state.withLock { $0.resources.filter { !$0.key.contains("/store/tmp/") && !$0.key.hasSuffix(".txt") } }
    }
    /// What writers left behind.
    var leftovers: [String] { state.withLock { $0.resources.keys.filter { $0.contains("/store/tmp/") } } }

    func resource(_ request: HTTPRequest) -> [UInt8]? {
      state.withLock { $0.resources[Self.path(request.url)] }
    }

    private static func path(_ url: String) -> String {
      let path = url.firstRange(of: "://").map { url[$0.upperBound...].drop { $0 != "/" } } ?? url[...]
      let decoded = PercentEncoding.decode(path) ?? String(path)
      return decoded.hasSuffix("/") ? String(decoded.dropLast()) : decoded
    }

    private static func parent(_ path: String) -> String {
      String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    func answer(_ request: HTTPRequest) -> HTTPResponse {
      let path = Self.path(request.url)
      return state.withLock { state in
        switch request.method {
        case "GET", "HEAD": return Self.read(path, request, state)
        case "PUT":
          guard state.collections.contains(Self.parent(path)) else { return HTTPResponse(409) }
          guard case .bytes(let bytes)? = request.body else { return HTTPResponse(400) }
          return HTTPResponse(state.resources.updateValue(Array(bytes), forKey: path) == nil ? 201 : 204)
        case "DELETE": return HTTPResponse(state.resources.removeValue(forKey: path) == nil ? 404 : 204)
        case "MKCOL":
          guard state.collections.contains(Self.parent(path)) else { return HTTPResponse(409) }
          return HTTPResponse(state.collections.insert(path).inserted ? 201 : 405)
        case "MOVE":
          let target = Self.path(request.headers["Destination"] ?? "")
          guard let bytes = state.resources[path] else { return HTTPResponse(404) }
          guard state.collections.contains(Self.parent(target)) else { return HTTPResponse(409) }
          state.resources[path] = nil
          return HTTPResponse(state.resources.updateValue(bytes, forKey: target) == nil ? 201 : 204)
        case "PROPFIND": return Self.list(path, state)
        default: return HTTPResponse(405)
        }
      }
    }

    private static func read(_ path: String, _ request: HTTPRequest, _ state: State) -> HTTPResponse {
      guard let bytes = state.resources[path] else { return HTTPResponse(404) }
      var fields: HTTPHeaders = [
        "ETag": "\"1\"", "Content-Type": "application/octet-stream", "Date": "Tue, 01 Dec 2026 10:00:00 GMT",
        "Last-Modified": "Tue, 01 Dec 2026 09:00:00 GMT",
      ]
      var (status, body) = (200, bytes)
      if request.headers["Range"] != nil, bytes.count > 62 {
        (status, body) = (206, Array(bytes.prefix(62)))
        fields.add("Content-Range", "bytes 0-61/\(bytes.count)")
      }
      fields.add("Content-Length", "\(body.count)")
      return HTTPResponse(status, headers: fields, body: request.method == "HEAD" ? [] : body, url: request.url)
    }

    private static func list(_ path: String, _ state: State) -> HTTPResponse {
      guard state.collections.contains(path) else { return HTTPResponse(404) }
      func isWithin(_ other: String) -> Bool { other == path || parent(other) == path }
      let responses =
        state.collections.filter(isWithin).map {
          entry($0 + "/", "<D:resourcetype><D:collection/></D:resourcetype>", state)
        }
        + state.resources.keys.filter(isWithin).map { entry($0, "<D:resourcetype/>", state) }
      let text = "<?xml version=\"1.0\"?><D:multistatus xmlns:D=\"DAV:\">\(responses.joined())</D:multistatus>"
      return HTTPResponse(207, headers: ["Content-Type": "application/xml"], body: Array(text.utf8), url: "")
    }

    private static func entry(_ path: String, _ type: String, _ state: State) -> String {
      let href = path.split(separator: "/", omittingEmptySubsequences: false).map { PercentEncoding.encode(String($0)) }
      return "<D:response><D:href>\(state.spelling(href.joined(separator: "/")))</D:href><D:propstat><D:prop>\(type)"
        + "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
    }
  }
#endif
