package import MetaDriver

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why a system call failed.
package struct SystemError: Error, Hashable, CustomStringConvertible {
  package let code: Int32

  /// Makes the error of a code.
  package init(code: Int32) { self.code = code }

  /// The system's words for it.
  package var description: String { unsafe String(cString: strerror(code)) }

  /// Nothing has that name, or a folder on the way to it is not there.
  var isAbsence: Bool { code == ENOENT }

  /// Makes the call again for as long as a signal interrupts it.
  static func check<Value: SignedInteger>(_ call: () -> Value) throws(SystemError) -> Value {
    while true {
      let value = call()
      if value >= 0 { return value }
      let code = errno
      if code != EINTR { throw SystemError(code: code) }
    }
  }

  /// The driver's error for it.
  ///
  /// - Parameters:
  ///   - attempt: What could not be done, as in "cannot write …".
  ///   - path: The file or folder concerned.
  ///   - effect: Whether the store may have changed.
  package func error(_ attempt: String, _ path: String, effect: DriverError.Effect = .unchanged) -> DriverError {
    let (code, mend) = meaning
    return DriverError(
      code, "cannot \(attempt) \(path): \(self)\(mend.map { "; \($0)" } ?? "")", effect: effect)
  }

  private var meaning: (DriverError.Code, mend: String?) {
    switch code {
    case ENOSPC: (.noSpace, "free some space on its file system")
    case EDQUOT: (.noSpace, "free some space, or raise this user's quota")
    case EFBIG: (.tooLarge, "its file system, or this process's limit, takes no file of that size")
    case EACCES, EPERM: (.denied, "give this process's user the right to it")
    case EROFS: (.denied, "its file system is mounted read-only")
    case ENAMETOOLONG: (.invalidKey, nil)
    case ELOOP: (.corrupt, "it is, or lies behind, a symbolic link, which is not followed: remove the link")
    case EISDIR, ENOTDIR, ENXIO:
      (.corrupt, "something else is in the place of a file or folder of this store: move it away")
    case EMFILE, ENFILE: (.throttled, "this process, or the system, has too many files open")
    case ENOMEM, EAGAIN: (.throttled, nil)
    default: (.unavailable, nil)
    }
  }
}
