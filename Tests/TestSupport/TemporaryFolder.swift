public import MetaDriver
public import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A folder of one test, removed with it. The store of the test is the folder `store` in it.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let path: String
  /// Where the store is that the test is about.
  public var store: String { "\(path)/store" }

  /// Makes an empty one.
  public init() throws {
    var parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    while parent.hasSuffix("/") { parent.removeLast() }
    var template = Array("\(parent)/metadriver-test-XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) }
    path = unsafe String(cString: try unsafe #require(made))
  }

  deinit { _ = try? Child.run("rm", "-rf", path) }
}

/// Whole files, past the driver.
public enum File {
  /// Reads all of a file.
  public static func read(_ path: String) throws -> [UInt8] {
    let file = unsafe open(path, O_RDONLY)
    try #require(file >= 0, "cannot open \(path)")
    defer { close(file) }
    let count = Int(lseek(file, 0, SEEK_END))
    var bytes = [UInt8](repeating: 0, count: count)
    try #require(unsafe pread(file, &bytes, count, 0) == count)
    return bytes
  }

  /// Writes a file over what is there.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(file >= 0, "cannot make \(path)")
    defer { close(file) }
    try #require(writeAll(file, bytes) == bytes.count)
  }

  /// Whether something has this path.
  public static func exists(_ path: String) -> Bool {
    var facts = stat()
    return unsafe lstat(path, &facts) == 0
  }

  /// Who may do what with it, as `chmod` says it.
  public static func mode(_ path: String) throws -> Int {
    var facts = stat()
    try #require(unsafe lstat(path, &facts) == 0, "\(path)")
    return Int(facts.st_mode & 0o777)
  }

  /// Makes a folder.
  public static func makeFolder(_ path: String) throws { try #require(unsafe mkdir(path, 0o700) == 0, "\(path)") }
  /// Makes a named pipe.
  public static func makePipe(_ path: String) throws { try #require(unsafe mkfifo(path, 0o600) == 0, "\(path)") }
  /// Makes a symbolic link.
  public static func link(_ path: String, to target: String) throws {
    try #require(unsafe symlink(target, path) == 0, "\(path)")
  }
  /// Gives something another path.
  public static func move(_ path: String, to target: String) throws {
    try #require(unsafe rename(path, target) == 0, "\(path)")
  }
  /// Removes a file, or an empty folder.
  public static func delete(_ path: String) throws { try #require(unsafe remove(path) == 0, "\(path)") }

  /// How many files and folders from a path down this process has open; `nil` where the system does not say.
  public static func openCount(below path: String) -> Int? {
    guard exists("/proc/self/fd/0") else { return nil }
    return (0..<1_024).count { descriptor in
      var buffer = [CChar](repeating: 0, count: 4_096)
      let count = unsafe readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
      return String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self).hasPrefix(path)
    }
  }

  /// The names in a folder, sorted.
  public static func names(_ path: String) throws -> [String] {
    let folder = try unsafe #require(unsafe opendir(path))
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}

/// The error of an operation that has to fail.
public func failure<Answer>(
  of operation: () async throws(DriverError) -> Answer, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> DriverError {
  do throws(DriverError) {
    let answer = try await operation()
    Issue.record("succeeded with \(answer)", sourceLocation: sourceLocation)
  } catch {
    return error
  }
  throw CancellationError()
}

private func writeAll(_ file: Int32, _ bytes: [UInt8]) -> Int { unsafe write(file, bytes, bytes.count) }
