package import MetaDriverTesting
private import Synchronization

#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// Stands between a client and a server, and breaks what a network breaks: each request as a script says.
///
/// ```swift
/// let proxy = try FaultProxy(to: server.port) { number in number == 3 ? .cutBeforeReply : .none }
/// let driver = WebDAVDriver(at: "\(proxy.url)/dav", …)
/// ```
///
/// It knows of HTTP only that a request begins when the client speaks after the server did. Requests are counted over all
/// connections, from 1.
public final class FaultProxy: Sendable {
  /// What happens to a request.
  public enum Fault: Hashable, Sendable {
    /// Nothing.
    case none
    /// The connection is closed when the request comes: the server sees nothing of it.
    case cutBeforeRequest
    /// The server gets so many bytes of the request, then both connections are closed.
    case cutInRequest(afterByteCount: Int)
    /// The server gets the request and answers; of that, the client sees nothing but a closed connection.
    case cutBeforeReply
    /// The client gets so many bytes of the reply, then both connections are closed.
    case cutInReply(afterByteCount: Int)
    /// The request is taken, and neither forwarded nor answered.
    case stallBeforeRequest
    /// The server gets the request and answers; of that, the client sees nothing, and the connection stays.
    case stallBeforeReply
    /// The client gets so many bytes of the reply, and then nothing more, and the connection stays.
    case stallInReply(afterByteCount: Int)
    /// The client gets the reply byte by byte, with a pause of so many milliseconds behind each.
    case trickle(milliseconds: Int)
  }

  private final class Tally: Sendable {
    let count = Mutex(0)
  }

  private let requests: Tally
  private let serve: @Sendable (LocalConnection) -> Void
  private let server: Mutex<LocalServer?>
  /// How many requests have come to a standstill: all that was to get through before is through.
  package let stalls: Counter
  /// Where it listens.
  public let port: Int

  /// Begins to listen at a free port.
  ///
  /// - Parameters:
  ///   - port: The port of the server behind it, on this machine.
  ///   - script: What happens to the request of that number.
  public init(to port: Int, script: @escaping @Sendable (Int) -> Fault = { _ in .none }) throws {
    let (target, requests, stalls) = (port, Tally(), Counter())
    let next: @Sendable () -> Fault = {
      script(
        requests.count.withLock {
          $0 += 1
          return $0
        })
    }
    let serve: @Sendable (LocalConnection) -> Void = { client in
      guard let server = LocalConnection(toPort: target) else { return }
      var passage = Passage(client: client, server: server, stalls: stalls, next: next)
      passage.run()
      server.hangUp()
    }
    let server = try LocalServer(serve)
    (self.requests, self.serve, self.stalls, self.port) = (requests, serve, stalls, server.port)
    self.server = Mutex(server)
  }

  deinit { refuse() }

  /// `http://127.0.0.1:` and the port.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// How many requests came.
  public var requestCount: Int { requests.count.withLock { $0 } }

  /// How many connections there were since it last began to listen.
  public var connectionCount: Int { server.withLock { $0?.connectionCount ?? 0 } }

  /// Closes every connection, and refuses new ones until ``listen()``.
  public func refuse() {
    let old = server.withLock { server in
      defer { server = nil }
      return server
    }
    old?.close()
  }

  /// Takes connections, at the same port as before.
  public func listen() throws {
    refuse()
    let new = try LocalServer(port: port, serve)
    server.withLock { $0 = new }
  }
}

/// One connection through the proxy.
private struct Passage {
  let client: LocalConnection
  let server: LocalConnection
  let stalls: Counter
  let next: @Sendable () -> FaultProxy.Fault

  private var fault = FaultProxy.Fault.none
  private var isRequesting = false
  private var count = 0

  init(
    client: LocalConnection, server: LocalConnection, stalls: Counter, next: @escaping @Sendable () -> FaultProxy.Fault
  ) {
    self.client = client
    self.server = server
    self.stalls = stalls
    self.next = next
  }

  mutating func run() {
    var sides = [
      pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: server.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      guard unsafe poll(&sides, nfds_t(sides.count), -1) > 0 || errno == EINTR else { return }
      if sides[0].revents != 0 {
        let bytes = client.read()
        guard !bytes.isEmpty, request(bytes) else { return }
      }
      if sides[1].revents != 0 {
        let bytes = server.read()
        guard !bytes.isEmpty, reply(bytes) else { return }
      }
    }
  }

  /// Passes on what the client sent. False when that is the end.
  private mutating func request(_ bytes: [UInt8]) -> Bool {
    if !isRequesting { (fault, isRequesting, count) = (next(), true, 0) }
    switch fault {
    case .cutBeforeRequest: return false
    case .stallBeforeRequest:
      stall()
      return false
    case .cutInRequest(let limit):
      server.write(Array(bytes.prefix(limit - count)))
      count += bytes.count
      return count < limit
    default: return server.write(bytes)
    }
  }

  /// Passes on what the server sent. False when that is the end.
  private mutating func reply(_ bytes: [UInt8]) -> Bool {
    if isRequesting { (isRequesting, count) = (false, 0) }
    switch fault {
    case .cutBeforeReply: return false
    case .stallBeforeReply:
      stall()
      return false
    case .cutInReply(let limit), .stallInReply(let limit):
      client.write(Array(bytes.prefix(limit - count)))
      count += bytes.count
      guard count >= limit else { return true }
      if case .stallInReply = fault { stall() }
      return false
    case .trickle(let milliseconds):
      for byte in bytes {
        guard client.write([byte]) else { return false }
        usleep(UInt32(milliseconds) * 1_000)
      }
      return true
    default: return client.write(bytes)
    }
  }
  /// Passes on nothing more until the client hangs up.
  private func stall() {
    stalls.add(1)
    client.waitForEnd()
  }
}
