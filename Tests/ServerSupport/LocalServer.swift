private import Foundation
private import Synchronization

#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// A server on a free port of 127.0.0.1 that runs a closure for each connection, on a thread of its own: for what no real
/// server does on request.
///
/// ```swift
/// let server = try LocalServer { connection in
///   _ = connection.readRequest()
///   connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it")
/// }
/// ```
///
/// A connection is closed when the closure returns, and by ``close()``, which also wakes a closure that reads.
public final class LocalServer: Sendable {
  private struct State {
    var listener: Int32
    var connections: [ObjectIdentifier: LocalConnection] = [:]
    var count = 0
    var isClosed = false
  }

  /// Where it listens.
  public let port: Int
  private let state: Mutex<State>
  private let serve: @Sendable (LocalConnection) -> Void

  /// Begins to listen.
  ///
  /// - Parameters:
  ///   - port: Where; a free port when it is not given.
  ///   - serve: What to do with a connection.
  public init(port: Int = 0, _ serve: @escaping @Sendable (LocalConnection) -> Void) throws {
    let (listener, port) = try Self.listen(port)
    self.port = port
    self.serve = serve
    state = Mutex(State(listener: listener))
    let this = self
    Thread { this.accept(on: listener) }.start()
  }

  /// `http://127.0.0.1:` and the port.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// How many connections there were.
  public var connectionCount: Int { state.withLock(\.count) }

  /// Ends: nobody listens at the port any more, and every connection is closed.
  public func close() {
    let (listener, connections) = state.withLock { state in
      state.isClosed = true
      defer { state.listener = -1 }
      return (state.listener, Array(state.connections.values))
    }
    if listener >= 0 { shutdown(listener, CInt(SHUT_RDWR)) }
    for connection in connections { connection.hangUp() }
  }

  /// A port at which nobody listens: connections to it are refused.
  public static func refusingPort() throws -> Int {
    let (listener, port) = try listen(0)
    _ = Foundation.close(listener)
    return port
  }

  private static func listen(_ port: Int) throws -> (listener: Int32, port: Int) {
    #if canImport(Darwin)
      let listener = socket(AF_INET, SOCK_STREAM, 0)
    #else
      let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    var yes: Int32 = 1
    unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(listener, address, size) == 0 && Foundation.listen(listener, 1_024) == 0
          && getsockname(listener, address, &size) == 0
      }
    }
    guard isListening else {
      let code = errno
      _ = Foundation.close(listener)
      throw Server.Failure(description: "port \(port) cannot be listened at: error \(code)")
    }
    return (listener, Int(UInt16(bigEndian: address.sin_port)))
  }

  private func accept(on listener: Int32) {
    while true {
      let descriptor = Foundation.accept(listener, nil, nil)
      guard descriptor >= 0 else {
        if errno == EINTR || errno == ECONNABORTED { continue }
        break
      }
      let connection = LocalConnection(descriptor)
      let isWelcome = state.withLock { state in
        guard !state.isClosed else { return false }
        state.count += 1
        state.connections[ObjectIdentifier(connection)] = connection
        return true
      }
      guard isWelcome else { break }
      Thread { [self] in
        serve(connection)
        connection.hangUp()
        _ = state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(connection)) }
      }.start()
    }
    _ = Foundation.close(listener)
  }
}
