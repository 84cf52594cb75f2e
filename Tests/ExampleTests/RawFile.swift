#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file whose path is any bytes, which Foundation has no words for.
struct RawFile {
  struct Failure: Error { let code: Int32 }

  private let path: [UInt8]

  init(_ path: [UInt8]) { self.path = path }

  func contents() throws -> [UInt8] {
    let file = try opened(O_RDONLY)
    defer { close(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(file, &block, block.count)
      guard count > 0 else { return bytes }
      bytes += block[..<count]
    }
  }

  /// Makes the file, and the folders on the way.
  func make(_ bytes: [UInt8]) throws {
    for (index, byte) in path.enumerated() where byte == UInt8(ascii: "/") && index > 0 {
      _ = unsafe mkdir(cString(path[..<index]), 0o700)
    }
    let file = try opened(O_WRONLY | O_CREAT | O_TRUNC)
    defer { close(file) }
    guard unsafe write(file, bytes, bytes.count) == bytes.count else { throw Failure(code: errno) }
  }

  /// Takes the file's lock, which keeps others from taking it until it is given back.
  func lock() throws -> Int32 {
    let file = try opened(O_RDWR)
    guard flock(file, LOCK_EX) == 0 else { throw Failure(code: errno) }
    return file
  }

  /// Gives a lock back.
  static func unlock(_ lock: Int32) { close(lock) }

  /// Makes a symbolic link of this name.
  func link(to target: String) throws {
    guard unsafe symlink(target, cString(path[...])) == 0 else { throw Failure(code: errno) }
  }

  private func opened(_ flags: Int32) throws -> Int32 {
    let file = unsafe open(cString(path[...]), flags, 0o600)
    guard file >= 0 else { throw Failure(code: errno) }
    return file
  }

  private func cString(_ bytes: ArraySlice<UInt8>) -> [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }
}
