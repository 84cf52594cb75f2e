#if HTTP
  private import Foundation
  import MetaDriver
  import MetaDriverHTTP
  import MetaDriverWebDAV
  import ServerSupport
  import Testing

  /// What two real servers make of puts that are cut half-way, of conditions, and of wrong addresses.
  @Suite(
    .enabled(
      if: Server.isThere("nginx") && Server.isThere("rclone-webdav"),
      "needs nginx and rclone-webdav: Tests/run starts them"), .timeLimit(.minutes(10)))
  struct WebDAVServerTests {
    private static let servers = [("nginx", "/dav"), ("rclone-webdav", "")]

    private func context() -> Context { Context(.shared, options: CallOptions(timeout: .seconds(600))) }

    private func place(_ path: String) -> String { "\(path)/server-\(UInt64.random(in: 0...UInt64.max))" }

    /// Sends half of what it is to put, and hangs up.
    private struct HangingUp: HTTPClient {
      func send(_ request: HTTPRequest, in context: Context) async throws(DriverError) -> HTTPResponse {
        guard request.method == "PUT", case .bytes(let bytes) = request.body, bytes.count > 100_000 else {
          return try await CurlClient.shared.send(request, in: context)
        }
        let half = Array(bytes.prefix(bytes.count / 2))
        let iterator = Pieces(half)
        var cut = request
        cut.body = .stream(byteCount: bytes.count) { () throws(DriverError) in
          if let piece = await iterator.next() { return piece }
          throw DriverError(.unavailable, "hung up", effect: .unknown)
        }
        return try await CurlClient.shared.send(cut, in: context)
      }
    }

    private actor Pieces {
      private var piece: [UInt8]?
      init(_ piece: [UInt8]) { self.piece = piece }
      func next() -> [UInt8]? {
        defer { piece = nil }
        return piece
      }
    }

    // A9
    @Test("A put that is cut half-way leaves the old copy", arguments: servers)
    func cut(name: String, path: String) async throws {
      let (server, path) = (try Server(name), place(path))
      let whole = server.webDAV(path)
      let old = Record(Array("old".utf8))
      _ = try await whole.put(old, at: "k", in: context())
      let cut = server.webDAV(path, client: HangingUp())
      do throws(DriverError) {
        _ = try await cut.put(Record([UInt8](repeating: 1, count: 1_000_000)), at: "k", in: context())
        Issue.record("half a put was acknowledged")
      } catch { #expect(error.effect == .unchanged, "\(error)") }
      #expect(try await whole.get("k", in: context()) == old)
      let new = Record(Array("new".utf8))
      _ = try await whole.put(new, at: "k", in: context())
      #expect(try await whole.get("k", in: context()) == new)
    }

    @Test("A reader beside a writer never gets a wrong value of a stamped record", arguments: servers)
    func readers(name: String, path: String) async throws {
      let dav = try Server(name).webDAV(place(path))
      let runtime = Runtime.shared
      let records = (1...40).map { number in
        Record([UInt8](repeating: UInt8(number), count: 50 * (41 - number)), stamp: runtime.nextStamp())
      }
      _ = try await dav.put(records[0], at: "k", in: context())
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for record in records.dropFirst() { _ = try await dav.put(record, at: "k", in: self.context()) }
        }
        for _ in 0..<3 {
          group.addTask {
            for _ in 0..<60 {
              do throws(DriverError) {
                guard let copy = try await dav.get("k", in: self.context()) else {
                  // rclone removes what it is to replace before it moves.
                  #expect(name != "nginx")
                  continue
                }
                #expect(records.contains(copy))
              } catch {
                #expect(name != "nginx" && (error.code == .corrupt || error.code == .unavailable), "\(error)")
              }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await dav.get("k", in: context()) == records.last)
    }

    @Test("Facts are the server's tag and date, and a changed copy has another tag", arguments: servers)
    func facts(name: String, path: String) async throws {
      let dav = try Server(name).webDAV(place(path))
      let start = Runtime.systemTime()
      _ = try await dav.put(Record([1]), at: "k", in: context())
      let end = Runtime.systemTime()
      let first = try #require(try await dav.get("k", in: context())?.facts)
      #expect(first.entityTag?.hasPrefix("\"") == true)
      // Dates are whole seconds, and files get theirs from a clock that ticks some hundred times a second.
      let date = try #require(first.lastModified)
      #expect(date > start - .seconds(2) && date < end + .seconds(2))
      _ = try await dav.put(Record([1, 2, 3]), at: "k", in: context())
      #expect(try await dav.get("k", in: context())?.facts?.entityTag != first.entityTag)
    }

    @Test("The servers write whatever the conditions say, which is why the driver has none", arguments: servers)
    func conditions(name: String, path: String) async throws {
      let server = try Server(name)
      let dav = server.webDAV(place(path))
      #expect(!dav.outline.capabilities.contains(.compareAndPut))
      _ = try await dav.put(Record([1]), at: "k", in: context())
      let url = try #require(dav.url(for: "k")).string
      for (field, value) in [("If-None-Match", "*"), ("If-Match", "\"never\"")] {
        var headers: HTTPHeaders = [field: value]
        let pair = Data("\(server.fact("user")):\(server.fact("password"))".utf8).base64EncodedString()
        headers.add("Authorization", secret: Secret("Basic \(pair)"))
        let response = try await CurlClient.shared.send(
          HTTPRequest("PUT", url, headers: headers, body: .bytes([2])), in: context())
        #expect(response.isSuccess, "\(name) honours \(field): it could have conditional puts")
      }
    }

    @Test("Wrong credentials are denied, and not shown", arguments: servers)
    func denied(name: String, path: String) async throws {
      let server = try Server(name)
      for credentials in [
        HTTPCredentials.basic(user: "user", password: Secret("falsch-4711")), .bearer(Secret("falsch-4711")),
      ] {
        let dav = WebDAVDriver(at: server.url + place(path), credentials: credentials)
        do throws(DriverError) {
          _ = try await dav.put(Record([1]), at: "k", in: context())
          Issue.record("somebody else was let in")
        } catch {
          #expect(error.code == .denied)
          #expect(error.effect == .unchanged)
          #expect(!"\(error)".contains("falsch"))
        }
      }
    }

    @Test("Wrong addresses are unavailable, and nothing is made there", arguments: servers)
    func wrongAddress(name: String, path: String) async throws {
      let server = try Server(name)
      let (missing, careful) = (place(path) + "/below/nothing", place(path))
      let drivers = [
        server.webDAV(careful, createsCollection: false), server.webDAV(missing, createsCollection: false),
        WebDAVDriver(at: "http://127.0.0.1:1/dav"),
      ]
      for dav in drivers {
        do throws(DriverError) {
          _ = try await dav.get("k", in: context())
          Issue.record("\(dav.outline) answered")
        } catch {
          #expect(error.code == .unavailable, "\(error)")
          #expect(error.effect == .unchanged)
        }
      }
    }

    @Test("A listing goes through long names, and over pages", arguments: servers)
    func listing(name: String, path: String) async throws {
      let dav = try Server(name).webDAV(place(path))
      let names = (0..<12).map { String(repeating: "Ä\($0)", count: 1 + 40 * $0) } + ["a", "b+c", "d%2Fe"]
      for name in names { _ = try await dav.put(Record([1]), at: .mutable(try DataID(name)), in: context()) }
      var listed: [String] = []
      var cursor: Cursor?
      repeat {
        let page = try await dav.list(ListRequest(after: cursor, limit: 4), in: context())
        listed += page.entries.map(\.key.name)
        cursor = page.next
      } while cursor != nil
      #expect(listed.map { Array($0.utf8) } == names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
    }
  }
#endif
