#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// The one spelling of the path of a folder, or a file: absolute, without symbolic links, so that two spellings are one
/// store.
package enum FolderPath {
  /// Resolves a path as far as it exists. What is still to be made is resolved through the folder above it.
  package static func resolve(_ path: String) -> String {
    guard !path.isEmpty, !path.utf8.contains(0) else { return path }
    if let real = real(path) { return real }
    var parts = path.split(separator: "/").map(String.init)
    guard let last = parts.popLast(), last != ".", last != ".." else { return path }
    let above = (path.first == "/" ? "/" : "./") + parts.joined(separator: "/")
    guard let above = real(above) else { return path }
    return above == "/" ? "/" + last : "\(above)/\(last)"
  }

  private static func real(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(validatingCString: real)
  }
}
