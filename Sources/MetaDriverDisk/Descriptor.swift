private import CMetaDriverDisk

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An open file or folder, closed when its owner lets go of it.
struct Descriptor: ~Copyable, Sendable {
  /// How to open.
  struct Mode: OptionSet, Sendable {
    let rawValue: Int32
    static let read = Mode(rawValue: O_RDONLY)
    static let write = Mode(rawValue: O_RDWR)
    static let folder = Mode(rawValue: O_RDONLY | O_DIRECTORY)
    static let create = Mode(rawValue: O_CREAT)
    static let exclusive = Mode(rawValue: O_EXCL)
  }

  /// What the system says of an open file.
  struct Facts {
    let isFile: Bool
    let byteCount: Int
    let device: UInt64
    let inode: UInt64
    let linkCount: Int
    /// When it was last changed, by the file system's clock, in seconds and nanoseconds. Nobody can set it back.
    let changed: (seconds: Int, nanoseconds: Int)

    fileprivate init(_ stat: stat) {
      isFile = stat.st_mode & S_IFMT == S_IFREG
      byteCount = Int(stat.st_size)
      device = UInt64(truncatingIfNeeded: stat.st_dev)
      inode = UInt64(stat.st_ino)
      linkCount = Int(stat.st_nlink)
      #if canImport(Darwin)
        changed = (Int(stat.st_ctimespec.tv_sec), Int(stat.st_ctimespec.tv_nsec))
      #else
        changed = (Int(stat.st_ctim.tv_sec), Int(stat.st_ctim.tv_nsec))
      #endif
    }
  }

  /// Whether the system opens below a folder, and from memory only, when it is asked to.
  static let opensBeneath = {
    let descriptor = unsafe metadriver_open_beneath(AT_FDCWD, "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0, 1)
    if descriptor >= 0 { close(descriptor) }
    return descriptor >= 0
  }()

  /// The longest path that is given to the system in one piece.
  private static let pathLimit = 4_000
  // Without O_NONBLOCK, a named pipe in the place of a file would wait for its writer for ever.
  private static let always = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK

  private let raw: Int32
  private init(_ raw: Int32) { self.raw = raw }
  deinit { close(raw) }

  /// Opens the folder at an absolute path, whose last component may not be a symbolic link.
  init(folder path: String) throws(SystemError) {
    raw = try SystemError.check { unsafe open(path, Mode.folder.rawValue | Self.always) }
  }

  /// Makes the folder at an absolute path, unless it is there. The folder above it must be.
  ///
  /// - Parameter durably: Whether to wait until the device has it.
  static func makeFolder(at path: String, durably: Bool) throws(SystemError) {
    do throws(SystemError) { _ = try SystemError.check { unsafe mkdir(path, 0o700) } } catch {
      if error.code == EEXIST { return }
      throw error
    }
    if durably { try Descriptor(folder: path).opening("..", .folder).synchronize() }
  }

  /// Opens what lies below this folder, through no symbolic link.
  func opening(_ path: String, _ mode: Mode) throws(SystemError) -> Descriptor {
    if Self.opensBeneath && path.utf8.count <= Self.pathLimit {
      return Descriptor(
        try SystemError.check {
          unsafe metadriver_open_beneath(
            raw, path, mode.rawValue | Self.always, mode.contains(.create) ? 0o600 : 0, 0)
        })
    }
    return try openingStepwise(path, mode)
  }

  /// Opens what lies below this folder one folder at a time, since only the last component of a path is guarded by
  /// `O_NOFOLLOW`: for systems that cannot open beneath, and paths that are too long for them.
  func openingStepwise(_ path: String, _ mode: Mode) throws(SystemError) -> Descriptor {
    let names = path.split(separator: "/").map(String.init)
    var folder = try openingDirectly(names.count > 1 ? names[0] : ".", .folder)
    for name in names.dropFirst().dropLast() { folder = try folder.openingDirectly(name, .folder) }
    return try folder.openingDirectly(names.last ?? ".", mode)
  }

  private func openingDirectly(_ name: String, _ mode: Mode) throws(SystemError) -> Descriptor {
    Descriptor(try SystemError.check { unsafe openat(raw, name, mode.rawValue | Self.always, 0o600) })
  }

  /// Opens a file below this folder if that needs no waiting; throws `EAGAIN` where it would.
  func openingCached(_ path: String) throws(SystemError) -> Descriptor {
    guard Self.opensBeneath, path.utf8.count <= Self.pathLimit else { throw SystemError(code: EAGAIN) }
    return Descriptor(try SystemError.check { unsafe metadriver_open_beneath(raw, path, O_RDONLY | Self.always, 0, 1) })
  }

  /// What the system says of this file.
  func facts() throws(SystemError) -> Facts {
    var facts = stat()
    _ = try SystemError.check { unsafe fstat(raw, &facts) }
    return Facts(facts)
  }

  /// What the system says of something directly in this folder, a symbolic link not followed.
  func facts(of name: String) throws(SystemError) -> Facts {
    var facts = stat()
    _ = try SystemError.check { unsafe fstatat(raw, name, &facts, AT_SYMLINK_NOFOLLOW) }
    return Facts(facts)
  }

  /// What the system says of what an absolute path leads to.
  static func facts(at path: String) throws(SystemError) -> Facts {
    var facts = stat()
    _ = try SystemError.check { unsafe lstat(path, &facts) }
    return Facts(facts)
  }

  /// Reads up to `count` bytes, or to the end of the file.
  ///
  /// - Parameters:
  ///   - start: Where to begin.
  ///   - cached: Throws `EAGAIN` rather than wait for the device.
  func reading(_ count: Int, from start: Int = 0, cached: Bool = false) throws(SystemError) -> [UInt8] {
    // The standard library writes into the storage that all empty arrays share, which the sanitizer calls a race.
    guard count > 0 else { return [] }
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        do throws(SystemError) {
          let read = try SystemError.check {
            let place = unsafe buffer.baseAddress.map { unsafe $0 + filled }
            return cached
              ? unsafe metadriver_read_cached(raw, place, count - filled, off_t(start + filled))
              : unsafe pread(raw, place, count - filled, off_t(start + filled))
          }
          if read == 0 { break }
          filled += read
        } catch {
          failure = error
          break
        }
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Writes all of it at the current place.
  func writing(_ bytes: [UInt8]) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      written += try SystemError.check {
        unsafe bytes.withUnsafeBytes {
          unsafe write(raw, $0.baseAddress.map { unsafe $0 + written }, $0.count - written)
        }
      }
    }
  }

