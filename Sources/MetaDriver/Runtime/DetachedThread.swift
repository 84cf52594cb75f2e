#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// A thread of the system that nobody joins, for a driver whose calls block.
package enum DetachedThread {
  /// Starts one. It ends when the body returns.
  ///
  /// - Returns: False when the system starts no more threads; the body is then never run.
  package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let unmanaged = unsafe Unmanaged.passRetained(Body(body))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    guard unsafe pthread_create(&thread, nil, detachedThread, unmanaged.toOpaque()) == 0 else {
      unsafe unmanaged.release()
      return false
    }
    #if canImport(Darwin)
      if let thread = unsafe thread { unsafe pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
    return true
  }

  fileprivate final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}

#if canImport(Darwin)
  private func detachedThread(_ body: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    unsafe Unmanaged<DetachedThread.Body>.fromOpaque(body).takeRetainedValue().run()
    return nil
  }
#else
  private func detachedThread(_ body: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let body = unsafe body { unsafe Unmanaged<DetachedThread.Body>.fromOpaque(body).takeRetainedValue().run() }
    return nil
  }
#endif
