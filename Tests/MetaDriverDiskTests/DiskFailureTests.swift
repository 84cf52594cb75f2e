import MetaDriver
import MetaDriverDisk
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What goes wrong with disks and folders, and what is said of it.
@Suite struct DiskFailureTests {
  private let folder: TemporaryFolder
  private let disk: DiskDriver
  private let key = Key.mutable("key")

  init() throws {
    folder = try TemporaryFolder()
    disk = folder.disk(durability: .full)
  }

  /// The code of a failed get, put, delete, list and stat, which have to agree.
  private func code(of disk: DiskDriver) async throws -> DriverError.Code {
    let errors = [
      try await failure { () throws(DriverError) in try await disk.get(key) },
      try await failure { () throws(DriverError) in try await disk.put([1], at: key) },
      try await failure { () throws(DriverError) in try await disk.delete(key) },
      try await failure { () throws(DriverError) in try await disk.list(ListRequest(), in: Context()) },
      try await failure { () throws(DriverError) in try await disk.stat(key, in: Context()) },
    ]
    for error in errors { #expect(error.effect == .unchanged && error.code == errors[0].code, "\(error)") }
    return errors[0].code
  }

  // MARK: The folder

  // A5, R1
  @Test("A folder whose parent is missing is unavailable, and says what to do")
  func missingParent() async throws {
    let disk = DiskDriver(at: folder.path + "/no/store")
    #expect(try await code(of: disk) == .unavailable)
    let error = try await failure { () throws(DriverError) in try await disk.get(key) }
    #expect(
      error.message
        == "the folder \(folder.path)/no/store is not there, nor the one above it: make it, or mount its disk"
        || error.message.contains("mount its disk"))
    #expect(!File.exists(folder.path + "/no"))
    try File.makeFolder(folder.path + "/no")
    #expect(try await disk.get(key) == nil)
  }

  @Test("A file in the folder's place is left alone, and named")
  func fileAsFolder() async throws {
    try File.write([1, 2], to: folder.store)
    #expect(try await code(of: disk) == .unavailable)
    let error = try await failure { () throws(DriverError) in try await disk.get(key) }
    #expect(error.message.contains(folder.store) && error.message.contains("not a folder") && !error.isRetryable)
    #expect(try File.read(folder.store) == [1, 2])
  }

