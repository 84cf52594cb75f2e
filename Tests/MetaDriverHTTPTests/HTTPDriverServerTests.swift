#if HTTP
  private import Foundation
  import MetaDriver
  import MetaDriverDisk
  @testable import MetaDriverHTTP
  import MetaDriverTesting
  import ServerSupport
  import TestSupport
  import Testing

  /// A folder that one driver writes and a web server shows to the other.
  private struct Published: Driver {
    let disk: DiskDriver
    let web: HTTPDriver

    var leaf: Leaf? { disk.leaf }
    var outline: Outline { disk.outline }
    func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      try await web.get(key, in: context)
    }
    func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      // What could not be read is not written.
      _ = try web.source.url(of: key)
      return try await disk.put(record, at: key, in: context)
    }
    func put(
      _ record: Record, at key: Key, if condition: Precondition, in context: Context
    ) async throws(DriverError) -> Receipt { try await disk.put(record, at: key, if: condition, in: context) }
    func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      try await disk.delete(key, proof: proof, in: context)
    }
    func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
      try await disk.delete(key, if: condition, in: context)
    }
    func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      try await disk.list(request, in: context)
    }
    func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
      try await web.stat(key, in: context)
    }
    func close(in context: Context) async throws(DriverError) { try await disk.close(in: context) }
    func url(for key: Key) -> StorageURL? { web.url(for: key) }
    func handles(_ url: StorageURL) -> Bool { web.handles(url) }
    func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
      try await web.get(urls, in: context)
    }
  }

  @Suite(.enabled(if: Server.isThere("nginx"), "needs nginx: Tests/run starts it"), .timeLimit(.minutes(10)))
  struct HTTPDriverServerTests {
    private let server: Server

    init() throws { server = try Server("nginx") }

    /// A folder below what the server shows, removed with the value.
    private final class Place: Sendable {
      let name = "http-\(UUID())"
      let path: String

      init(_ server: Server) throws {
        path = "\(server.folder)/data/files/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      }

      deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    @Test(
      "What a DiskDriver writes and nginx serves conforms when it is read over HTTP",
      arguments: Conformance.Case.allCases)
    func published(testCase: Conformance.Case) async throws {
      let server = server
      let suite = Conformance(runtime: .manual(), place: { try Place(server) }) { place in
        Published(
          disk: DiskDriver(at: place.path, name: "disk", durability: .none),
          web: HTTPDriver(at: "\(server.url)/files/\(place.name)", name: "web"))
      }
      try await suite.check(testCase)
    }

    @Test("The source alone conforms", arguments: Conformance.Case.allCases)
    func alone(testCase: Conformance.Case) async throws {
      let server = server
      try await Conformance(runtime: .manual(), place: { try Place(server) }) { place in
        HTTPDriver(at: "\(server.url)/files/\(place.name)", name: "web", layout: .template("{kind}/{name}"))
      }.check(testCase)
    }

    @Test("A stat of a large file moves its first bytes only")
    func ranges() async throws {
      let place = try Place(server)
      try Data(repeating: 1, count: 5 << 20).write(to: URL(filePath: "\(place.path)/large"))
      // A reply that is longer than the datum may be throws: the whole file would.
      let driver = HTTPDriver(
        at: "\(server.url)/files/\(place.name)", layout: .names, maximumByteCount: 1 << 20)
      #expect(try await Context().stat(.mutable("large"), from: driver)?.byteCount == 5 << 20)
      let error = await #expect(throws: DriverError.self) { try await driver.get(.mutable("large")) }
      #expect(error?.code == .tooLarge)
    }

    @Test("A certificate is verified, and trusted when the client is told to; HTTP/2 shares one connection")
    func certificates() async throws {
      let place = try Place(server)
      try Data([1, 2, 3]).write(to: URL(filePath: "\(place.path)/x"))
      let secure = server.fact("tls-url")
      let port = try #require(Int(secure.split(separator: ":").last ?? ""))
      let proxy = try FaultProxy(to: port)

      func driver(_ base: String, _ tls: CurlClient.Configuration.TLS = .verified()) -> HTTPDriver {
        var configuration = CurlClient.Configuration()
        configuration.tls = tls
        return HTTPDriver(at: "\(base)/files/\(place.name)", layout: .names, client: CurlClient(configuration))
      }
      let key = Key.mutable("x")

      let untrusted = await #expect(throws: DriverError.self) { try await driver(secure).get(key) }
      #expect(untrusted?.code == .unavailable && untrusted?.isRetryable == false, "\(String(describing: untrusted))")
      #expect(untrusted?.message.contains("certificate") == true && untrusted?.effect == .unchanged)
      let certificates = CurlClient.Configuration.TLS.verified(certificates: server.certificates)
      #expect(try await driver(secure, certificates).get(key)?.bytes == [1, 2, 3])
      #expect(try await driver(secure, .unverified).get(key)?.bytes == [1, 2, 3])

      // The certificate is for localhost and 127.0.0.1, and for no other name of this machine.
      let other = await #expect(throws: DriverError.self) {
        try await driver("https://other.localhost:\(port)", certificates).get(key)
      }
      #expect(other?.code == .unavailable && other?.isRetryable == false, "\(String(describing: other))")

      let shared = driver("https://127.0.0.1:\(proxy.port)", certificates)
      _ = try await shared.get(key)
      try await withThrowingTaskGroup { group in
        for _ in 0..<20 { group.addTask { try await shared.get(key)?.bytes } }
        for try await bytes in group { #expect(bytes == [1, 2, 3]) }
      }
      #expect(proxy.connectionCount == 1)

      let missing = await #expect(throws: DriverError.self) {
        try await driver(secure, .verified(certificates: "/no/such/file")).get(key)
      }
      #expect(missing?.code == .unavailable && missing?.isRetryable == false, "\(String(describing: missing))")
    }

    @Test("http at a port for https, and https at a port for http, say so")
    func mixedUp() async throws {
      let secure = server.fact("tls-url")
      let plain = HTTPDriver(at: secure.replacingOccurrences(of: "https:", with: "http:"))
      let first = await #expect(throws: DriverError.self) { try await plain.get(.mutable("x")) }
      #expect(first?.code == .unavailable && first?.isRetryable == false, "\(String(describing: first))")
      let tls = HTTPDriver(at: server.url.replacingOccurrences(of: "http:", with: "https:"))
      let second = await #expect(throws: DriverError.self) { try await tls.get(.mutable("x")) }
      #expect(second?.code == .unavailable && second?.message.contains("TLS") == true, "\(String(describing: second))")
    }
  }
#endif
