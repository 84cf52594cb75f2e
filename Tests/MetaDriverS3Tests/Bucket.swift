#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  @testable import MetaDriverS3
  import ServerSupport
  private import Synchronization

  /// A bucket in memory behind a ``ScriptedClient``, as well behaved as the test wants it.
  final class Bucket: Sendable {
    /// What becomes of conditions.
    enum Conditions { case ignored, honoured, wantedUnquoted, honouredForCreation, unknown, honouredForPuts }

    struct Object {
      var bytes: [UInt8]
      var fields: [(String, String)]
      var tag: String
    }

    private let objects = Mutex<[String: Object]>([:])
    private let conditions: Conditions
    /// Answers in the place of the bucket, or lets it answer, by returning `nil`.
    private let interference: @Sendable (HTTPRequest, Bucket) async throws(DriverError) -> HTTPResponse?

    init(
      _ conditions: Conditions = .ignored,
      _ interference: @escaping @Sendable (HTTPRequest, Bucket) async throws(DriverError) -> HTTPResponse? = { _, _ in
        nil
      }
    ) {
      self.conditions = conditions
      self.interference = interference
    }

    var client: ScriptedClient {
      ScriptedClient { request throws(DriverError) in
        if let answer = try await self.interference(request, self) { return answer }
        return self.answer(request)
      }
    }

    var names: [String] { objects.withLock { $0.keys.sorted() } }

    subscript(_ name: String) -> Object? {
      get { objects.withLock { $0[name] } }
      set { objects.withLock { $0[name] = newValue } }
    }

    static func failure(_ status: Int, _ code: String, _ more: String = "") -> HTTPResponse {
      HTTPResponse(
        status, headers: ["x-amz-request-id": "1"], body: Array("<Error><Code>\(code)</Code>\(more)</Error>".utf8))
    }

    func answer(_ request: HTTPRequest) -> HTTPResponse {
      let name = String(request.url.dropFirst("https://x/b/".count))
      return objects.withLock { objects in
        let stored = objects[name]
        if let refusal = check(request, stored) { return refusal }
        switch request.method {
        case "PUT":
          guard case .bytes(let bytes) = request.body else { return HTTPResponse(400) }
          let object = Object(
            bytes: Array(bytes),
            fields: request.headers.fields.filter { $0.name.hasPrefix("x-amz-meta-") }.map { ($0.name, $0.value) },
            tag: "\"\(hexString(Digest.sha256(bytes)).prefix(32))\"")
          objects[name] = object
          return HTTPResponse(200, headers: ["ETag": object.tag])
        case "DELETE":
          objects[name] = nil
          return HTTPResponse(204)
        default:
          guard let stored else { return Self.failure(404, "NoSuchKey") }
          var headers: HTTPHeaders = ["ETag": stored.tag]
          for (name, value) in stored.fields { headers.add(name, value) }
          guard request.headers["range"] != nil else { return HTTPResponse(200, headers: headers, body: stored.bytes) }
          guard !stored.bytes.isEmpty else { return Self.failure(416, "InvalidRange") }
          let part = Array(stored.bytes.prefix(62))
          headers.add("Content-Range", "bytes 0-\(part.count - 1)/\(stored.bytes.count)")
          return HTTPResponse(206, headers: headers, body: part)
        }
      }
    }

    private func check(_ request: HTTPRequest, _ stored: Object?) -> HTTPResponse? {
      let (match, noneMatch) = (request.headers["if-match"], request.headers["if-none-match"])
      guard match != nil || noneMatch != nil else { return nil }
      let refused = Self.failure(412, "PreconditionFailed")
      switch conditions {
      case .ignored: return nil
      case .unknown: return Self.failure(501, "NotImplemented")
      case .honouredForPuts where request.method == "DELETE": return nil
      case .honouredForCreation where match != nil: return Self.failure(501, "NotImplemented")
      default: break
      }
      if noneMatch != nil { return stored == nil ? nil : refused }
      let wanted = stored.map { conditions == .wantedUnquoted ? String($0.tag.dropFirst().dropLast()) : $0.tag }
      return match == wanted ? nil : refused
    }

    func driver(
      prefix: String = "", region: String = "us-east-1", credentials: S3Driver.CredentialSource? = nil,
      stamps: S3Driver.StampPlace = .metadata, conditions: S3Driver.Conditions = .unused, client: ScriptedClient? = nil,
      multipartThreshold: Int = 16 << 20, abandonedUploads: Duration? = nil
    ) -> S3Driver {
      let fixed = S3Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("geheim"))
      return S3Driver(
        bucket: "b", name: "s3", region: region, endpoint: "https://x", prefix: prefix,
        credentials: credentials ?? .fixed(fixed), stamps: stamps, conditions: conditions,
        multipartThreshold: multipartThreshold, abandonedUploads: abandonedUploads, client: client ?? self.client)
    }
  }
#endif