  /// Waits until the device says that everything is stored.
  func synchronize() throws(SystemError) {
    #if canImport(Darwin)
      // There fsync leaves the bytes in the device's cache. Not every file system has the stronger call.
      if fcntl(raw, F_FULLFSYNC) == 0 { return }
    #endif
    _ = try SystemError.check { fsync(raw) }
  }

  /// Waits until no other open file holds the lock. It is freed with the descriptor, or with the process.
  func lock() throws(SystemError) { _ = try SystemError.check { flock(raw, LOCK_EX) } }

  /// Takes the lock if nobody holds it.
  func tryLock() throws(SystemError) -> Bool {
    do throws(SystemError) { _ = try SystemError.check { flock(raw, LOCK_EX | LOCK_NB) } } catch {
      if error.code == EWOULDBLOCK { return false }
      throw error
    }
    return true
  }

  /// Makes a folder in this one; one that is there already is fine.
  func makeFolder(_ name: String) throws(SystemError) {
    do throws(SystemError) { _ = try SystemError.check { unsafe mkdirat(raw, name, 0o700) } } catch {
      if error.code != EEXIST { throw error }
    }
  }

  /// Gives a file of this folder a name in another, in place of what has it.
  func rename(_ name: String, to newName: String, in folder: borrowing Descriptor) throws(SystemError) {
    let target = folder.raw
    _ = try SystemError.check { unsafe renameat(raw, name, target, newName) }
  }

  /// Removes a file from this folder.
  func remove(_ name: String) throws(SystemError) { _ = try SystemError.check { unsafe unlinkat(raw, name, 0) } }

  /// The names in this folder, in no order, without `.` and `..`.
  func forEachName(_ body: (String) throws(SystemError) -> Void) throws(SystemError) {
    // A stream takes over its descriptor, and its place in the folder: it gets one of its own.
    let own = try SystemError.check { unsafe openat(raw, ".", Mode.folder.rawValue | Self.always) }
    guard let stream = unsafe fdopendir(own) else {
      let code = errno
      close(own)
      throw SystemError(code: code)
    }
    defer { unsafe closedir(stream) }
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        if errno != 0 { throw SystemError(code: errno) }
        return
      }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(validatingCString: $0) }
      }
      if let name, name != ".", name != ".." { try body(name) }
    }
  }
}
