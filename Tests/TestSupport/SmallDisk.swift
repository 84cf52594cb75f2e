private import Synchronization
private import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file system of its own, of a few hundred kilobytes of memory, where this process may mount one.
public final class SmallDisk: Sendable {
  private let folder: TemporaryFolder
  private let isPulled = Atomic(false)
  /// Where it is mounted.
  public var path: String { "\(folder.path)/disk" }

  /// Whether this process may mount a file system: it has to be root, on Linux, and not too closely confined.
  public static let isPermitted: Bool = {
    #if os(Linux)
      guard geteuid() == 0, let disk = try? SmallDisk() else { return false }
      return File.exists(disk.path)
    #else
      return false
    #endif
  }()

  /// Mounts one.
  public init() throws {
    folder = try TemporaryFolder()
    try File.makeFolder("\(folder.path)/disk")
    try #require(Child.run("mount", "-t", "tmpfs", "-o", "size=512k", "metadriver-test", path) == 0)
  }

  /// Makes it read-only, or writable again.
  public func remount(readOnly: Bool) throws {
    try #require(Child.run("mount", "-o", "remount,\(readOnly ? "ro" : "rw")", path) == 0)
  }

  /// As if the disk were pulled out: files that are open stay usable, the path leads to the folder below.
  public func pull() throws {
    try #require(Child.run("umount", "-l", path) == 0)
    isPulled.store(true, ordering: .relaxed)
  }

  deinit { if !isPulled.load(ordering: .relaxed) { _ = try? Child.run("umount", "-l", path) } }
}
