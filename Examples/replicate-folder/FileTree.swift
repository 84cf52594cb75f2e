/// The files below a folder, at any depth, and what was passed over.
struct FileTree {
  struct File: Sendable {
    let path: FilePath
    let byteCount: Int
  }

  private(set) var files: [File] = []
  /// Symbolic links, sockets and the like, with what they are.
  private(set) var skipped: [(path: FilePath, what: String)] = []
  /// Folders that could not be looked into, and why.
  private(set) var unreadable: [(path: FilePath, why: SystemError)] = []

  init(below folder: Folder) {
    var folders: [FilePath] = [[]]
    while let path = folders.popLast() {
      do throws(SystemError) {
        for (name, entry) in try folder.entries(at: path) {
          let path = path.isEmpty ? name : path + Array("/".utf8) + name
          switch entry {
          case .file(let byteCount): files.append(File(path: path, byteCount: byteCount))
          case .folder: folders.append(path)
          case .other(let what): skipped.append((path, what))
          }
        }
      } catch {
        unreadable.append((path, error))
      }
    }
  }
}