  @Test("An empty path, and one with a NUL, is unavailable", arguments: ["", "/tmp/a\0b"])
  func badPath(path: String) async throws { #expect(try await code(of: DiskDriver(at: path)) == .unavailable) }

  // R1
  @Test("A store that was in use and is removed or moved is unavailable, and is not made again")
  func vanished() async throws {
    try await disk.put([1], at: .mutable("other"))
    // The second time the system knows from memory that there is nothing.
    for _ in 0..<2 { #expect(try await disk.get(key) == nil) }
    try File.move(folder.store, to: folder.path + "/moved")
    #expect(try await code(of: disk) == .unavailable)
    let error = await #expect(throws: DriverError.self) { try await disk.get(key) }
    #expect(error?.message == "the folder \(folder.store) is not there: make it, or mount its disk")
    #expect(!File.exists(folder.store))
    // Somebody made an empty folder where the disk is to be mounted: still no empty store.
    try File.makeFolder(folder.store)
    #expect(try await code(of: disk) == .unavailable)
    try File.delete(folder.store)
    try File.move(folder.path + "/moved", to: folder.store)
    #expect(try await disk.get(key) == nil)
    #expect(try await disk.get(.mutable("other")) == Record([1]))
    try #require(Child.run("rm", "-rf", folder.store) == 0)
    #expect(try await code(of: disk) == .unavailable)
  }

  @Test("A driver that is not to make its folder makes none, and takes none that is no store")
  func createsFolder() async throws {
    let strict = DiskDriver(at: folder.store, createsFolder: false)
    #expect(try await code(of: strict) == .unavailable)
    try File.makeFolder(folder.store)
    #expect(try await code(of: strict) == .unavailable)
    #expect(try File.names(folder.store).isEmpty)
    try await disk.put([1], at: key)
    #expect(try await strict.get(key) == Record([1]))
  }

  @Test("A store of a format that this package does not read is refused")
  func otherFormat() async throws {
    try File.makeFolder(folder.store)
    try File.write(Array("format 2".utf8), to: folder.store + "/metadriver-disk.txt")
    #expect(try await code(of: disk) == .unsupported)
  }

  @Test(
    "A disk that is pulled out is unavailable, never empty", .enabled(if: SmallDisk.isPermitted, "mounting needs root"))
  func pulled() async throws {
    let small = try SmallDisk()
    let disk = DiskDriver(at: small.path)
    try await disk.put([1], at: .mutable("other"))
    try small.pull()
    #expect(try await code(of: disk) == .unavailable)
    #expect(try File.names(small.path).isEmpty)
  }

  @Test(
    "A full disk says so, keeps the old value and no leftovers",
    .enabled(if: SmallDisk.isPermitted, "mounting needs root"))
  func full() async throws {
    let small = try SmallDisk()
    let disk = DiskDriver(at: small.path)
    try await disk.put([1, 2, 3], at: key)
    let error = try await failure { () throws(DriverError) in
      try await disk.put([UInt8](repeating: 1, count: 1 << 20), at: key)
    }
    #expect(error.code == .noSpace && error.effect == .unchanged)
    #expect(error.message.contains(small.path) && error.message.contains("free some space"))
    #expect(try await disk.get(key) == Record([1, 2, 3]))
    #expect(try File.names(small.path + "/tmp").isEmpty)
    // The lock is free.
    try await disk.put([4], at: key)
    #expect(try await disk.get(key) == Record([4]))
  }

  @Test(
    "A disk that is read-only is read, and refuses writes", .enabled(if: SmallDisk.isPermitted, "mounting needs root"))
  func readOnly() async throws {
    let small = try SmallDisk()
    try await DiskDriver(at: small.path).put([1], at: key)
    try small.remount(readOnly: true)
    defer { try? small.remount(readOnly: false) }
    let disk = DiskDriver(at: small.path)
    #expect(try await disk.get(key) == Record([1]))
    #expect(try await disk.get(.mutable("other")) == nil)
    #expect(try await disk.list(ListRequest(), in: Context()).entries.count == 1)
    for error in [
      try await failure { () throws(DriverError) in try await disk.put([2], at: key) },
      try await failure { () throws(DriverError) in try await disk.delete(key) },
    ] {
      #expect(error.code == .denied && error.effect == .unchanged && error.message.contains("read-only"), "\(error)")
    }
  }

  @Test(
    "A folder of another user is denied, and named", .enabled(if: geteuid() == 0, "another user is needed: run as root")
  )
  func denied() async throws {
    try await disk.put([1], at: key)
    try #require(unsafe chmod(folder.path, 0o755) == 0)
    let child = try Child(writer: "denied", folder.store)
    let line = try #require(child.line())
    #expect(
      line.hasPrefix("denied unchanged") && line.contains(folder.store) && line.contains("give this process's user"))
    #expect(try await disk.get(key) == Record([1]))
  }

  // A47
  @Test("A value beyond the process's limit leaves the old one, no leftovers and no lock")
  func limited() async throws {
    try await disk.put([1], at: key)
    let child = try Child(writer: "limited", folder.store, 100_000)
    let line = try #require(child.line())
    #expect(line.hasPrefix("tooLarge unchanged") && line.contains(folder.store))
    #expect(try await disk.get(key) == Record([1]))
    #expect(try File.names(folder.store + "/tmp").isEmpty)
    try await disk.put([2], at: key)
  }

  // MARK: One file

  @Test("A datum beyond the stated maximum is neither written nor read")
  func tooLarge() async throws {
    let small = DiskDriver(at: folder.store, maximumByteCount: 10)
    let stamped = Record([UInt8](repeating: 1, count: 10), stamp: Stamp(time: 1, writer: 1))
    _ = try await small.put(stamped, at: key, in: Context())
    #expect(try await small.get(key, in: Context()) == stamped)
    let error = try await failure { () throws(DriverError) in
      try await small.put([UInt8](repeating: 1, count: 11), at: .mutable("other"))
    }
    #expect(error.code == .tooLarge && error.effect == .unchanged)
    try await disk.put([UInt8](repeating: 1, count: 100), at: .mutable("other"))
    #expect(try await failure { () throws(DriverError) in try await small.get(.mutable("other")) }.code == .tooLarge)
    #expect(try await small.stat(.mutable("other"), in: Context())?.byteCount == 100)
  }

  // R2
  @Test("A torn or flipped envelope is corrupt, is listed, and can be overwritten and deleted")
  func damaged() async throws {
    let record = Record(Array(0..<100), stamp: Stamp(time: 5, writer: 1))
    let good = record.encoded(for: key)
    var flipped = good
    flipped[70] ^= 1
    for (bytes, isHeadGood) in [(Array(good.dropLast()), false), (Array(good.prefix(20)), false), (flipped, true)] {
      _ = try await disk.put(record, at: key, in: Context())
      try File.write(bytes, to: folder.file(key))
      #expect(try await failure { () throws(DriverError) in try await disk.get(key) }.code == .corrupt)
      if !isHeadGood {
        let error = try await failure { () throws(DriverError) in try await disk.stat(key, in: Context()) }
        #expect(error.code == .corrupt)
      }
      try await disk.put([7], at: .mutable("neighbour"))
      let entries = try await disk.list(ListRequest(), in: Context()).entries
      #expect(entries.map(\.key) == [key, .mutable("neighbour")])
      #expect(entries[0].stat.byteCount == (isHeadGood ? 100 : bytes.count))
      let conditional = try await failure { () throws(DriverError) in
        try await disk.put(record, at: key, if: .absent, in: Context())
      }
      #expect(conditional.code == .corrupt && conditional.effect == .unchanged)
      // An older stamp may replace a copy that nobody can read: a repair does.
      let older = Record([1], stamp: Stamp(time: 4, writer: 1))
      #expect("\(try await disk.put(older, at: key, in: Context()).result)" == "stored, over a damaged copy")
      #expect(try await disk.get(key, in: Context()) == older)
      try File.write(bytes, to: folder.file(key))
      #expect("\(try await disk.delete(key).result)" == "deleted")
    }
  }

  // A30
  @Test("A stamped file copied to another key's place is corrupt there")
  func copied() async throws {
    _ = try await disk.put(Record([1], stamp: Stamp(time: 1, writer: 1)), at: key, in: Context())
    try await disk.put([1], at: .mutable("other"))
    try File.write(File.read(folder.file(key)), to: folder.file(.mutable("other")))
    #expect(try await failure { () throws(DriverError) in try await disk.get(.mutable("other")) }.code == .corrupt)
  }

  @Test("A symbolic link, a folder or a pipe in a file's place is refused by reads and writes, and left alone")
  func impostors() async throws {
    try await disk.put([1], at: key)
    let (file, secret) = (try folder.file(key), folder.path + "/secret")
    try File.write([42], to: secret)
    let makers: [(String) throws -> Void] = [
      { try File.link($0, to: secret) }, { try File.link($0, to: folder.path + "/nowhere") }, File.makeFolder,
      File.makePipe,
    ]
    for make in makers {
      try File.delete(file)
      try make(file)
      #expect(try await failure { () throws(DriverError) in try await disk.get(key) }.code == .corrupt)
      #expect(try await failure { () throws(DriverError) in try await disk.put([2], at: key) }.code == .corrupt)
      #expect(try await failure { () throws(DriverError) in try await disk.delete(key) }.code == .corrupt)
      #expect(try await disk.list(ListRequest(), in: Context()).entries.isEmpty)
      #expect(File.exists(file))
      #expect(try File.read(secret) == [42])
    }
  }

  @Test("A symbolic link in a folder's place leads nowhere")
  func linkedFolders() async throws {
    try await disk.put([1], at: key)
    for name in ["mutable", "tmp", "locks"] {
      let (path, elsewhere) = ("\(folder.store)/\(name)", "\(folder.path)/elsewhere-\(name)")
      try File.move(path, to: elsewhere)
      try File.link(path, to: elsewhere)
      let before = try File.names(elsewhere)
      let error = try await failure { () throws(DriverError) in try await disk.put([2], at: key) }
      #expect(error.code == .corrupt && error.effect == .unchanged, "\(error)")
      if name == "mutable" {
        #expect(try await failure { () throws(DriverError) in try await disk.get(key) }.code == .corrupt)
        #expect(
          try await failure { () throws(DriverError) in try await disk.list(ListRequest(), in: Context()) }.code
            == .corrupt)
      }
      #expect(try File.names(elsewhere) == before)
      try File.delete(path)
      try File.move(elsewhere, to: path)
    }
    #expect(try await disk.get(key) == Record([1]))
  }

  @Test("Foreign files are neither listed nor touched")
  func foreignFiles() async throws {
    try await disk.put([1], at: key)
    let stripe = try folder.file(key).split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    let foreign = [
      "\(folder.store)/notes.txt", "\(folder.store)/mutable/notes.txt", "\(stripe)/Notes.txt", "\(stripe)/.DS_Store",
      "\(stripe)/other", "\(folder.store)/tmp/notes.tmp", "\(folder.store)/tmp/1-1", "\(folder.store)/locks/notes",
    ]
    for path in foreign { try File.write([9], to: path) }
    try File.makeFolder("\(stripe)/some+")
    try File.makeFolder("\(folder.store)/mutable/zz")
    let disk = folder.disk()
    #expect(try await disk.list(ListRequest(), in: Context()).entries.map(\.key) == [key])
    _ = try await disk.delete(key)
    #expect(try await disk.list(ListRequest(), in: Context()).entries.isEmpty)
    for path in foreign { #expect(try File.read(path) == [9]) }
  }
}
