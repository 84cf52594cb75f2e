#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  @testable import MetaDriverS3
  private import Synchronization

  /// A bucket in this process, with listings and uploads in parts.
  final class ModelBucket: Sendable {
    struct Object: Equatable {
      var bytes: [UInt8]
      var fields: [String]
    }

    struct State {
      var objects: [String: Object] = [:]
      var uploads: [String: (name: String, fields: [String], parts: [Int: [UInt8]])] = [:]
      /// What a server that is not quite like S3 answers first.
      var oddity: @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil }
      /// Whether an upload in parts forgets what it was begun with.
      var forgetsFields = false
    }

    private static let base = "https://x/b"
    private let state = Mutex(State())

    init(_ change: (inout State) -> Void = { _ in }) { state.withLock { change(&$0) } }

    var objects: [String: Object] { state.withLock(\.objects) }

    /// The object of a request.
    func bytes(_ request: HTTPRequest) -> [UInt8]? { objects[Self.parts(request.url).name]?.bytes }

    private static func parts(_ url: String) -> (name: String, query: [String: String]) {
      let halves = url.dropFirst(base.count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      var query: [String: String] = [:]
      for pair in halves.dropFirst().first?.split(separator: "&") ?? [] {
        let words = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
          PercentEncoding.decode($0) ?? ""
        }
        query[words[0]] = words.count > 1 ? words[1] : ""
      }
      return (String(halves[0].drop { $0 == "/" }), query)
    }

    private static func failure(_ status: Int, _ code: String) -> HTTPResponse {
      HTTPResponse(
        status, headers: ["Content-Type": "application/xml", "x-amz-request-id": "1"],
        body: Array("<Error><Code>\(code)</Code></Error>".utf8))
    }

    private static func document(_ text: String) -> HTTPResponse {
      HTTPResponse(200, headers: ["Content-Type": "application/xml", "x-amz-request-id": "1"], body: Array(text.utf8))
    }

    private static func fields(_ request: HTTPRequest) -> [String] {
      request.headers.fields.filter { $0.name.hasPrefix("x-amz-meta-") }.map { "\($0.name): \($0.value)" }
    }

    private static func tag(_ bytes: [UInt8]) -> String { "\"\(hexString(Digest.sha256(bytes[...])).prefix(32))\"" }

    func answer(_ request: HTTPRequest) -> HTTPResponse {
      let (name, query) = Self.parts(request.url)
      return state.withLock { state in
        if let odd = state.oddity(request) { return odd }
        switch request.method {
        case "PUT":
          guard case .bytes(let body)? = request.body else { return Self.failure(400, "MissingContentLength") }
          if let id = query["uploadId"] {
            guard let number = query["partNumber"].flatMap({ Int($0) }), state.uploads[id] != nil else {
              return Self.failure(404, "NoSuchUpload")
            }
            state.uploads[id]?.parts[number] = Array(body)
          } else {
            state.objects[name] = Object(bytes: Array(body), fields: Self.fields(request))
          }
          return HTTPResponse(200, headers: ["ETag": Self.tag(Array(body)), "x-amz-request-id": "1"])
        case "POST" where query["uploads"] != nil:
          let id = "upload-\(state.uploads.count)"
          state.uploads[id] = (name, state.forgetsFields ? [] : Self.fields(request), [:])
          return Self.document(
            "<InitiateMultipartUploadResult><UploadId>\(id)</UploadId></InitiateMultipartUploadResult>")
        case "POST":
          guard let upload = query["uploadId"].flatMap({ state.uploads.removeValue(forKey: $0) }) else {
            return Self.failure(404, "NoSuchUpload")
          }
          let bytes = upload.parts.sorted { $0.key < $1.key }.flatMap(\.value)
          state.objects[name] = Object(bytes: bytes, fields: upload.fields)
          return Self.document("<CompleteMultipartUploadResult><Key>k</Key></CompleteMultipartUploadResult>")
        case "DELETE":
          if let id = query["uploadId"] { state.uploads[id] = nil } else { state.objects[name] = nil }
          return HTTPResponse(204, headers: ["x-amz-request-id": "1"])
        default: return name.isEmpty ? Self.list(query, state) : Self.read(name, request, state)
        }
      }
    }

    private static func read(_ name: String, _ request: HTTPRequest, _ state: State) -> HTTPResponse {
      guard let object = state.objects[name] else {
        return request.method == "HEAD" ? HTTPResponse(404) : failure(404, "NoSuchKey")
      }
      var fields: HTTPHeaders = ["ETag": tag(object.bytes), "x-amz-request-id": "1"]
      for field in object.fields {
        let halves = field.split(separator: ": ", maxSplits: 1).map(String.init)
        fields.add(halves[0], halves[1])
      }
      var (status, body) = (200, object.bytes)
      if request.headers["range"] != nil {
        guard !body.isEmpty else { return failure(416, "InvalidRange") }
        (status, body) = (206, Array(body.prefix(62)))
        fields.add("Content-Range", "bytes 0-\(body.count - 1)/\(object.bytes.count)")
      }
      fields.add("Content-Length", "\(body.count)")
      return HTTPResponse(status, headers: fields, body: request.method == "HEAD" ? [] : body)
    }

    private static func list(_ query: [String: String], _ state: State) -> HTTPResponse {
      let (prefix, after) = (query["prefix"] ?? "", query["start-after"] ?? query["continuation-token"] ?? "")
      let names = state.objects.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        .filter { $0.hasPrefix(prefix) && after.utf8.lexicographicallyPrecedes($0.utf8) }
      let shown = names.prefix(min(2, query["max-keys"].flatMap { Int($0) } ?? 1_000))
      let contents = shown.map {
        "<Contents><Key>\($0)</Key><Size>\(state.objects[$0]?.bytes.count ?? 0)</Size></Contents>"
      }
      let isTruncated = shown.count < names.count
      return document(
        "<ListBucketResult><IsTruncated>\(isTruncated)</IsTruncated>\(contents.joined())"
          + (isTruncated ? "<NextContinuationToken>\(shown.last ?? "")</NextContinuationToken>" : "")
          + "</ListBucketResult>")
    }
  }
#endif
