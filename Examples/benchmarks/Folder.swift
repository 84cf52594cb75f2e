private import CBenchmarkSupport
private import Foundation

/// A folder for this run, on a file system that has a device under it, removed when the run is over.
struct Folder: ~Copyable {
  let path: String
  /// What it is on.
  let fileSystem: String

  /// Makes one in the system's folder for temporary files, or in the current one where that is in memory.
  init() throws {
    let parent = try Self.parent()
    let path = "\(parent)/metadriver-benchmarks-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    self.init(path: path, fileSystem: Self.fileSystem(of: path).name)
  }

  private init(path: String, fileSystem: String) {
    self.path = path
    self.fileSystem = fileSystem
  }

  private static func parent() throws -> String {
    let files = FileManager.default
    // Foundation knows TMPDIR.
    let candidates = [files.temporaryDirectory.path, files.currentDirectoryPath]
    guard let parent = candidates.first(where: { !fileSystem(of: $0).isInMemory }) else {
      throw Options.Problem("\(candidates.joined(separator: " and ")) are in memory: set TMPDIR to a folder on a disk")
    }
    return parent
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  private static func fileSystem(of path: String) -> (name: String, isInMemory: Bool) {
    var isInMemory = false
    let name = unsafe String(unsafeUninitializedCapacity: 64) { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { name in
        isInMemory = unsafe benchmark_file_system(path, name.baseAddress, name.count) != 0
        return unsafe name.firstIndex(of: 0) ?? 0
      }
    }
    return (name, isInMemory)
  }
}
