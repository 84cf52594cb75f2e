import MetaDriver
import MetaDriverDisk
import Testing

/// What replicate-folder refuses, and in which words.
@Suite struct ReplicateFolderLimitsTests {
  private let example = Example(name: "replicate-folder")
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.make([Array("file".utf8): [1, 2, 3]], below: "source")
  }

  private func run(_ line: String) async throws -> Example.Result {
    try await example.run(line.split(separator: " ").map(String.init), in: folder)
  }

  @Test(arguments: [
    ("", "which command?"),
    ("copy", "there is no command 'copy'"),
    ("put --to A", "put needs --from"),
    ("put --from source", "put needs --to"),
    ("put --from source --to A --colour red", "put has no option '--colour'"),
    ("put --from source --to A --write", "--write needs a value"),
    ("put --from source --to A --write many", "--write is a number from 1, not 'many'"),
    ("put --from source --from source --to A", "--from is given twice"),
    ("put --from source --to A --durability some", "--durability is full, ordered or none, not 'some'"),
    ("get --from A", "get needs --into"),
    ("delete --from A", "delete needs either --prefix or --all"),
  ])
  func `A mistake in the command line is named, and nothing is done`(_ line: String, _ message: String) async throws {
    let result = try await run(line)
    #expect(result.status == 64)
    #expect(result.errors.hasPrefix("replicate-folder: \(message)\n\nKeeps copies"))
    #expect(result.output == "")
    #expect(try folder.files(below: ".").count == 1)
  }

  @Test func `Help goes to standard output`() async throws {
    let help = try await run("put --help")
    #expect(help.status == 0)
    #expect(help.output.contains("permissions, times, owners, empty folders and symbolic links are not"))
    #expect(help.errors == "")
  }

  @Test(arguments: [
    (
      "put --from source --to A --to A",
      "A stands here twice, so it would be counted twice. Leave one of them out"
    ),
    ("put --from source --to A --to ./A", "A and ./A are the same store"),
    (
      "put --from source --to A --to B --to C --write 4",
      "write: 4 is no size for a quorum of 3 children. Ask for 1 to 3"
    ),
    (
      "get --from A --from B --from C --into out --read 4",
      "read: 4 is no size for a quorum of 3 children. Ask for 1 to 3"
    ),
  ])
  func `A tree that does not compose is refused with its mend`(_ line: String, _ message: String) async throws {
    let result = try await run(line)
    #expect(result.status == 64)
    #expect(result.errors.contains(message))
    #expect(try folder.files(below: ".").count == 1)
  }

  @Test(arguments: [
    ("put --from nowhere --to A", "cannot open the folder nowhere: No such file or directory"),
    ("put --from source/file --to A", "cannot open the folder source/file: Not a directory"),
    ("put --from source --to source/A", "source/A and source lie one inside the other"),
    ("get --from source --into source/out", "source and source/out lie one inside the other"),
    ("put --from source --to nowhere/A", "the folder nowhere/A is not there, nor the one above it"),
    ("get --from nowhere --into out", "0 of 1 folders could be listed, 1 needed"),
    ("get --from source --into out", "the folder /folder/source is not a store"),
  ])
  func `A folder that cannot be used is named`(_ line: String, _ message: String) async throws {
    let result = try await run(line)
    #expect(result.status == 1)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func `A path too long for an id is a problem of its own`() async throws {
    let long = (0..<6).map { _ in [UInt8](repeating: 0xff, count: 250) }.joined(separator: Array("/".utf8))
    try folder.make([Array(long): [1]], below: "source")
    let put = try await run("put --from source --to A --to B --to C")
    #expect(put.status == 1)
    #expect(put.output.contains("put 1 of 2 files"))
    #expect(put.output.contains("has 4505 bytes, the limit is 4096"))
  }

  @Test func `Nothing is written outside the target, whatever the stores hold`() async throws {
    let store = DiskDriver(at: "\(folder.path)/A", name: "A")
    let evil = [
      "../outside", "/outside", "a/../../outside", "%2E%2E/outside", "./x", "a//b", "a/", "%00", "%zz", "%4", "\n",
    ]
    for id in evil + ["good", "trap/outside"] {
      _ = try await Context().put(
        Record([7], stamp: Stamp(time: 1 << 16, writer: 1)), at: .mutable(DataID(id)), to: store)
    }
    try await Context().close(store)
    try folder.make([:], below: "target")
    try RawFile(Array("\(folder.path)/target/trap".utf8)).link(to: "..")
    let got = try await run("get --from A --into target --problems 100")
    #expect(got.status == 1)
    #expect(try folder.files(below: "target") == [Array("good".utf8): [7]])
    #expect(
      try folder.files(below: ".").keys.allSatisfy { !$0.ends(with: "outside".utf8) || $0.starts(with: "A/".utf8) })
    for id in evil {
      #expect(got.output.contains("\(id.debugDescription): it is not the id of a file below a folder: refused"))
    }
    #expect(got.output.contains("trap/outside: Not a directory"))
  }
}

extension Array where Element: Equatable {
  /// Whether the array ends so.
  func ends(with end: some BidirectionalCollection<Element>) -> Bool { reversed().starts(with: end.reversed()) }
}
