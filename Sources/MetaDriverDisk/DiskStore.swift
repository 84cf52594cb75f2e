import MetaDriver
private import Synchronization

#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// What the copies of one `DiskDriver` share: the open folder and the threads. The folder is opened at first use.
final class DiskStore: Sendable {
  /// The file that says that a folder is a store, and of which format.
  static let marker = "metadriver-disk.txt"
  static let markerText = "MetaDriver disk store, format 1. The data is in the folders beside this file.\n"

  private enum State: Sendable {
    case idle(wasOpened: Bool)
    case open(OpenFolder)
    case closed
  }

  let path: String
  let durability: Durability
  let maximumByteCount: Int
  let threads = DriverThreads(of: "DiskDriver")
  private let createsFolder: Bool
  private let state = Mutex(State.idle(wasOpened: false))
  /// Held while the folder is being opened, by the driver's own threads only.
  private let opening = Mutex(())

  init(path: String, durability: Durability, maximumByteCount: Int, createsFolder: Bool) {
    self.path = path
    self.durability = durability
    self.maximumByteCount = maximumByteCount
    self.createsFolder = createsFolder
  }

  deinit { threads.stop() }

  // MARK: The folder

  /// The folder, if it is open already; never waits.
  func folderIfOpen() throws(DriverError) -> OpenFolder? {
    let state = state.withLock { $0 }
    switch state {
    case .idle: return nil
    case .open(let folder): return folder
    case .closed: throw .closed("DiskDriver")
    }
  }

  /// The folder; opens it, and waits for the device.
  func folder() throws(DriverError) -> OpenFolder {
    if let folder = try folderIfOpen() { return folder }
    return try opening.withLock { _ throws(DriverError) in
      var wasOpened = false
      switch state.withLock({ $0 }) {
      case .idle(let before): wasOpened = before
      case .open(let folder): return folder
      case .closed: throw .closed("DiskDriver")
      }
      let folder = try openFolder(creating: createsFolder && !wasOpened)
      state.withLock { if case .idle = $0 { $0 = .open(folder) } }
      return folder
    }
  }

  private func openFolder(creating: Bool) throws(DriverError) -> OpenFolder {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw DriverError(
        .unavailable, "the path of this DiskDriver is empty or has a NUL in it: give it another", effect: .unchanged,
        isRetryable: false)
    }
    let folder: OpenFolder
    do throws(SystemError) {
      if creating { try Descriptor.makeFolder(at: path, durably: durability == .full) }
      folder = try OpenFolder(path: path)
    } catch {
      throw rootError(error, creating: creating)
    }
    if let other = OpenFolders.shared.enter(folder) {
      throw DriverError(
        .unsupported,
        "the folder \(path) is \(other) too, which another DiskDriver uses: a link or a mount came after the drivers "
          + "were made, and one copy would count as two. Make the drivers when it is there, and one for each folder",
        effect: .unchanged)
    }
    try checkFormat(of: folder, creating: creating)
    // What a sweep cannot remove is in nobody's way: a store on a read-only disk can still be read.
    try? folder.sweep()
    return folder
  }

  private func checkFormat(of folder: OpenFolder, creating: Bool) throws(DriverError) {
    let marker = "\(path)/\(Self.marker)"
    var text: [UInt8]?
    do throws(SystemError) { text = try folder.descriptor.opening(Self.marker, .read).reading(4_096) } catch {
      guard error.isAbsence else { throw error.error("read", marker) }
    }
    if let text {
      if text.elementsEqual(Self.markerText.utf8) { return }
      throw DriverError(
        .unsupported, "\(marker) is not of format 1, which this package reads: give DiskDriver another path")
    }
    guard creating else {
      throw DriverError(
        .unavailable, "the folder \(path) is not a store, it has no \(Self.marker): mount its disk", effect: .unchanged)
    }
    do throws(SystemError) {
      var file = try TemporaryFile.write([], Array(Self.markerText.utf8), in: folder, durably: true)
      try file.rename(to: Self.marker, in: folder.descriptor)
      try folder.descriptor.synchronize()
    } catch {
      throw error.error("make a store of the folder", path)
    }
  }

  private func rootError(_ error: SystemError, creating: Bool) -> DriverError {
    switch error.code {
    case ENOENT:
      DriverError(
        .unavailable,
        "the folder \(path) is not there\(creating ? ", nor the one above it" : ""): make it, or mount its disk",
        effect: .unchanged)
    case ENOTDIR, ELOOP:
      DriverError(
        .unavailable, "\(path), or something above it, is not a folder: move it away, or give DiskDriver another path",
        effect: .unchanged, isRetryable: false)
    default: error.error("open the folder", path)
    }
  }

  /// Throws when the folder was moved or removed, or its disk unmounted: then what is not found in it is not absent.
  func confirm(_ folder: OpenFolder) throws(DriverError) {
    if folder.isInPlace { return }
    state.withLock { state in
      if case .open(let current) = state, current === folder { state = .idle(wasOpened: true) }
    }
    throw DriverError(
      .unavailable, "the folder \(path) was removed, moved or unmounted while in use: put it back", effect: .unchanged)
  }

  /// Lets go of the folder, once the work that was accepted has ended.
  func close() async {
    let wasClosed = state.withLock { state in
      if case .closed = state { return true }
      return false
    }
    if wasClosed { return }
    await threads.close()
    state.withLock { $0 = .closed }
  }
}
