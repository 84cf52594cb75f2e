import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why the system refused something.
struct SystemError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
  static var last: SystemError { SystemError(unsafe String(cString: strerror(errno))) }
}

/// An open folder. What lies below it is reached one name at a time and through no symbolic link, so that nothing
/// outside is ever read or written, and so that no path is too long.
final class Folder: Sendable {
  enum Entry: Sendable {
    case file(byteCount: Int)
    case folder
    case other(String)
  }

  private let descriptor: Int32

  init(at path: String) throws(SystemError) {
    descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { throw .last }
  }

  private init(_ name: [CChar], in folder: Int32) throws(SystemError) {
    descriptor = unsafe openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor < 0 { throw .last }
  }

  deinit { close(descriptor) }

  /// The folder that a path leads to, and the last name of the path.
  ///
  /// - Parameter creates: Whether to make the folders that are missing on the way.
  func parent(of path: FilePath, creates: Bool = false) throws(SystemError) -> (folder: Folder, name: FilePath) {
    let names = path.split(separator: UInt8(ascii: "/"))
    var folder = self
    for name in names.dropLast() {
      if creates, unsafe mkdirat(folder.descriptor, name.cString, 0o777) < 0, errno != EEXIST { throw .last }
      folder = try Folder(name.cString, in: folder.descriptor)
    }
    return (folder, Array(names.last ?? []))
  }

  /// The names in a folder below this one, in the order of their bytes, and what they are names of.
  func entries(at path: FilePath) throws(SystemError) -> [(name: FilePath, entry: Entry)] {
    let folder = try parent(of: path + Array("/.".utf8)).folder
    let own = unsafe openat(folder.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0, let stream = unsafe fdopendir(own) else { throw .last }
    defer { unsafe closedir(stream) }
    var names: [FilePath] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
      if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { names.append(name) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map { ($0, folder.entry($0)) }
  }

  private func entry(_ name: FilePath) -> Entry {
    var facts = stat()
    guard unsafe fstatat(descriptor, name.cString, &facts, AT_SYMLINK_NOFOLLOW) == 0 else {
      return .other("unreadable entry")
    }
    return switch facts.st_mode & S_IFMT {
    case S_IFREG: .file(byteCount: Int(facts.st_size))
    case S_IFDIR: .folder
    case S_IFLNK: .other("symbolic link")
    case S_IFSOCK: .other("socket")
    case S_IFIFO: .other("named pipe")
    default: .other("device")
    }
  }

  /// Reads a file below this folder.
  ///
  /// - Throws: When it cannot be read, or changes while it is.
  func read(_ path: FilePath) throws(SystemError) -> [UInt8] {
    let (folder, name) = try parent(of: path)
    // A named pipe that took the file's place would be waited for without O_NONBLOCK.
    let file = unsafe openat(folder.descriptor, name.cString, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw .last }
    defer { close(file) }
    let before = try facts(file)
    guard before.st_mode & S_IFMT == S_IFREG else { throw SystemError("it is no file any more") }
    var bytes = [UInt8](repeating: 0, count: Int(before.st_size))
    var count = 0
    while count < bytes.count {
      let read = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(file, $0.baseAddress! + count, $0.count - count, off_t(count))
      }
      if read < 0, errno != EINTR { throw .last }
      if read == 0 { break }
      count += max(read, 0)
    }
    let after = try facts(file)
    guard count == bytes.count, after.st_size == before.st_size, after.changed == before.changed else {
      throw SystemError("it changed while it was read: put it again")
    }
    return bytes
  }

  private func facts(_ file: Int32) throws(SystemError) -> stat {
    var facts = stat()
    if unsafe fstat(file, &facts) < 0 { throw .last }
    return facts
  }

  private static let lastNumber = Atomic<Int>(0)

  /// Writes a file below this folder: whoever looks finds what was there before, or all of the new bytes.
  func write(_ bytes: [UInt8], to path: FilePath) throws(SystemError) {
    let (folder, name) = try parent(of: path, creates: true)
    let number = Self.lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
    let temporary = Array(".replicate-folder-\(getpid())-\(number).tmp".utf8).cString
    let file = unsafe openat(folder.descriptor, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .last }
    defer { close(file) }
    do throws(SystemError) {
      var count = 0
      while count < bytes.count {
        let written = unsafe bytes.withUnsafeBytes {
          unsafe pwrite(file, $0.baseAddress! + count, $0.count - count, off_t(count))
        }
        if written < 0, errno != EINTR { throw SystemError.last }
        count += max(written, 0)
      }
      if unsafe renameat(folder.descriptor, temporary, folder.descriptor, name.cString) < 0 { throw SystemError.last }
    } catch {
      _ = unsafe unlinkat(folder.descriptor, temporary, 0)
      throw error
    }
  }
}

extension stat {
  /// When the file last changed.
  fileprivate var changed: [Int] {
    [Int(st_mtim.tv_sec), Int(st_mtim.tv_nsec), Int(st_ctim.tv_sec), Int(st_ctim.tv_nsec)]
  }
}

extension Sequence<UInt8> {
  /// The bytes as C has strings.
  fileprivate var cString: [CChar] { map { CChar(bitPattern: $0) } + [0] }
}
