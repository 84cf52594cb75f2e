private import Synchronization

#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// A file that has all its bytes before it has its name. It is removed unless it was given one.
struct TemporaryFile: ~Copyable {
  private static let lastNumber = Atomic<UInt64>(0)
  private static let ending = ".tmp"

  private struct Named: ~Copyable {
    let file: Descriptor
    let name: String
  }

  private let folder: Descriptor
  private let temporary: Named
  private var isRenamed = false

  private init(_ temporary: consuming Named, in folder: consuming Descriptor) {
    self.folder = folder
    self.temporary = temporary
  }

  /// Writes the bytes to a new file.
  ///
  /// - Parameters:
  ///   - head: What comes before the bytes.
  ///   - durably: Whether to wait until the device has them.
  static func write(_ head: [UInt8], _ bytes: [UInt8], in root: OpenFolder, durably: Bool) throws(SystemError)
    -> TemporaryFile
  {
    let folder = try root.folder(OpenFolder.temporary, durably: false)
    let new = try create(in: folder)
    let file = TemporaryFile(new, in: folder)
    // A copy of few bytes costs less than another call.
    if bytes.count <= DiskStore.inlineByteCount {
      try file.temporary.file.writing(head + bytes)
    } else {
      try file.temporary.file.writing(head)
      try file.temporary.file.writing(bytes)
    }
    if durably { try file.temporary.file.synchronize() }
    return file
  }

  deinit {
    if !isRenamed { try? folder.remove(temporary.name) }
  }

  /// Makes a file that no sweep takes for a dead writer's.
  private static func create(in folder: borrowing Descriptor) throws(SystemError) -> Named {
    while true {
      let name = "\(getpid())-\(lastNumber.wrappingAdd(1, ordering: .relaxed).newValue)\(ending)"
      do throws(SystemError) {
        let file = try folder.opening(name, [.write, .create, .exclusive])
        // A sweep may come by between opening and locking, and then the file is gone.
        let (isLocked, linkCount) = (try file.tryLock(), try file.facts().linkCount)
        if isLocked && linkCount > 0 { return Named(file: file, name: name) }
      } catch {
        if error.code != EEXIST { throw error }
      }
    }
  }

  /// Gives the file its name, in place of the file that has it.
  mutating func rename(to newName: String, in target: borrowing Descriptor) throws(SystemError) {
    try folder.rename(temporary.name, to: newName, in: target)
    isRenamed = true
  }

  /// Whether a writer of this store gave the name: its process and a number.
  static func isName(_ name: String) -> Bool {
    guard name.hasSuffix(ending) else { return false }
    let numbers = name.dropLast(ending.count).split(separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isASCII) && UInt64($0) != nil }
  }
}
