#if HTTP
  import CBenchmarkSupport
  import MetaDriverHTTP

  #if canImport(Darwin)
    private import Darwin
  #elseif canImport(Glibc)
    private import Glibc
  #elseif canImport(Musl)
    private import Musl
  #endif

  /// An operation of the package against the requests that it makes, sent by C.
  struct ComparedExchange {
    /// The requests of the operation, for each of those that are under way at once.
    let workers: [[HTTPRequest]]

    init(_ workers: [[HTTPRequest]]) { self.workers = workers }

    /// Measures as many at once as there are workers.
    func measure(_ operation: @escaping @Sendable (_ worker: Int) async throws -> Void) async throws -> Measured {
      let comparison = Comparison(batch: .milliseconds(60), budget: .seconds(6), pairs: 1_000)
      let reference = try CExchange(workers)
      let concurrency = workers.count
      return try await comparison.measure { count in
        guard concurrency > 1 else {
          for _ in 0..<count { try await operation(0) }
          return
        }
        try await withThrowingTaskGroup { group in
          for worker in 0..<min(concurrency, count) {
            group.addTask {
              let share = count / concurrency + (worker < count % concurrency ? 1 : 0)
              for _ in 0..<share { try await operation(worker) }
            }
          }
          try await group.waitForAll()
        }
      } against: { count in
        try reference.perform(count)
      }
    }
  }

  /// The requests in C, and the client that sends them.
  @safe private final class CExchange {
    private let client = unsafe benchmark_http_open()
    private let workers: Int
    private let steps: Int
    private var requests: [benchmark_http_request] = unsafe []
    private var memory: [UnsafeMutableRawPointer] = unsafe []

    init(_ workers: [[HTTPRequest]]) throws {
      self.workers = workers.count
      steps = workers[0].count
      for request in workers.joined() {
        let fields = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(
          capacity: request.headers.fields.count + 1)
        for (index, field) in request.headers.fields.enumerated() {
          unsafe fields.advanced(by: index).initialize(to: text("\(field.name): \(field.value)"))
        }
        unsafe fields.advanced(by: request.headers.fields.count).initialize(to: nil)
        unsafe memory.append(UnsafeMutableRawPointer(fields))
        unsafe requests.append(
          benchmark_http_request(
            method: unsafe text(request.method), url: unsafe text(request.url), fields: fields, body: nil, body_count: 0
          ))
        switch request.body {
        case nil: break
        case .bytes(let bytes)?:
          let body = UnsafeMutableRawPointer.allocate(byteCount: max(1, bytes.count), alignment: 1)
          unsafe bytes.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { unsafe body.copyMemory(from: start, byteCount: bytes.count) }
          }
          unsafe memory.append(body)
          unsafe requests[requests.count - 1].body = UnsafeRawPointer(body)
          unsafe requests[requests.count - 1].body_count = bytes.count
        case .stream?: throw Options.Problem("\(request) streams its body, which C does not repeat")
        }
      }
    }

    deinit {
      unsafe benchmark_http_close(client)
      unsafe memory.forEach { unsafe free($0) }
    }

    func perform(_ count: Int) throws {
      let good = unsafe benchmark_http_run(client, requests, Int32(steps), count, Int32(workers))
      guard good == count else { throw Options.Problem("C was answered well \(good) of \(count) times") }
    }

    private func text(_ string: String) -> UnsafePointer<CChar> {
      let copy = unsafe strdup(string)!
      unsafe memory.append(UnsafeMutableRawPointer(copy))
      return unsafe UnsafePointer(copy)
    }
  }
#endif
