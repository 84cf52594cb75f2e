#if HTTP
  import CBenchmarkSupport
  import MetaDriver
  import MetaDriverHTTP

  #if canImport(Darwin)
    private import Darwin
  #elseif canImport(Glibc)
    private import Glibc
  #elseif canImport(Musl)
    private import Musl
  #endif

  extension Benchmark {
    /// What `CurlClient` costs, against a C function that sends the same requests through libcurl's multi interface.
    static var http: [Benchmark] {
      guard let server = WebServer("nginx") else { return [] }
      var rows: [Benchmark] = []
      for (size, byteCount) in [("1 KiB", 1_024), ("1 MiB", 1 << 20)] {
        for concurrency in [1, 16, 64] {
          rows.append(
            Benchmark("HTTP get \(size), \(concurrency) at once") {
              let exchange = ComparedExchange("GET", try server.file(byteCount: byteCount))
              return try await exchange.measure(concurrency: concurrency)
            })
        }
      }
      return rows
    }
  }

  /// The same request, sent by `CurlClient` and by C.
  struct ComparedExchange: Sendable {
    let request: HTTPRequest
    private let client = CurlClient()

    init(_ method: String, _ url: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil) {
      request = HTTPRequest(method, url, headers: headers, body: body.map { .bytes($0) })
    }

    /// Measures so many at once on either side.
    func measure(concurrency: Int) async throws -> Measured {
      let comparison = Comparison(batch: .milliseconds(60), budget: .seconds(6), pairs: 1_000)
      let reference = CExchange(request)
      return try await comparison.measure { count in
        try await send(count, concurrency)
      } against: { count in
        try reference.send(count, concurrency)
      }
    }

    private func send(_ count: Int, _ concurrency: Int) async throws {
      guard concurrency > 1 else {
        for _ in 0..<count { try await sendOne() }
        return
      }
      try await withThrowingTaskGroup { group in
        for worker in 0..<min(concurrency, count) {
          group.addTask {
            for _ in 0..<(count / concurrency + (worker < count % concurrency ? 1 : 0)) { try await sendOne() }
          }
        }
        try await group.waitForAll()
      }
    }

    private func sendOne() async throws {
      let response = try await client.send(request, in: Context())
      guard response.isSuccess else { throw Options.Problem("\(request) was answered with \(response.status)") }
    }
  }

  /// The request in C, and the client that sends it.
  @safe final class CExchange {
    private let client = unsafe benchmark_http_open()
    private let request: HTTPRequest
    private let fields: [String]
    private let body: [UInt8]?

    init(_ request: HTTPRequest) {
      self.request = request
      fields = request.headers.fields.map { "\($0.name): \($0.value)" }
      if case .bytes(let bytes)? = request.body { body = Array(bytes) } else { body = nil }
    }

    deinit { unsafe benchmark_http_close(client) }

    func send(_ count: Int, _ concurrency: Int) throws {
      let lines = unsafe fields.map { unsafe UnsafePointer(strdup($0)) } + [nil]
      defer { unsafe lines.forEach { unsafe free(UnsafeMutableRawPointer(mutating: $0)) } }
      let good = unsafe (body ?? []).withUnsafeBytes { bytes in
        unsafe benchmark_http_run(
          client, request.method, request.url, lines, body == nil ? nil : bytes.baseAddress, bytes.count, count,
          Int32(concurrency))
      }
      guard good == count else { throw Options.Problem("\(request) was answered well \(good) of \(count) times in C") }
    }
  }
#endif
