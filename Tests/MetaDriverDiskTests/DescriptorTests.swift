import MetaDriver
import TestSupport
import Testing

@testable import MetaDriverDisk

@Suite struct DescriptorTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for path in ["a", "a/b", "a/b/c"] { try File.makeFolder("\(folder.path)/\(path)") }
    try File.write([1, 2, 3], to: "\(folder.path)/a/b/c/file")
    try File.link("\(folder.path)/link", to: "a/b")
    try File.link("\(folder.path)/a/b/c/alias", to: "file")
  }

  @Test("Opening beneath a folder follows no symbolic link, in one step or in many", arguments: [false, true])
  func beneath(isStepwise: Bool) throws {
    let root = try Descriptor(folder: folder.path)
    func read(_ path: String) throws(SystemError) -> [UInt8] {
      let file = isStepwise ? try root.openingStepwise(path, .read) : try root.opening(path, .read)
      return try file.reading(10)
    }
    #expect(try read("a/b/c/file") == [1, 2, 3])
    #expect(throws: SystemError(code: 2)) { try read("a/b/c/none") }
    #expect(throws: SystemError(code: 2)) { try read("a/none/c/file") }
    for path in ["link/c/file", "a/b/c/alias", "a/b/c/file/file"] {
      #expect { try read(path) } throws: { error in
        (error as? SystemError)?.error("read", path).code == .corrupt
      }
    }
    let made =
      isStepwise
      ? try root.openingStepwise("a/new", [.write, .create, .exclusive])
      : try root.opening("a/new", [.write, .create, .exclusive])
    try made.writing([4])
    #expect(try File.read("\(folder.path)/a/new") == [4])
    let same = isStepwise ? try root.openingStepwise(".", .folder) : try root.opening(".", .folder)
    #expect(try same.facts().inode == root.facts().inode)
  }

  @Test("A lock keeps out every other open file, and goes with its descriptor")
  func locks() throws {
    let root = try Descriptor(folder: folder.path)
    do {
      let first = try root.opening("a/b/c/file", .read)
      let second = try root.opening("a/b/c/file", .read)
      #expect(try first.tryLock())
      #expect(try !second.tryLock())
      #expect(try first.facts().isFile)
    }
    let third = try root.opening("a/b/c/file", .read)
    #expect(try third.tryLock())
  }
}
