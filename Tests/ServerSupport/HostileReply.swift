#if HTTP
  public import MetaDriverHTTP

  /// A reply that takes the place of a server's, and when: what proxies, gateways and pages that ask for a login say, and
  /// what servers say that read the standards in their own way.
  public struct HostileReply: Sendable, CustomStringConvertible {
    /// Whether the server does what it was asked for, before somebody answers in its place.
    public enum Time: String, Sendable, CaseIterable {
      case before, after
    }

    /// What it is, in words.
    public let description: String
    /// Whether a driver must work all the same: the standard allows the reply.
    public let isLegal: Bool
    /// Whether it is the server's own word for having done nothing, so that it never comes after it has acted.
    public let isRefusal: Bool
    /// The status that a message must name; `nil` where the server's own stays.
    public let status: Int?
    /// Words that a message must have, if the reply is why an operation failed.
    public let words: String?
    private let reply: @Sendable (HTTPRequest, HTTPResponse) -> HTTPResponse

    /// Makes a reply of the server's own.
    public init(
      _ description: String, isLegal: Bool = false, isRefusal: Bool = false, status: Int? = nil, words: String? = nil,
      _ reply: @escaping @Sendable (HTTPRequest, HTTPResponse) -> HTTPResponse
    ) {
      self.description = description
      self.isLegal = isLegal
      self.isRefusal = isRefusal
      self.status = status
      self.words = words
      self.reply = reply
    }

    /// The reply to a request, of which `own` is the server's.
    public func callAsFunction(_ request: HTTPRequest, _ own: HTTPResponse) -> HTTPResponse { reply(request, own) }

    /// Every status that a proxy or a server is known to give.
    public static let statuses =
      [200, 201, 202, 203, 204, 205, 206, 207, 226] + [300, 301, 302, 303, 304, 305, 307, 308]
      + Array(400...418) + [421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499]
      + Array(500...508) + [510, 511, 520, 522, 524, 526, 530, 598]

    /// A secret that no message may show.
    public static let secret = "s3cr3t-passw0rd"

    /// Each status, bare and with a page.
    public static var pages: [HostileReply] {
      statuses.flatMap { status -> [HostileReply] in
        let fields: HTTPHeaders = (300..<400).contains(status) ? ["Location": "https://login.example/"] : [:]
        return [
          HostileReply("\(status)", status: status) { _, _ in HTTPResponse(status, headers: fields) },
          HostileReply("\(status) with a page", status: status, words: "Sign in, please") { _, _ in
            var fields = fields
            fields.add("Content-Type", "text/html; charset=utf-8")
            return HTTPResponse(status, headers: fields, body: page)
          },
        ]
      }
    }

    /// What is a page that asks for a login.
    public static let page = Array(
      "<html><head><title>Portal</title><script>let a = 1 < 2</script></head><body><p>Sign in, please</p></body></html>"
        .utf8)

    /// The server's own reply, changed on its way.
    public static let changes: [HostileReply] = [
      HostileReply("403 that repeats what was sent", status: 403) { request, _ in
        let fields = request.headers.fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        return HTTPResponse(403, headers: ["Content-Type": "text/plain"], body: Array((fields + secret).utf8))
      },
      HostileReply("401 that asks for a digest", status: 401) { _, _ in
        HTTPResponse(401, headers: ["WWW-Authenticate": "Digest realm=\"files\", nonce=\"1\", qop=\"auth\""])
      },
      HostileReply("no bytes") { _, own in HTTPResponse(own.status, headers: own.headers) },
      HostileReply("compressed, unasked") { _, own in
        var reply = own
        reply.headers.add("Content-Encoding", "gzip")
        reply.body = [0x1f, 0x8b, 8, 0] + own.body.reversed()
        return reply
      },
      HostileReply("no entity tag", isLegal: true) { _, own in without(["etag"], own) },
      HostileReply("no length", isLegal: true) { _, own in without(["content-length"], own) },
      HostileReply("another length", isLegal: true) { _, own in
        var reply = without(["content-length"], own)
        reply.headers.add("Content-Length", "7")
        return reply
      },
      HostileReply("no type", isLegal: true) { _, own in without(["content-type"], own) },
      HostileReply("a time far off", isLegal: true) { _, own in
        var reply = without(["date", "last-modified"], own)
        reply.headers.add("Date", "Thu, 01 Jan 1970 00:00:00 GMT")
        return reply
      },
      HostileReply("names in capitals", isLegal: true) { _, own in
        var reply = HTTPResponse(own.status, body: own.body, url: own.url)
        for field in own.headers.fields { reply.headers.add(field.name.uppercased(), field.value) }
        return reply
      },
    ]

    /// The server's own reply to a request for a range, as others would give it. `whole` is all that is stored there.
    public static func ranges(_ whole: @escaping @Sendable (HTTPRequest) -> [UInt8]?) -> [HostileReply] {
      func reply(
        _ description: String, isLegal: Bool, _ body: @escaping @Sendable ([UInt8], HTTPResponse) -> HTTPResponse
      ) -> HostileReply {
        HostileReply(description, isLegal: isLegal) { request, own in
          guard request.headers["Range"] != nil, own.status == 206 || own.status == 200, let bytes = whole(request)
          else {
            return own
          }
          var reply = body(bytes, without(["content-range", "content-length"], own))
          reply.url = own.url
          return reply
        }
      }
      return [
        reply("a range answered whole", isLegal: true) { bytes, own in
          HTTPResponse(200, headers: own.headers, body: bytes)
        },
        reply("a part with the status of the whole", isLegal: true) { bytes, own in
          HTTPResponse(200, headers: own.headers, body: Array(bytes.prefix(62)))
        },
        reply("a part of nobody knows how much", isLegal: true) { bytes, own in
          HTTPResponse(206, headers: own.headers, body: Array(bytes.prefix(62)))
        },
        reply("a part that is short", isLegal: true) { bytes, own in
          var fields = own.headers
          fields.add("Content-Range", "bytes 0-9/\(bytes.count)")
          return HTTPResponse(206, headers: fields, body: Array(bytes.prefix(10)))
        },
        reply("416, with the size", isLegal: true) { bytes, own in
          var fields = own.headers
          fields.add("Content-Range", "bytes */\(bytes.count)")
          return HTTPResponse(416, headers: fields)
        },
        reply("416, without", isLegal: true) { _, own in HTTPResponse(416, headers: own.headers) },
      ]
    }

    private static func without(_ names: Set<String>, _ own: HTTPResponse) -> HTTPResponse {
      var reply = own
      reply.headers.keep { !names.contains($0.name.lowercased()) }
      return reply
    }
  }
#endif
