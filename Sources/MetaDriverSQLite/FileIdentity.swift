#if SQLite
  #if canImport(Darwin)
    private import Darwin
  #elseif canImport(Glibc)
    private import Glibc
  #elseif canImport(Musl)
    private import Musl
  #endif

  /// Which file a path leads to.
  struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    /// Whether it is a file, and not a folder, a link or a pipe.
    let isFile: Bool
    let byteCount: Int

    /// Looks at a path; `nil` when nothing is there, or nobody may look.
    init?(of path: String) {
      var facts = stat()
      guard unsafe path.withCString({ unsafe lstat($0, &facts) }) == 0 else { return nil }
      device = UInt64(truncatingIfNeeded: facts.st_dev)
      inode = UInt64(facts.st_ino)
      isFile = facts.st_mode & S_IFMT == S_IFREG
      byteCount = Int(facts.st_size)
    }

    /// Whether two are one file, whatever is in it.
    static func == (left: FileIdentity, right: FileIdentity) -> Bool {
      left.device == right.device && left.inode == right.inode
    }

    /// Hashes what is compared.
    func hash(into hasher: inout Hasher) {
      hasher.combine(device)
      hasher.combine(inode)
    }

    /// Whether this process may write what is at a path.
    static func isWritable(_ path: String) -> Bool { unsafe path.withCString { unsafe access($0, W_OK) } == 0 }

    /// Makes an empty file that its owner alone may read, unless something is there.
    ///
    /// - Returns: What the system said when it made none; 0 when there is a file now.
    static func make(_ path: String) -> Int32 {
      let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard file < 0 else {
        _ = Self.close(file)
        return 0
      }
      return errno == EEXIST ? 0 : errno
    }

    private static func close(_ file: Int32) -> Int32 {
      #if canImport(Darwin)
        Darwin.close(file)
      #elseif canImport(Glibc)
        Glibc.close(file)
      #else
        Musl.close(file)
      #endif
    }
  }
#endif
