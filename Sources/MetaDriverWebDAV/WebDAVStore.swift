#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  private import Synchronization

  /// What the copies of one `WebDAVDriver` share: whether the collection was seen to be a store, and which collections are in
  /// it.
  final class WebDAVStore: Sendable {
    struct State {
      enum Phase {
        case idle(wasOpened: Bool)
        case open
        case closed
      }
      var phase = Phase.idle(wasOpened: false)
      var collections: Set<String> = []
      /// Whether the server takes the destination of a move as a path, and not as the address that it is asked at.
      var movesToPaths = false
    }

    /// The resource that says that a collection is a store, and of which format.
    static let marker = "metadriver-webdav.txt"
    static let markerText = "MetaDriver WebDAV store, format 1. The data is in the collections beside this file.\n"
    /// Where the bytes of a put are before they get their name.
    static let temporary = "tmp"
    /// How many collections are known to be there; the memory is then begun again.
    private static let collectionLimit = 4_096
    /// How often something is asked for that somebody has locked: about half a second long.
    private static let lockAttemptLimit = 12
    /// Replies that are no data: what a server says when it refuses, say.
    private static let replyByteLimit = 1 << 20

    let address: Result<HTTPAddress, DriverError>
    let leaf: Leaf
    let client: any HTTPClient
    let maximumByteCount: Int
    let replacement: WebDAVDriver.Replacement
    let createsCollection: Bool
    private let credentials: HTTPCredentials?
    private let state = Mutex(State())
    /// Lets one call at a time open the store.
    let turns = TurnQueue()

    init(
      _ address: Result<HTTPAddress, DriverError>, leaf: Leaf, client: any HTTPClient, credentials: HTTPCredentials?,
      maximumByteCount: Int, replacement: WebDAVDriver.Replacement, createsCollection: Bool
    ) {
      self.address = address
      self.leaf = leaf
      self.client = client
      self.credentials = credentials
      self.maximumByteCount = maximumByteCount
      self.replacement = replacement
      self.createsCollection = createsCollection
    }

    /// Looks at what is known, or changes it.
    func withState<Answer: Sendable>(_ body: (inout State) -> Answer) -> Answer { state.withLock { body(&$0) } }

    func remember(_ collection: String) {
      withState { state in
        if state.collections.count >= Self.collectionLimit { state.collections = [] }
        state.collections.insert(collection)
      }
    }

    /// How long a resource may be: the largest datum and its envelope.
    var storedByteLimit: Int { maximumByteCount + Record.envelopeByteCount }

    /// Where something of the store is, for errors and for requests.
    func url(_ path: String) throws(DriverError) -> String {
      let address = try address.get()
      // A plus sign is itself in a path, but there are servers that take it for a space.
      return "\(address)/\(path.replacing("+", with: "%2B"))"
    }

    /// Sends a request about something of the store.
    ///
    /// - Parameter isRead: Whether a failure leaves every datum as it was; by default what the method says.
    func send(
      _ method: String, _ path: String, headers: HTTPHeaders = [:], body: HTTPBody? = nil, isRead: Bool? = nil,
      byteLimit: Int = 0, in context: Context
    ) async throws(DriverError) -> HTTPResponse {
      if case .closed = withState({ $0.phase }) { throw DriverError(.closed, "this WebDAVDriver was closed") }
      var headers = headers
      if let credentials = context.credentials(of: leaf, or: credentials) {
        headers.add("Authorization", secret: credentials.authorization)
      }
      let isContent = method == "GET" || method == "PROPFIND"
      if isContent { headers.add("Accept-Encoding", "identity") }
      let request = HTTPRequest(
        method, try url(path), headers: headers, body: body, isRead: isRead,
        maximumByteCount: max(byteLimit, Self.replyByteLimit))
      // Servers lock what a request is about for as long as it takes, and refuse whoever comes meanwhile.
      var attempt = 1
      while true {
        let response = try await client.send(request, in: context)
        guard response.status == 423, attempt < Self.lockAttemptLimit else {
          if isContent, response.isSuccess { try response.checkEncoding(method, at: request.url) }
          return response.hidingSecrets(of: request)
        }
        let pause = context.runtime.withRandom { Int.random(in: 5...10, using: &$0) * attempt }
        try await context.runtime.sleep(for: .milliseconds(pause))
        attempt += 1
      }
    }

    /// What a reply means that is no success.
    func error(
      _ operation: String, _ path: String, _ response: HTTPResponse, isRead: Bool, in context: Context
    ) throws(DriverError) -> DriverError {
      response.error(operation, at: try url(path), isRead: isRead, on: context.runtime)
    }

    /// Paths that no server is known to refuse for their length, in bytes.
    private static let usualPathByteCount = 1_024

    /// What it means that a server makes nothing at a path, although all above it is there.
    func refusal(
      _ operation: String, _ path: String, _ response: HTTPResponse, in context: Context
    ) throws(DriverError) -> DriverError {
      if [400, 403, 404, 405, 409, 500].contains(response.status), path.utf8.count > Self.usualPathByteCount {
        return DriverError(
          .invalidKey,
          "\(operation): the server at \(try url("")) makes nothing at a path of \(path.utf8.count) bytes, status "
            + "\(response.status): the key's name is too long for it")
      }
      guard [404, 409].contains(response.status) else {
        return try error(operation, path, response, isRead: true, in: context)
      }
      let said = response.words.map { ", \(quoted($0))" } ?? ""
      return DriverError(
        .unavailable, "\(operation): the server makes nothing at \(try url(path)), status \(response.status)\(said)",
        effect: .unchanged)
    }
  }

  extension HTTPResponse {
    /// Whether nothing is there, if the server can be believed.
    var isAbsence: Bool { status == 404 || status == 410 }
    /// Whether all that was asked for was done, in the words of a WebDAV server. Any other success must be looked into: a
    /// proxy, or a page that asks for a login, answers with status 200 and has done nothing.
    ///
    /// Source: RFC 4918, sections 9.3, 9.6, 9.7 and 9.9.
    var isDone: Bool { status == 201 || status == 204 }
  }
#endif
