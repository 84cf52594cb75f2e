import Testing

@Suite struct StorageListsTests {
  private let example = Example(name: "storage-lists")
  private let lists = ["--drivers", "disk,eu,us", "--required", "disk,eu", "--local", "disk", "--root", "."]

  @Test func `The lists make a tree, which is printed with its warnings`() async throws {
    let shown = try await example.run(lists + ["show"], in: TemporaryFolder())
    #expect(shown.output == (try expected("storage-lists")))
    #expect(shown.status == 0)
  }

  // A1, A16
  @Test func `What is put is got byte for byte, also when an optional driver is down`() async throws {
    let folder = try TemporaryFolder()
    try folder.block("us")
    let put = try await example.run(lists + ["put", "a note"], input: "one\0two\n", in: folder)
    #expect(put.output.hasPrefix("stored\n├─ disk: stored\n├─ eu: stored\n└─ us: failed, unavailable: "))
    #expect(put.status == 0)
    let got = try await example.run(lists + ["get", "a note"], in: folder)
    #expect(got.bytes == Array("one\0two\n".utf8))
    #expect(got.status == 0)
  }

  // A16, A17, A20
  @Test func `A required driver that is down fails the write, and the error says what became of the others`()
    async throws
  {
    let folder = try TemporaryFolder()
    try folder.block("eu")
    let strict = try await example.run(lists + ["put", "x"], input: "x", in: folder)
    #expect(strict.status == 2)
    #expect(
      strict.errors.contains(
        "not acknowledged by eu, which is required; 2 of 3 acknowledged it\n  disk: stored\n  eu: failed, unavailable: "
      ))
    #expect(strict.errors.hasSuffix("\n  us: stored\n"))
    let parity = try await example.run(lists + ["--form", "parity", "put", "x"], input: "x", in: folder)
    #expect(parity.errors.hasSuffix("\n  us: skipped, eu failed first, and the write could no longer hold\n"))
  }

  // A34
  @Test func `A delete that misses a driver fails, and holds when it is repeated`() async throws {
    let folder = try TemporaryFolder()
    _ = try await example.run(lists + ["put", "x"], input: "x", in: folder)
    try folder.move("us", to: "away")
    try folder.block("us")
    let missed = try await example.run(lists + ["delete", "x"], in: folder)
    #expect(missed.status == 2)
    #expect(missed.errors.contains("delete of 'x' has 2 of 3 acknowledgements needed"))
    try folder.remove("us")
    try folder.move("away", to: "us")
    let repeated = try await example.run(lists + ["delete", "x"], in: folder)
    #expect(repeated.output == "deleted\n├─ disk: already absent\n├─ eu: already absent\n└─ us: deleted\n")
    let got = try await example.run(lists + ["get", "x"], in: folder)
    #expect(got.status == 1)
    #expect(got.errors == "storage-lists: nothing is stored as 'x'\n")
  }

  @Test(arguments: [
    (["--drivers", "disk,eu", "--local", "disk", "show"], "local-only drivers alone (disk) can satisfy a write"),
    (["--drivers", "disk", "--required", "eu", "show"], "requiredWrite names eu, which storageDrivers does not"),
    (["--drivers", "disk,eu", "--missing", "eu", "show"], "there is no driver called eu"),
    (["--drivers", "../x", "show"], "'../x' names no folder of its own below --root"),
    (["--drivers", "a", "--form", "loose", "show"], "--form is strict or parity, not 'loose'"),
    (["--colour", "red", "show"], "there is no option '--colour'"),
    (["get"], "say show, put ID, get ID or delete ID"),
  ])
  func `A mistake in the lists or the command line is named`(_ words: [String], _ message: String) async throws {
    let result = try await example.run(["--root", "."] + words, in: TemporaryFolder())
    #expect(result.status == 64)
    #expect(result.errors.contains(message))
    #expect(result.output == "")
  }

  @Test func `Help goes to standard output`() async throws {
    let help = try await example.run(["--help"], in: TemporaryFolder())
    #expect(help.output.contains("storage-lists [options] put ID < FILE"))
    #expect(help.status == 0)
  }
}
