#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that cannot be read.
struct Unreadable: Error, CustomStringConvertible { let description: String }

/// Everything in a file.
///
/// - Parameters:
///   - path: The file; `-` is standard input.
///   - limit: So many bytes, and one more when there are more.
func contents(of path: String, limit: Int) throws(Unreadable) -> [UInt8] {
  let file = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw failure(path) }
  defer { if path != "-" { close(file) } }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while bytes.count <= limit {
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw failure(path) }
    guard count > 0 else { break }
    bytes += buffer[..<count]
  }
  return bytes
}

private func failure(_ path: String) -> Unreadable {
  let reason = unsafe String(cString: strerror(errno))
  return Unreadable(description: "cannot read \(path == "-" ? "standard input" : path): \(reason)")
}

/// Writes a text to an open file.
func write(to file: Int32, _ text: String) {
  var text = text
  text.withUTF8 { bytes in _ = unsafe write(file, bytes.baseAddress, bytes.count) }
}
