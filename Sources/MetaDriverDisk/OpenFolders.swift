private import Synchronization

/// The folders that the drivers of this process have open, to find out that two paths lead to one folder.
///
/// A driver resolves its path when it is made, and two that resolve to one path are one store. Where a link, or a mount,
/// appears later, two drivers of different paths are one folder, and a tree counts one copy as two.
final class OpenFolders: Sendable {
  static let shared = OpenFolders()

  private struct Entry {
    weak var folder: OpenFolder?
  }
  private let entries = Mutex<[OpenFolder.Identity: Entry]>([:])

  /// Takes note of a folder.
  ///
  /// - Returns: The other path under which a driver has it open; `nil` for none, and then the folder is noted.
  func enter(_ folder: OpenFolder) -> String? {
    entries.withLock { entries in
      // A folder that was moved is at its new path only.
      if let other = entries[folder.identity]?.folder, other.path != folder.path, other.isInPlace { return other.path }
      entries = entries.filter { $0.value.folder != nil }
      entries[folder.identity] = Entry(folder: folder)
      return nil
    }
  }
}
