#if HTTP
  import Foundation
  import MetaDriver
  import MetaDriverEtcd
  import MetaDriverHTTP
  import MetaDriverS3
  import MetaDriverWebDAV
  import ServerSupport
  import TestSupport
  import Testing

  /// Nothing that a driver says shows what it knows: not when all goes well, and not when a server writes back whatever it
  /// was sent.
  @Suite struct SecretTests {
    private static let password = "geheim-4711-passwort"
    private static let token = "geheim-4711-token"

    /// A driver with secrets, at a client.
    private struct Subject: Sendable, CustomTestStringConvertible {
      let name: String
      let make: @Sendable (any HTTPClient) -> any Driver
      var testDescription: String { name }
    }

    private static let subjects = [
      Subject(name: "HTTPDriver") { client in
        var headers: HTTPHeaders = [:]
        headers.add("X-Api-Key", secret: Secret(password))
        return HTTPDriver(at: "http://127.0.0.1:9/data", name: "leaf", headers: headers, client: client)
      },
      Subject(name: "WebDAVDriver, basic") { client in
        WebDAVDriver(
          at: "http://127.0.0.1:9/data", name: "leaf", credentials: .basic(user: "user", password: Secret(password)),
          client: client)
      },
      Subject(name: "WebDAVDriver, bearer") { client in
        WebDAVDriver(at: "http://127.0.0.1:9/data", name: "leaf", credentials: .bearer(Secret(token)), client: client)
      },
      Subject(name: "WebDAVDriver, secrets of the call") { client in
        WebDAVDriver(at: "http://127.0.0.1:9/data", name: "leaf", client: client)
      },
      Subject(name: "S3Driver") { client in
        S3Driver(
          bucket: "bucket", name: "leaf", endpoint: "http://127.0.0.1:9",
          credentials: .fixed(
            S3Credentials(
              accessKeyID: "AKID", secretAccessKey: Secret(password), sessionToken: Secret(token))), client: client)
      },
      Subject(name: "S3Driver, conditions") { client in
        S3Driver(
          bucket: "bucket", name: "leaf", endpoint: "http://127.0.0.1:9",
          credentials: .fixed(S3Credentials(accessKeyID: "AKID", secretAccessKey: Secret(password))),
          conditions: .puts, client: client)
      },
      Subject(name: "EtcdDriver") { client in
        EtcdDriver(
          at: ["http://127.0.0.1:9", "http://127.0.0.1:10"], name: "leaf",
          credentials: .basic(user: "user", password: Secret(password)), client: client)
      },
      Subject(name: "EtcdDriver, token") { client in
        EtcdDriver(at: ["http://127.0.0.1:9"], name: "leaf", credentials: .bearer(Secret(token)), client: client)
      },
    ]

    /// What must never be seen, and the same as basic credentials have it.
    private static let secrets = [
      password, token, Data("user:\(password)".utf8).base64EncodedString(), Data(password.utf8).base64EncodedString(),
    ]

    @Test("Whatever the server answers, no secret is shown", arguments: subjects)
    private func answers(subject: Subject) async throws {
      for status in [
        200, 201, 204, 206, 207, 301, 302, 400, 401, 403, 404, 405, 409, 412, 413, 416, 429, 500, 503, 507,
      ] {
        let client = ScriptedClient { request throws(DriverError) in Self.echo(request, status) }
        try await expectSilence(subject.make(client), client, "\(subject.name), \(status)")
      }
    }

    @Test("Whatever the network does, no secret is shown", arguments: subjects)
    private func failures(subject: Subject) async throws {
      for code in [DriverError.Code.unavailable, .timedOut, .denied, .tooLarge, .closed] {
        let client = ScriptedClient { request throws(DriverError) in
          throw DriverError(code, "\(request) with \(request.headers) failed")
        }
        try await expectSilence(subject.make(client), client, "\(subject.name), \(code)")
      }
      let real = CurlClient()
      try await expectSilence(subject.make(real), nil, "\(subject.name), nobody listens")
      await real.close()
    }

    /// A server that writes back all that it was sent, wherever a driver might look.
    private static func echo(_ request: HTTPRequest, _ status: Int) -> HTTPResponse {
      let sent = request.headers.fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
      var body = Array(sent.utf8)
      if case .bytes(let bytes)? = request.body { body += bytes }
      let xml = "<Error><Code>\(sent)</Code><Message>\(sent)</Message><StringToSign>\(sent)</StringToSign></Error>"
      let json = "{\"error\": \(sent.debugDescription), \"message\": \(sent.debugDescription), \"code\": 16}"
      let bodies = [body, Array(xml.utf8), Array(json.utf8), []]
      let oneLine = sent.replacing("\n", with: " ")
      return HTTPResponse(
        status,
        headers: [
          "ETag": "\"\(oneLine)\"", "Location": "http://127.0.0.1:9/\(oneLine)", "Retry-After": oneLine,
          "Content-Type": oneLine, "Last-Modified": oneLine, "x-amz-request-id": oneLine,
        ], body: bodies[status % bodies.count], url: request.url)
    }

    /// Does everything that a driver can, and reads everything it says.
    private func expectSilence(_ driver: some Driver, _ client: ScriptedClient?, _ place: String) async throws {
      let recorder = Recorder()
      let runtime = Runtime.leaping(observer: recorder)
      var options = CallOptions(timeout: .seconds(20))
      options.credentials["leaf"] = Secret("user:\(Self.password)")
      let context = Context(runtime, options: options)
      var said = ["\(driver.outline)", "\(driver.outline.remarks)"]
      func dumped(_ subject: some Any) -> String {
        var text = ""
        dump(subject, to: &text)
        return text + "\(subject)" + String(reflecting: subject)
      }
      said.append(dumped(driver))
      said.append(dumped(context.credentials))
      func note(_ operation: () async throws(DriverError) -> some Any) async {
        do throws(DriverError) {
          let answer = try await operation()
          // What a server gave as a datum is the caller's; what is said about it is not.
          if !(answer is Record?) { said.append(dumped(answer)) }
          if let record = answer as? Record { said.append(dumped(record.stamp)) }
        } catch {
          said.append(dumped(error))
          said.append("\(String(describing: error.underlying))")
        }
      }
      let key: Key = "alice/profile"
      let stamp = runtime.nextStamp()
      await note { () throws(DriverError) in try await context.open(driver) }
      await note { () throws(DriverError) in try await context.get(key, from: driver) }
      await note { () throws(DriverError) in try await context.put(Record([1], stamp: stamp), at: key, to: driver) }
      await note { () throws(DriverError) in
        try await context.put(Record([1], stamp: stamp), at: key, if: .absent, to: driver)
      }
      await note { () throws(DriverError) in try await context.delete(key, proof: nil, from: driver) }
      await note { () throws(DriverError) in try await context.delete(key, if: .stamped(stamp), from: driver) }
      await note { () throws(DriverError) in try await context.list(ListRequest(), from: driver) }
      await note { () throws(DriverError) in try await context.stat(key, from: driver) }
      if let url = driver.url(for: key) {
        said.append("\(url)")
        await note { () throws(DriverError) in try await context.get([url], from: driver) }
      }
      await note { () throws(DriverError) in try await context.close(driver) }
      said += recorder.events.map { "\($0)" }
      said += client?.requests.flatMap { ["\($0)", "\($0.headers)", $0.url] } ?? []
      #expect(said.count > 10, "\(place)")
      for text in said {
        for secret in Self.secrets {
          #expect(!text.contains(secret), "\(place) shows a secret: \(text.prefix(2_000))")
        }
      }
    }
  }
#endif
