#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  extension Benchmark {
    /// What `CurlClient` costs, against a C function that sends the same requests through libcurl's multi interface.
    static var http: [Benchmark] {
      guard let server = WebServer("nginx") else { return [] }
      var rows: [Benchmark] = []
      for (size, byteCount) in [("1 KiB", 1_024), ("1 MiB", 1 << 20)] {
        for concurrency in [1, 16, 64] {
          rows.append(
            Benchmark("HTTP get \(size), \(concurrency) at once") {
              let request = HTTPRequest("GET", try server.file(byteCount: byteCount))
              let client = CurlClient()
              return try await ComparedExchange(Array(repeating: [request], count: concurrency)).measure { _ in
                let response = try await client.send(request, in: Context())
                guard response.isSuccess else { throw Options.Problem("\(request) was answered \(response.status)") }
              }
            })
        }
      }
      return rows
    }
  }

#endif
