#if HTTP
  import MetaDriver
  @testable import MetaDriverHTTP
  import MetaDriverTesting
  import ServerSupport
  private import Synchronization
  import Testing

  #if canImport(Glibc)
    private import Glibc
  #elseif canImport(Darwin)
    private import Darwin
  #endif

  /// Bodies that are made and taken while they are on the way.
  @Suite(.timeLimit(.minutes(10))) struct CurlClientStreamTests {
    private let client = CurlClient()

    /// Pieces of a body, one after the other.
    private final class Pieces: Sendable {
      private let rest: Mutex<[[UInt8]]>
      init(_ pieces: [[UInt8]]) { rest = Mutex(pieces.reversed()) }
      func next() -> [UInt8]? { rest.withLock { $0.popLast() } }
    }

    @Test("A body is sent as it is made, with its length or in chunks", arguments: [true, false])
    func upload(hasLength: Bool) async throws {
      let server = try LocalServer { connection in
        var seen: [UInt8] = []
        let end = Array(hasLength ? "end".utf8 : "0\r\n\r\n".utf8)
        while !seen.suffix(end.count).elementsEqual(end) { seen += connection.read() }
        connection.reply(200, "\(seen.count { $0 == 7 })")
      }
      defer { server.close() }
      let pieces = [[], [UInt8](repeating: 7, count: 1), [UInt8](repeating: 7, count: 700_000), Array("end".utf8)]
      let source = Pieces(pieces)
      let body = HTTPBody.stream(byteCount: hasLength ? 700_004 : nil) { () throws(DriverError) in source.next() }
      let response = try await client.send(HTTPRequest("PUT", "\(server.url)/a", body: body), in: Context())
      #expect(String(decoding: response.body, as: UTF8.self) == "700001")
    }

    @Test("A body that fails, or has another length than announced, ends the request")
    func brokenUpload() async throws {
      let upstream = try Upstream()
      let failing = HTTPBody.stream(byteCount: 10) { () throws(DriverError) in
        throw DriverError(.corrupt, "the disk is gone")
      }
      let error = await #expect(throws: DriverError.self) {
        try await client.send(HTTPRequest("PUT", "\(upstream.url)/a", body: failing), in: Context())
      }
      #expect(error?.code == .corrupt && error?.effect == .unknown)
      for pieces in [[], [[1, 2, 3]], [[UInt8](repeating: 1, count: 11)]] as [[[UInt8]]] {
        let source = Pieces(pieces)
        let body = HTTPBody.stream(byteCount: 10) { () throws(DriverError) in source.next() }
        let error = await #expect(throws: DriverError.self) {
          try await client.send(HTTPRequest("PUT", "\(upstream.url)/a", body: body), in: Context())
        }
        #expect(error?.code == .corrupt && error?.effect == .unknown, "\(String(describing: error))")
      }
      #expect(upstream.requests.value == 0)
    }

    @Test("A reply is taken as fast as its receiver takes it, and no faster")
    func backPressure() async throws {
      let total = 64 << 20
      let (stuck, sent) = (Counter(), Counter())
      let server = try LocalServer { connection in
        _ = connection.readRequest()
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
        let piece = [UInt8](repeating: 1, count: 1 << 20)
        for _ in 0..<64 {
          if !connection.canWrite(within: 300) { stuck.add(1) }
          guard connection.write(piece) else { return }
          sent.add(1)
        }
        // Whoever waits for the server to be stuck learns that it never was.
        if stuck.value == 0 { stuck.add(1_000) }
      }
      defer { server.close() }
      let received = Mutex((byteCount: 0, largest: 0))
      let request = HTTPRequest("GET", "\(server.url)/a") { (bytes) throws(DriverError) in
        let isFirst = received.withLock { state in
          defer { state = (state.byteCount + bytes.count, max(state.largest, bytes.count)) }
          return state.byteCount == 0
        }
        guard isFirst else { return }
        await stuck.wait(for: 1)
        #expect(stuck.value < 1_000 && sent.value < 64)
      }
      let response = try await client.send(request, in: Context())
      #expect(response.status == 200 && response.body.isEmpty)
      let (byteCount, largest) = received.withLock { $0 }
      #expect(byteCount == total)
      #expect(largest <= ExchangeState.receivedByteLimit)
    }

    @Test("A receiver that throws ends the request with its error, and closes the connection")
    func brokenReceiver() async throws {
      let ends = Counter()
      let server = try LocalServer { connection in
        _ = connection.readRequest()
        connection.write("HTTP/1.1 200 OK\r\n\r\n")
        while connection.write([UInt8](repeating: 1, count: 64 << 10)) {}
        ends.add(1)
      }
      defer { server.close() }
      let request = HTTPRequest("GET", "\(server.url)/a") { (_) throws(DriverError) in
        throw DriverError(.noSpace, "the disk is full")
      }
      let error = await #expect(throws: DriverError.self) { try await client.send(request, in: Context()) }
      #expect(error?.code == .noSpace)
      await ends.wait(for: 1)
    }

    @Test("A body of an error is collected, whoever receives the others")
    func errorBody() async throws {
      let upstream = try Upstream { _, connection in connection.reply(403, "no") }
      let request = HTTPRequest("GET", "\(upstream.url)/a", maximumByteCount: 0) { (_) throws(DriverError) in
        Issue.record("a piece of an error was received")
      }
      let response = try await client.send(request, in: Context())
      #expect(response.status == 403 && response.body == Array("no".utf8))
    }
  }

  extension LocalConnection {
    /// Whether the other side takes bytes within so many milliseconds.
    fileprivate func canWrite(within milliseconds: Int32) -> Bool {
      var side = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      return unsafe poll(&side, 1, milliseconds) > 0
    }
  }
#endif
