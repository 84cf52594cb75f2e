private import Synchronization

#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// One connection over TCP, whose calls block.
public final class LocalConnection: Sendable {
  /// The socket, for calls that are not here.
  public let descriptor: Int32
  private let unread = Mutex<[UInt8]>([])

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var yes: Int32 = 1
    unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    #if canImport(Darwin)
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
    #endif
  }

  deinit { _ = close(descriptor) }

  /// Connects to a port of this machine; `nil` when nobody listens there.
  public convenience init?(toPort port: Int) {
    #if canImport(Darwin)
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let isConnected = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    self.init(descriptor)
    if !isConnected { return nil }
  }

  /// Waits for bytes; empty when the other side has closed the connection.
  public func read(atMost limit: Int = 64 << 10) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: limit) { room, count in
      while true {
        let result = unsafe recv(descriptor, room.baseAddress, limit, 0)
        if result < 0, errno == EINTR { continue }
        count = max(0, result)
        return
      }
    }
  }

  /// Waits for a request: its head as text, without the body, which is read too if its length is given. `nil` when the
  /// other side has closed the connection.
  public func readRequest() -> String? {
    var bytes = unread.withLock { $0 }
    let end = Array("\r\n\r\n".utf8)
    var searched = 0
    while true {
      if let place = bytes.indices.dropFirst(searched).first(where: { bytes[$0...].starts(with: end) }) {
        let head = String(decoding: bytes[..<place], as: UTF8.self)
        let length = head.lowercased().split(separator: "content-length: ").dropFirst().first
        var rest = Array(bytes[(place + 4)...])
        let count = length.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
        while rest.count < count {
          let more = read()
          if more.isEmpty { return nil }
          rest += more
        }
        let left = Array(rest[count...])
        unread.withLock { $0 = left }
        return head
      }
      searched = max(0, bytes.count - 3)
      let more = read()
      if more.isEmpty { return nil }
      bytes += more
    }
  }

  /// Sends bytes. False when the other side takes none.
  @discardableResult
  public func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      #if canImport(Darwin)
        let flags: Int32 = 0
      #else
        let flags = Int32(MSG_NOSIGNAL)
      #endif
      let count = unsafe rest.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, flags) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Sends text.
  @discardableResult
  public func write(_ text: String) -> Bool { write(Array(text.utf8)) }

  /// Waits until the other side closes the connection, and takes what comes until then.
  public func waitForEnd() { while !read().isEmpty {} }

  /// Closes both directions, which wakes whoever reads or writes.
  public func hangUp() { shutdown(descriptor, CInt(SHUT_RDWR)) }
}
