import Foundation

/// A folder of this run's own, whose subfolders are the disks that the tour unplugs.
struct TemporaryFolder {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appending(path: "quickstart-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  var path: String { url.path }

  /// The path of a disk.
  func path(_ disk: String) -> String { url.appending(path: disk).path }

  /// Takes a disk away: its folder moves to where nobody looks for it.
  func unplug(_ disk: String) throws {
    try FileManager.default.moveItem(atPath: path(disk), toPath: path("\(disk), unplugged"))
  }

  /// Brings a disk back, with everything that was on it.
  func plugIn(_ disk: String) throws {
    try FileManager.default.moveItem(atPath: path("\(disk), unplugged"), toPath: path(disk))
  }

  /// Removes the folder and all that is in it.
  func remove() { try? FileManager.default.removeItem(at: url) }
}
