import Foundation

import TestSupport

/// A folder of one test's own, removed with the value.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appending(path: "examples-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The files below a folder in this one, symbolic links left out, by their paths.
  func files(below name: String) throws -> [[UInt8]: [UInt8]] {
    let list = try Command(["find", "\(path)/\(name)", "-type", "f", "-print0"])
    let root = Array("\(path)/\(name)/".utf8)
    let paths = list.output.split(separator: 0).map { Array($0.dropFirst(root.count)) }
    return try Dictionary(uniqueKeysWithValues: paths.map { ($0, try RawFile(root + $0).contents()) })
  }

  /// Makes files below a folder in this one.
  func make(_ files: [[UInt8]: [UInt8]], below name: String) throws {
    try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
    for (file, bytes) in files { try RawFile(Array("\(path)/\(name)/".utf8) + file).make(bytes) }
  }

  /// Puts a file in the place of a folder: whatever is done with the folder fails, for root too.
  func block(_ name: String) throws {
    try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
    try Data().write(to: URL(filePath: "\(path)/\(name)"))
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

  func move(_ name: String, to newName: String) throws {
    try FileManager.default.moveItem(atPath: "\(path)/\(name)", toPath: "\(path)/\(newName)")
  }
}
