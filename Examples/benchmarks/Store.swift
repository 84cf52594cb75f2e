private import CBenchmarkSupport
import MetaDriver
import MetaDriverDisk

/// A `DiskDriver` that holds the datum, and the same folder as a C program sees it.
struct Store: Sendable {
  let disk: DiskDriver
  private let path: String
  private let root: Int32
  private let folder: String
  private let stripe: String
  private let file: String

  /// Makes a store in the folder of this run.
  init(_ name: String, in parent: String) async throws {
    path = "\(parent)/\(name)"
    disk = DiskDriver(at: path, name: name)
    try await disk.put(value.bytes, at: datum)
    guard let url = disk.url(for: datum), case let parts = url.string.split(separator: "/"), parts.count > 3 else {
      throw Options.Problem("a DiskDriver makes no URL of a file")
    }
    stripe = String(parts[parts.count - 2])
    folder = "\(parts[parts.count - 3])/\(stripe)"
    file = String(parts[parts.count - 1])
    root = unsafe benchmark_open_folder(path)
    guard root >= 0 else { throw Options.Problem("cannot open \(path)") }
  }

  /// Writes the datum by the driver's system calls, on the calling thread.
  func putInC() throws {
    let failed = unsafe value.bytes.withUnsafeBytes {
      unsafe benchmark_disk_put(root, path, folder, stripe, file, $0.baseAddress, $0.count)
    }
    guard failed == 0 else { throw Options.Problem("the C put failed") }
  }

  /// Writes the datum by no more system calls than a durable write takes, on the calling thread.
  func putLeastInC() throws {
    let failed = unsafe value.bytes.withUnsafeBytes {
      unsafe benchmark_disk_put_least(root, folder, file, $0.baseAddress, $0.count)
    }
    guard failed == 0 else { throw Options.Problem("the C put failed") }
  }

  /// Reads the datum by the driver's system calls.
  func getInC() throws {
    guard unsafe benchmark_disk_get(root, "\(folder)/\(file)") == value.bytes.count else {
      throw Options.Problem("the C get failed")
    }
  }
}
