#if HTTP
  import MetaDriver
  import MetaDriverEtcd
  import MetaDriverHTTP
  import MetaDriverS3
  import MetaDriverWebDAV
  private import Synchronization

  extension Benchmark {
    /// What the drivers of stores cost, against a C function that sends the requests that they send.
    static var stores: [Benchmark] {
      let kinds: [(name: String, server: String, largest: Int)] = [
        ("S3", "rclone-s3", 1 << 20), ("WebDAV", "nginx", 1 << 20), ("etcd", "etcd", 1 << 20),
      ]
      return kinds.flatMap { kind -> [Benchmark] in
        guard let server = WebServer(kind.server) else { return [] }
        return ["get", "put"].flatMap { operation in
          [("1 KiB", 1_024), ("1 MiB", 1 << 20)].flatMap { size, byteCount in
            [1, 16, 64].map { concurrency in
              Benchmark("\(kind.name) \(operation) \(size), \(concurrency) at once") {
                try await measure(operation, kind.name, server, byteCount: byteCount, concurrency: concurrency)
              }
            }
          }
        }
      }
    }

    private static func measure(
      _ operation: String, _ kind: String, _ server: WebServer, byteCount: Int, concurrency: Int
    ) async throws -> Measured {
      let client = RecordingClient()
      let driver = try driver(kind, server, client)
      let context = Context()
      let record = Record([UInt8](repeating: 7, count: byteCount))
      let keys = try (0..<concurrency).map { try Key(.mutable, name: "worker-\($0)") }
      var workers: [[HTTPRequest]] = []
      for key in keys {
        _ = try await driver.put(record, at: key, in: context)
        client.begin()
        if operation == "get" {
          _ = try await driver.get(key, in: context)
        } else {
          _ = try await driver.put(record, at: key, in: context)
        }
        workers.append(client.end())
      }
      let measured = try await ComparedExchange(workers).measure { worker in
        if operation == "get" {
          guard try await driver.get(keys[worker], in: context)?.bytes.count == byteCount else {
            throw Options.Problem("\(kind) lost '\(keys[worker])'")
          }
        } else {
          _ = try await driver.put(record, at: keys[worker], in: context)
        }
      }
      try await driver.close(in: context)
      return measured
    }

    private static func driver(_ kind: String, _ server: WebServer, _ client: any HTTPClient) throws -> any Driver {
      switch kind {
      case "S3":
        S3Driver(
          bucket: server.fact("bucket"), region: server.fact("region"), endpoint: server.fact("url"),
          prefix: "benchmark",
          credentials: .fixed(
            S3Credentials(accessKeyID: server.fact("key"), secretAccessKey: Secret(server.fact("secret")))),
          client: client)
      case "WebDAV":
        WebDAVDriver(
          at: "\(server.fact("url"))/dav/benchmark",
          credentials: .basic(user: server.fact("user"), password: Secret(server.fact("password"))), client: client)
      default:
        EtcdDriver(at: server.fact("urls").split(separator: " ").map(String.init), client: client)
      }
    }
  }

  /// A client that remembers what it is asked to send while it is told to.
  private final class RecordingClient: HTTPClient {
    private let client = CurlClient()
    private let requests = Mutex<[HTTPRequest]?>(nil)

    func begin() { requests.withLock { $0 = [] } }

    func end() -> [HTTPRequest] {
      requests.withLock { requests in
        defer { requests = nil }
        return requests ?? []
      }
    }

    func send(_ request: HTTPRequest, in context: Context) async throws(DriverError) -> HTTPResponse {
      requests.withLock { $0?.append(request) }
      return try await client.send(request, in: context)
    }
  }
#endif
